/** A text that an entry cannot do without. */
import { type FieldMeta, z } from '@sluice/connector-sdk'
import { issue } from '../fields.ts'

const maxLength = 255

/** `missing` is the code when there is none or a blank one, `tooLong` when it passes Braze's 255 characters. */
export function requiredText(meta: FieldMeta, missing: string, tooLong?: string) {
  return z
    .string({ error: missing })
    .check(({ value, issues }) => {
      if (value.trim() === '') issues.push(issue(missing, []))
      else if (tooLong !== undefined && value.length > maxLength) issues.push(issue(tooLong, []))
    })
    .meta({ ...meta })
}
