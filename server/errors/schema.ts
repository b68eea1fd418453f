/** Errors in GraphQL: what went wrong in a range of time, class by class. */
import { resolveOffsetConnection } from '@pothos/plugin-relay'
import type { Context } from '../context.ts'
import { DeadLetterOutcomeRef, ReporterRef } from '../deliveries/schema.ts'
import { builder } from '../graphql/builder.ts'
import { idsOf, type MetricsOf } from '../metrics/metrics-of.ts'
import { orPast24Hours, TimeRangeInput } from '../metrics/range-input.ts'
import { rangeSchema } from '../metrics/range-schema.ts'
import { acceptedRange, type TimeRange } from '../metrics/ranges.ts'
import { TemplatePlaceRef } from '../templates/place-type.ts'
import { messageOf } from './messages.ts'
import { readErrors } from './read-errors.ts'
import { type ErrorClass, noErrors } from './rules.ts'

const ErrorClassRef = builder.objectRef<ErrorClass>('ErrorClass').implement({
  description: 'Records that were not delivered for the same reason, counted together.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Class of the fault, see docs/errors.md.' }),
    message: t.string({
      description: 'For people: what the code means.',
      resolve: (own, _args, { deps }) =>
        messageOf(own, deps.registry.connector(own.connectorType)?.definition.errorCatalogue),
    }),
    reporter: t.expose('reporter', { type: ReporterRef, description: 'Who found the fault.' }),
    outcome: t.expose('outcome', {
      type: DeadLetterOutcomeRef,
      description: 'What became of the records.',
    }),
    parameterPath: t.string({
      nullable: true,
      description: 'The parameter at fault, where there is one; `*` stands for any entry of a list.',
      resolve: ({ parameterPath }) => (parameterPath === '' ? null : parameterPath),
    }),
    templatePlace: t.field({
      type: TemplatePlaceRef,
      nullable: true,
      description: 'Where a template could not render them; null where none failed.',
      resolve: ({ template, templateColumn: column, templateLine: line }) =>
        template === '' ? null : { template, line, column },
    }),
    count: t.expose('count', { type: 'Count', description: 'Records, in the range.' }),
    firstSeenAt: t.expose('firstAt', {
      type: 'DateTime',
      description: 'When the first of them was given up, in the range.',
    }),
    lastSeenAt: t.expose('lastAt', {
      type: 'DateTime',
      description: 'When the last of them was given up, in the range.',
    }),
  }),
})

const ErrorClassesRef = builder.connectionObject(
  { type: ErrorClassRef, name: 'ErrorClassesConnection' },
  { name: 'ErrorClassesConnectionEdge' },
)

interface ErrorReport {
  readonly from: Date
  readonly to: Date
  readonly count: bigint
  readonly classCount: number
  readonly classes: typeof ErrorClassesRef.$inferType
}

const ErrorReportRef = builder.objectRef<ErrorReport>('ErrorReport').implement({
  description: 'What went wrong in a range of time.',
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime', description: 'From when on it was counted.' }),
    to: t.expose('to', { type: 'DateTime', description: 'The end of what was counted, exclusive.' }),
    count: t.expose('count', {
      type: 'Count',
      description: 'Records that became dead letters: as many as the metrics of the same range tell.',
    }),
    classCount: t.exposeInt('classCount', { description: 'How many classes there are.' }),
    classes: t.field({
      type: ErrorClassesRef,
      description: 'The classes, the most frequent first, as far as they were asked for.',
      resolve: ({ classes }) => classes,
    }),
  }),
})

interface ErrorArgs {
  readonly range: TimeRange
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

/** In the order of the ids. */
async function readReports(
  { db, deps }: Context,
  of: MetricsOf,
  { range, ...args }: ErrorArgs,
): Promise<readonly ErrorReport[]> {
  const counted = acceptedRange(range, deps.clock())
  let reading: ReturnType<typeof readErrors> | undefined
  return Promise.all(
    idsOf(of).map(async (id) => {
      let own = noErrors
      const classes = await resolveOffsetConnection({ args }, async (window) => {
        // The same for all of them: one statement for a whole list.
        reading ??= readErrors(db, of, counted, window)
        own = (await reading).get(id) ?? noErrors
        return own.classes
      })
      return { ...counted, ...own, classes }
    }),
  )
}

const description =
  'What went wrong with its records in a range of time. Dead letters stay counted when they are forgotten; what was delivered by a retry is no error.'

const errorArgs = builder.args((t) => ({
  range: t
    .field({
      type: TimeRangeInput,
      ...orPast24Hours,
      description: 'Of when.',
    })
    .validate(rangeSchema),
  first: t.int({
    description: 'How many classes to give, from the most frequent or after `after`; at most 100.',
  }),
  after: t.string({ description: 'The cursor of the class to begin after.' }),
}))

builder.prismaObjectField('Action', 'errors', (t) =>
  t.loadable({
    type: ErrorReportRef,
    description,
    args: errorArgs,
    byPath: true,
    load: (actionIds: string[], context: Context, args) => readReports(context, { actionIds }, args),
    resolve: ({ id }) => id,
  }),
)

builder.prismaObjectField('Connector', 'errors', (t) =>
  t.loadable({
    type: ErrorReportRef,
    description: `${description} Of all its actions together.`,
    args: errorArgs,
    byPath: true,
    load: (connectorIds: string[], context: Context, args) => readReports(context, { connectorIds }, args),
    resolve: ({ id }) => id,
  }),
)
