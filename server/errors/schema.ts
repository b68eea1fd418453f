/** Errors in GraphQL: what went wrong in a range of time, class by class. */
import { resolveOffsetConnection } from '@pothos/plugin-relay'
import { ActionRef } from '../actions/schema.ts'
import { ConnectorRef } from '../connectors/schema.ts'
import type { Context } from '../context.ts'
import { DeadLetterOutcomeRef, ReporterRef } from '../deliveries/schema.ts'
import { builder } from '../graphql/builder.ts'
import { TimeRangeInput } from '../metrics/range-input.ts'
import { rangeSchema } from '../metrics/range-schema.ts'
import { countedRange, rangeIssues, type TimeRange } from '../metrics/ranges.ts'
import type { MetricsOf } from '../metrics/totals.ts'
import { rejectIssues } from '../problems/rules.ts'
import { TemplatePlaceRef } from '../templates/place-type.ts'
import { messageOf } from './messages.ts'
import { readErrors } from './read-errors.ts'
import { type ErrorClass, noErrors } from './rules.ts'

/** Whose errors are asked for, and the connector type whose codes they have. */
interface Owner {
  readonly id: string
  readonly type: string
}

const ErrorClassRef = builder
  .objectRef<ErrorClass & { readonly message: string }>('ErrorClass')
  .implement({
    description: 'Records that were not delivered for the same reason, counted together.',
    fields: (t) => ({
      code: t.exposeString('code', { description: 'Class of the fault, see docs/errors.md.' }),
      message: t.exposeString('message', { description: 'For people: what the code means.' }),
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

async function readReports(
  { db, deps }: Context,
  owners: readonly Owner[],
  of: MetricsOf,
  { range, ...args }: ErrorArgs,
): Promise<readonly ErrorReport[]> {
  const now = deps.clock()
  rejectIssues(rangeIssues(range, now))
  const counted = countedRange(range, now)
  let reading: ReturnType<typeof readErrors> | undefined
  return Promise.all(
    owners.map(async ({ id, type }) => {
      const catalogue = deps.registry.connector(type)?.definition.errorCatalogue
      let own = noErrors
      const classes = await resolveOffsetConnection({ args }, async (window) => {
        // The same for all of them.
        reading ??= readErrors(db, of, counted, window)
        own = (await reading).get(id) ?? noErrors
        return own.classes.map((each) => ({ ...each, message: messageOf(each, catalogue) }))
      })
      return { ...counted, count: own.count, classCount: own.classCount, classes }
    }),
  )
}

const description =
  'What went wrong with its records in a range of time. Dead letters stay counted when they are forgotten; what was delivered by a retry is no error.'
const byId = { cacheKeyFn: ({ id }: Owner) => id }
const rangeArg = { type: TimeRangeInput, description: 'Default: the past 24 hours.' }
const firstArg = { description: 'How many classes to give, from the most frequent or after `after`; at most 100.' }
const afterArg = { description: 'The cursor of the class to begin after.' }

builder.prismaObjectField(ActionRef, 'errors', (t) =>
  t.loadable({
    type: ErrorReportRef,
    description,
    byPath: true,
    loaderOptions: byId,
    select: { id: true, connector: { select: { type: true } } },
    args: {
      range: t.arg(rangeArg).validate(rangeSchema),
      first: t.arg.int(firstArg),
      after: t.arg.string(afterArg),
    },
    resolve: ({ id, connector: { type } }) => ({ id, type }),
    load: (owners: Owner[], context, args) =>
      readReports(context, owners, { actionIds: owners.map(({ id }) => id) }, args),
  }),
)

builder.prismaObjectField(ConnectorRef, 'errors', (t) =>
  t.loadable({
    type: ErrorReportRef,
    description: `${description} Of all its actions together.`,
    byPath: true,
    loaderOptions: byId,
    select: { id: true, type: true },
    args: {
      range: t.arg(rangeArg).validate(rangeSchema),
      first: t.arg.int(firstArg),
      after: t.arg.string(afterArg),
    },
    resolve: ({ id, type }) => ({ id, type }),
    load: (owners: Owner[], context, args) =>
      readReports(context, owners, { connectorIds: owners.map(({ id }) => id) }, args),
  }),
)
