/** Settings as their own examples have them, for what a definition makes of settings. */
import { type Connector, type PublicSettings, secretNames } from '@sluice/connector-sdk'

/** The first example of every setting that has one; no secrets, as plugin code sees them. */
export function exampleSettings(settings: Connector['settings']): PublicSettings {
  return Object.fromEntries(examplesOf(settings).map(([name, [first]]) => [name, first]))
}

/** The same, and with each other example of one setting at a time. */
export function exampleVariants(settings: Connector['settings']): readonly PublicSettings[] {
  const first = exampleSettings(settings)
  const others = examplesOf(settings).flatMap(([name, [, ...more]]) =>
    more.map((example) => ({ ...first, [name]: example })),
  )
  return [first, ...others]
}

function examplesOf(settings: Connector['settings']): readonly (readonly [string, readonly unknown[]])[] {
  const secrets = new Set(secretNames(settings))
  return Object.entries(settings.shape).flatMap(([name, field]) => {
    const examples = (field as { meta?(): { readonly examples?: unknown } | undefined }).meta?.()?.examples
    return Array.isArray(examples) && examples.length > 0 && !secrets.has(name)
      ? [[name, examples as readonly unknown[]] as const]
      : []
  })
}
