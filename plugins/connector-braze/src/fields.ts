/** Builders of parameter fields: a blank text is as good as null, and a wrong format is an issue with a code. */
import { type FieldMeta, z } from '@sluice/connector-sdk'

const maxLength = 255

/** A text that goes to Braze as it is. */
export function text(meta: FieldMeta) {
  return z
    .string()
    .nullish()
    .meta({ ...meta })
}

/**
 * A text that is trimmed and brought into one form. `format` answers undefined for what it cannot read; the
 * issue then carries the code and never the value.
 */
export function formatted(meta: FieldMeta, code: string, format: (text: string) => string | undefined) {
  return z
    .string()
    .check((payload) => {
      const trimmed = payload.value.trim()
      const formed = trimmed === '' ? '' : format(trimmed)
      if (formed === undefined) payload.issues.push(issue(code, []))
      else payload.value = formed
    })
    .nullish()
    .meta({ ...meta })
}

/** A text that is trimmed, and else goes to Braze as it is. */
export function trimmed(meta: FieldMeta) {
  return z
    .string()
    .trim()
    .nullish()
    .meta({ ...meta })
}

/** A text that must be there, trimmed; the code says that it is not. */
export function required(meta: FieldMeta, missing: string) {
  return z
    .string({ error: missing })
    .trim()
    .check(({ value, issues }) => {
      if (value === '') issues.push(issue(missing, []))
    })
    .meta({ ...meta })
}

/**
 * A text that must be there and goes to Braze as it is. `missing` is the code when there is none or a blank one,
 * `tooLong` when it passes Braze's 255 characters.
 */
export function requiredText(meta: FieldMeta, missing: string, tooLong?: string) {
  return z
    .string({ error: missing })
    .check(({ value, issues }) => {
      if (value.trim() === '') issues.push(issue(missing, []))
      else if (tooLong !== undefined && value.length > maxLength) issues.push(issue(tooLong, []))
    })
    .meta({ ...meta })
}

/** A text that must be there and stands in a path, so that only letters, digits, dashes and underscores may be in it. */
export function requiredName(meta: FieldMeta, codes: { readonly missing: string; readonly invalid: string }) {
  return z
    .string({ error: codes.missing })
    .trim()
    .check(({ value, issues }) => {
      if (value === '') issues.push(issue(codes.missing, []))
      else if (!/^[A-Za-z0-9_-]{1,250}$/.test(value)) issues.push(issue(codes.invalid, []))
    })
    .meta({ ...meta })
}

/** An issue that lets the remaining checks run, so that a record's problems are found all at once. */
export function issue(code: string, path: PropertyKey[]): z.core.$ZodRawIssue {
  return { code: 'custom', message: code, input: undefined, path, continue: true }
}
