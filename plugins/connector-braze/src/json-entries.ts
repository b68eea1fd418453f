/** An open group of values by name that are JSON once parsed. */
import { type FieldMeta, z } from '@sluice/connector-sdk'
import { issue } from './fields.ts'
import { toJsonValue } from './json-values.ts'

export interface JsonEntryRules {
  /** The code of a value that is no JSON, or of a name that is blank. */
  readonly invalid: string
  /** The most bytes that all entries take together, and the code of more. */
  readonly size?: { readonly maxBytes: number; readonly tooLarge: string }
}

/** A null says nothing and is left out: among Braze's types there is none. */
export function jsonEntries(meta: Omit<FieldMeta, 'open'>, { invalid, size }: JsonEntryRules) {
  return z
    .record(z.string(), z.unknown())
    .check(({ value: entries, issues }) => {
      for (const [name, value] of Object.entries(entries)) {
        const json = value === undefined ? null : toJsonValue(value)
        if (json === undefined || name.trim() === '') issues.push(issue(invalid, [name]))
        else if (json === null) delete entries[name]
        else entries[name] = json
      }
      if (issues.length > 0 || size === undefined) return
      if (bytesOf(entries) > size.maxBytes) issues.push(issue(size.tooLarge, []))
    })
    .optional()
    .meta({ ...meta, open: true })
}

function bytesOf(entries: Readonly<Record<string, unknown>>): number {
  return new TextEncoder().encode(JSON.stringify(entries)).length
}
