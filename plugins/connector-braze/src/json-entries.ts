/** Open groups of values by name that are JSON once parsed. */
import { type FieldMeta, z } from '@sluice/connector-sdk'
import { issue } from './fields.ts'
import { toJsonValue } from './json-values.ts'

export interface JsonEntryRules {
  /** The code of a value that is no JSON, or of a name that will not do. */
  readonly invalid: string
  /** Any that is not blank will do if it is left out. */
  isName?(name: string): boolean
  /** The most bytes that all entries take together, and the code of more. */
  readonly size?: { readonly maxBytes: number; readonly tooLarge: string }
}

/** A null says nothing and is left out: among Braze's types there is none. */
export function jsonRecord({ invalid, isName = isNotBlank, size }: JsonEntryRules) {
  return z.record(z.string(), z.unknown()).check(({ value: entries, issues }) => {
    for (const name in entries) {
      const value = entries[name]
      const json = value === undefined ? null : toJsonValue(value)
      if (json === undefined || !isName(name)) issues.push(issue(invalid, [name]))
      else if (json === null) delete entries[name]
      else entries[name] = json
    }
    if (issues.length > 0 || size === undefined) return
    if (bytesOf(entries) > size.maxBytes) issues.push(issue(size.tooLarge, []))
  })
}

/** The same as a parameter of its own. */
export function jsonEntries(meta: Omit<FieldMeta, 'open'>, rules: JsonEntryRules) {
  return jsonRecord(rules)
    .optional()
    .meta({ ...meta, open: true })
}

function isNotBlank(name: string): boolean {
  return name.trim() !== ''
}

function bytesOf(entries: Readonly<Record<string, unknown>>): number {
  return new TextEncoder().encode(JSON.stringify(entries)).length
}
