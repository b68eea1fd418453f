/** A range of time as an argument in GraphQL. */
import { builder } from '../graphql/builder.ts'
import type { Grain, TimeRange } from './ranges.ts'

const TimeRangeName = builder.enumType('TimeRangeName', {
  description: 'A range of time.',
  values: {
    PAST_24_HOURS: { description: 'From the beginning of the hour that was 24 hours ago, to now.' },
    PAST_7_DAYS: { description: 'From the beginning of the hour that was 7 days ago, to now.' },
    PAST_30_DAYS: { description: 'From the beginning of the day (UTC) that was 30 days ago, to now.' },
    CUSTOM: {
      description:
        'From one moment to another. Up to 48 hours are counted by the minute, where minutes are kept: for 30 days. Longer ranges are widened to whole hours. Hours and days are kept for 13 months: what is older is left out.',
    },
  } as const satisfies Record<TimeRange['name'], { readonly description: string }>,
})

/** `rangeSchema` reads it. */
export const TimeRangeInput = builder.inputType('TimeRangeInput', {
  description: 'A range of time. What is counted says from when to when it really was.',
  fields: (t) => ({
    name: t.field({
      type: TimeRangeName,
      description: 'Default: CUSTOM where `from` is given, else PAST_24_HOURS.',
    }),
    from: t.field({ type: 'DateTime', description: 'Of a custom range: the beginning.' }),
    to: t.field({ type: 'DateTime', description: 'Of a custom range: the end, exclusive. Default: now.' }),
  }),
})

/** Of an argument that is a range: what is left out is not read, so that the default has to be a value. */
export const orPast24Hours = { required: true, defaultValue: { name: 'PAST_24_HOURS' } } as const

export const GrainRef = builder.enumType('Grain', {
  description: 'How long the time is that is counted together.',
  values: {
    MINUTE: { description: 'A minute. Kept for 30 days.' },
    HOUR: { description: 'An hour of UTC. Kept for 13 months.' },
    DAY: { description: 'A day of UTC. Kept for 13 months.' },
  } as const satisfies Record<Grain, { readonly description: string }>,
})
