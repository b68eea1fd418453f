/** What callers give as a range of time, read. */
import { z } from 'zod'
import { namedRanges, type TimeRange } from './ranges.ts'

/** The past 24 hours where nothing is given. */
export const rangeSchema = z
  .object({
    name: z.enum([...namedRanges, 'CUSTOM']).nullish(),
    from: z.date().nullish(),
    to: z.date().nullish(),
  })
  .nullish()
  .transform((range, context): TimeRange => {
    const { name, from, to } = range ?? {}
    const isCustom = name === 'CUSTOM' || (name == null && from != null)
    if (!isCustom && from == null && to == null) return { name: name ?? 'PAST_24_HOURS' }
    if (isCustom && from != null) return { name: 'CUSTOM', from, to: to ?? undefined }
    const message = isCustom
      ? 'A custom range needs a beginning. Give `from`.'
      : 'Only a custom range has a beginning and an end of its own. Give `from` without a name.'
    context.addIssue({ code: 'custom', params: { code: 'range_unclear' }, path: ['from'], message })
    return z.NEVER
  })
