/** Settings and parameters as forms: labels, groups and secrecy live in zod's metadata and reach JSON Schema. */
import { z } from 'zod'

/**
 * What a field of a form may carry beside its type. Every field has a title and a description.
 *
 * @example
 * ```ts
 * z.string().meta({
 *   title: 'Plan',
 *   description: 'What the user pays for.',
 *   group: 'Profile',
 *   examples: ['gold'],
 * } satisfies FieldMeta)
 * ```
 */
export interface FieldMeta {
  readonly title: string
  readonly description: string
  /** Fields of one group are shown together. */
  readonly group?: string
  /** An open group takes entries of any name: a mapping names the entry with `key`. */
  readonly open?: boolean
  /** A repeated group takes arrays: several mapped arrays are zipped into one list of entries. */
  readonly repeated?: boolean
  /**
   * Shown only where other fields of the form have one of these values: `{ way: ['user'] }`. What is needed then is for
   * a check of the whole form to say.
   */
  readonly when?: Readonly<Record<string, readonly (string | number | boolean)[]>>
  /** A secret goes in and never comes out. */
  readonly secret?: boolean
  readonly examples?: readonly unknown[]
}

/**
 * Settings as plugin code sees them: without the secrets.
 *
 * @example
 * ```ts
 * baseUrl: (settings) => String(settings['endpoint'])
 * ```
 */
export type PublicSettings = Readonly<Record<string, unknown>>

/**
 * A setting that is stored encrypted, never returned by the API and never seen by plugin code.
 *
 * @example
 * ```ts
 * settings: z.object({ apiKey: secret({ title: 'API key', description: 'A REST API key.' }) })
 * ```
 */
export function secret(meta: Omit<FieldMeta, 'secret'>): z.ZodString {
  return z
    .string()
    .min(1)
    .max(8192)
    .meta({ ...meta, secret: true })
}

/**
 * The names of a form's secret settings.
 *
 * @example
 * ```ts
 * const settings = z.object({ apiKey: secret({ title: 'Key', description: 'Its key.' }), region: z.string() })
 * secretNames(settings) // ['apiKey']
 * ```
 */
export function secretNames(settings: z.ZodObject): string[] {
  return Object.entries(settings.shape)
    .filter(([, field]) => (field as z.ZodType).meta()?.['secret'] === true)
    .map(([name]) => name)
}
