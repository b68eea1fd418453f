/** The environment variables that stand for secrets in a document: proposed names, and those that may be asked for. */
import { createHash } from 'node:crypto'
import { isRecord } from '../workspaces/json.ts'

/** A secret as a document has it. */
export interface SecretReference {
  readonly env: string
}

/** Whose secret it is. */
export interface SecretSetting {
  readonly kind: 'connection' | 'connector'
  /** Its name. */
  readonly owner: string
  readonly setting: string
}

/**
 * No other variable is ever asked for: who applies a document that somebody else wrote gives away nothing but what was
 * put there for it.
 */
export const secretVariablePrefix = 'SLUICE_SETTING_'
/** The one that the command `sluice` has its token from. */
export const tokenVariable = 'SLUICE_TOKEN'

const form = /^SLUICE_SETTING_[A-Z0-9_]{1,200}$/
const longestName = 200

export function isSecretVariable(name: string): boolean {
  return form.test(name)
}

/** Undefined where a setting is anything else. */
export function secretReference(value: unknown): SecretReference | undefined {
  if (!isRecord(value)) return undefined
  const { env, ...rest } = value
  return typeof env === 'string' && Object.keys(rest).length === 0 ? { env } : undefined
}

/** In the order of the settings; where two would be called the same, each has something of its own at the end. */
export function proposedVariables(settings: readonly SecretSetting[]): readonly string[] {
  const plain = settings.map(plainName)
  const taken = new Set(plain.filter((name, index) => plain.indexOf(name) !== index))
  return settings.map((setting, index) => {
    const name = plain[index] ?? ''
    // A name without a letter of the alphabet leaves nothing of its own.
    const isGood = isSecretVariable(name) && !taken.has(name)
    return isGood ? name : `${name.slice(0, longestName - 10)}_${mark(setting)}`
  })
}

function plainName({ owner, setting }: SecretSetting): string {
  return `${secretVariablePrefix}${[owner, setting]
    .map(upperCase)
    .filter((part) => part !== '')
    .join('_')}`
}

/** `apiKey` and `API key` are `API_KEY`. */
function upperCase(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
}

function mark({ kind, owner, setting }: SecretSetting): string {
  return createHash('sha256').update(`${kind}\n${owner}\n${setting}`).digest('hex').slice(0, 8).toUpperCase()
}
