/** An action's parameters without those that no mapping fills: a record is asked for dozens that it cannot have. */
import { z } from '@sluice/connector-sdk'

/**
 * A schema that answers every payload of the filled parameters as the whole one does, in less time. Of the others only
 * those stay that say something when they are absent: a default, or a demand.
 */
export function narrowParameters(parameters: z.ZodObject, filled: ReadonlySet<string>): z.ZodObject {
  const { def } = parameters._zod
  const kept = Object.entries(def.shape).filter(([name, schema]) => filled.has(name) || !isSilent(schema))
  // What zod can't compile it gives back as it is. A payload that is refused is asked again without shortcuts.
  return z.compile(z.clone(parameters, { ...def, shape: Object.fromEntries(kept) }))
}

/** Whether an absent parameter adds nothing to a payload, as zod itself marks it. */
function isSilent({ _zod: { optin, optout } }: z.core.$ZodType): boolean {
  return optin === 'optional' && optout === 'optional'
}
