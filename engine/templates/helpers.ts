/** All helpers by name, and what an editor shows of them. */
import { flowHelpers } from './flow-helpers.ts'
import type { BlockHelper, InlineHelper } from './helper.ts'
import type { HelperFact, OptionFact, ParameterFact } from './helper-fact.ts'
import { inlineHelpers } from './inline-helpers.ts'
import { postfixes } from './postfix.ts'
import { textHelpers } from './text-helpers.ts'

export const helpers: ReadonlyMap<string, InlineHelper | BlockHelper> = new Map(
  [...inlineHelpers, ...flowHelpers, ...textHelpers].map((helper) => [helper.name, helper]),
)

export const inlineNames: readonly string[] = inlineHelpers.map(({ name }) => name)
export const blockNames: readonly string[] = [...flowHelpers, ...textHelpers].map(({ name }) => name)

/** In the order of their names. */
export const helperFacts: readonly HelperFact[] = [...helpers.values(), ...postfixes.values()].toSorted(
  (left, right) => (left.name < right.name ? -1 : 1),
)

/** How a helper is written, for example `join list… [on=","]`. */
export function signatureOf(fact: HelperFact): string {
  if (fact.usage === 'postfix') return `value.${fact.name}`
  return [fact.name, ...fact.parameters.map(parameterText), ...fact.options.map(optionText)].join(' ')
}

function parameterText({ name, isRequired, isRepeated }: ParameterFact): string {
  const text = isRepeated === true ? `${name}…` : name
  return isRequired ? text : `[${text}]`
}

function optionText({ name, isRequired, values, default: usual }: OptionFact): string {
  const text = `${name}=${values === undefined ? `"${usual ?? '…'}"` : values.map((value) => `"${value}"`).join('|')}`
  return isRequired === true ? text : `[${text}]`
}
