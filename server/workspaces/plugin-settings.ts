/** Settings of a plugin as people send them: checked by the plugin's form, secrets split off. */
import { secretNames, type z } from '@sluice/connector-sdk'
import { suggestion } from '../../engine/rules/nearest-name.ts'
import { issuesOf } from '../problems/issues.ts'
import type { Issue } from '../problems/rules.ts'
import { asJsonObject, isRecord, isStorableJson, type JsonObject } from './json.ts'
import type { Secrets } from './secrets.ts'

export type SettingsResult =
  | { readonly ok: true; readonly settings: JsonObject; readonly secrets: Secrets }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** A secret that is not given keeps its value; null takes it away. All issues lie below `settings`. */
export function readSettings(form: z.ZodObject, given: unknown, kept: Secrets): SettingsResult {
  if (!isRecord(given)) {
    return refuse([
      {
        path: ['settings'],
        code: 'invalid_type',
        message: 'Settings are one JSON object: { name: value, … }.',
      },
    ])
  }
  const secretFields = secretNames(form)
  const present = Object.entries(given).filter(
    ([name, value]) => !(secretFields.includes(name) && value === null),
  )
  const stillKept = Object.entries(kept).filter(([name]) => secretFields.includes(name) && !(name in given))
  const parsed = form.safeParse(Object.fromEntries([...stillKept, ...present]))
  const issues = [
    ...unknownNames(form, given),
    ...(isStorableJson(given) ? [] : [unstorable]),
    ...(parsed.success ? [] : issuesOf(parsed.error.issues, ['settings'])),
  ]
  if (!parsed.success || issues.length > 0) return refuse(issues)
  const values = Object.entries(parsed.data).filter(([, value]) => value !== undefined)
  const isSecret = ([name]: readonly [string, unknown]) => secretFields.includes(name)
  return {
    ok: true,
    settings: asJsonObject(Object.fromEntries(values.filter((entry) => !isSecret(entry)))),
    secrets: Object.fromEntries(values.filter(isSecret).map(([name, value]) => [name, String(value)])),
  }
}

/** A secret goes only where it was meant to go: else whoever may edit could have it sent to an address of their own. */
export function secretsGivenAgain(
  secrets: Secrets,
  given: unknown,
  owner: 'source' | 'vendor',
): readonly Issue[] {
  return Object.keys(secrets)
    .filter((name) => !(isRecord(given) && name in given))
    .map((name) => ({
      path: ['settings', name],
      code: 'secret_required',
      message: `The address of the ${owner} changes. Give "${name}" again, so that it is not sent where it was not meant to go.`,
    }))
}

const unstorable: Issue = {
  path: ['settings'],
  code: 'invalid_text',
  message: 'Remove the NUL characters and broken surrogate pairs from the settings.',
}

/** A form drops what it does not know, so that a mistyped name would be lost without a word. */
function unknownNames(form: z.ZodObject, given: Readonly<Record<string, unknown>>): readonly Issue[] {
  const known = Object.keys(form.shape)
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: ['settings', name],
      code: 'unknown_setting',
      message: `There is no setting "${name}". ${suggestion(name, known)}`,
    }))
}

function refuse(issues: readonly Issue[]): SettingsResult {
  return { ok: false, issues }
}
