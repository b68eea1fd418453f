/** What a data source is doing, in GraphQL: its status, its runs, and what is wrong with its rows. */
import { scheduleSchema } from '../../engine/reading/schedule.ts'
import type { Prisma } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'
import { builder } from '../graphql/builder.ts'
import { type RowErrorClass, rowErrorsOf } from './row-errors.ts'
import { DataSourceRef } from './schema.ts'
import { type SourceStatus, statusOf } from './status.ts'

const SourceStatusRef = builder.enumType('DataSourceStatus', {
  description: 'What a data source is doing.',
  values: {
    INACTIVE: { description: 'No version that was published has read it.' },
    STOPPED: {
      description: 'It was read, and the version that runs does not: it, or all its actions, are off.',
    },
    UNASSIGNED: { description: 'It is to be read, and there is no worker to do it.' },
    FAILED: {
      description:
        'The last look failed, `errorCode` says why. It is tried again; wrong rows do not make it fail.',
    },
    INITIALIZING: { description: 'It is about to be looked at for the first time.' },
    SCHEDULED: { description: 'It waits for the next time of its schedule.' },
    RUNNING: { description: 'It is being read, or is asked for new rows all the time.' },
  } satisfies Record<SourceStatus, { readonly description: string }>,
})

const RowErrorClassRef = builder.objectRef<RowErrorClass>('RowErrorClass').implement({
  description: 'Rows of a data source with the same fault.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'The class of the fault, see docs/errors.md.' }),
    count: t.field({ type: 'Count', description: 'How many rows.', resolve: ({ count }) => count }),
    firstSeenAt: t.field({
      type: 'DateTime',
      description: 'When the first was seen.',
      resolve: ({ firstSeenAt }) => firstSeenAt,
    }),
    lastSeenAt: t.field({
      type: 'DateTime',
      description: 'When the last was seen.',
      resolve: ({ lastSeenAt }) => lastSeenAt,
    }),
  }),
})

const isUnderWay: Prisma.DeliveryWhereInput = {
  isFirstPassDone: false,
  state: { notIn: ['COMPLETED', 'CANCELLED'] },
}

builder.prismaObjectFields(DataSourceRef, (t) => ({
  status: t.field({
    type: SourceStatusRef,
    description: 'What it is doing.',
    select: {
      isRead: true,
      schedule: true,
      progress: true,
      lanes: { select: { deliveries: { where: isUnderWay, select: { id: true }, take: 1 } } },
    },
    resolve: async ({ isRead, lanes, progress, schedule }, _args, { deps }) =>
      statusOf(
        {
          isRead,
          wasOn: progress !== null,
          hasWorker: !isRead || (await hasWorker(deps)),
          errorCode: progress?.errorCode ?? null,
          polledAt: progress?.polledAt ?? null,
          nextRunAt: isContinuous(schedule) ? null : (progress?.nextRunAt ?? null),
          runStartedAt: progress?.runStartedAt ?? null,
          isDelivering: lanes.some(({ deliveries }) => deliveries.length > 0),
        },
        deps.clock(),
      ),
  }),
  nextRunAt: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'When its schedule is due next; null where it is read all the time, or not at all.',
    select: { isRead: true, schedule: true, progress: { select: { nextRunAt: true } } },
    resolve: ({ isRead, progress, schedule }) =>
      isRead && !isContinuous(schedule) ? (progress?.nextRunAt ?? null) : null,
  }),
  generation: t.int({
    description: 'How many full resyncs have begun, of a source that is read whole each time.',
    select: { progress: { select: { generation: true } } },
    resolve: ({ progress }) => progress?.generation ?? 0,
  }),
  generationStartedAt: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'When the last full resync began.',
    select: { progress: { select: { generationStartedAt: true } } },
    resolve: ({ progress }) => progress?.generationStartedAt ?? null,
  }),
  generationRows: t.int({
    nullable: true,
    description: 'How many rows the source had then.',
    select: { progress: { select: { generationRows: true } } },
    resolve: ({ progress }) => progress?.generationRows ?? null,
  }),
  skippedRuns: t.int({
    description: 'How many full resyncs were due while the one before was still read, and were not started.',
    select: { progress: { select: { skippedRuns: true } } },
    resolve: ({ progress }) => progress?.skippedRuns ?? 0,
  }),
  lastSkippedAt: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'When that happened last.',
    select: { progress: { select: { lastSkippedAt: true } } },
    resolve: ({ progress }) => progress?.lastSkippedAt ?? null,
  }),
  processed: t.field({
    type: 'Count',
    description: 'Rows that its actions have taken, all together: each counts once for each action.',
    select: { lanes: { select: { matched: true } } },
    resolve: ({ lanes }) => lanes.reduce((sum, { matched }) => sum + matched, 0n),
  }),
  rowErrors: t.loadableList({
    type: RowErrorClassRef,
    description:
      'What is wrong with its rows, by class: those that have no place in the order of change, as they were last counted, and those that its actions could not make a request of. None of them makes the source fail.',
    load: (ids: string[], { db }) => rowErrorsOf(db, ids),
    resolve: ({ id }) => id,
  }),
}))

/** Where Temporal does not answer, no worker gets anything to do either. */
async function hasWorker({ log, workflows }: Pick<Context['deps'], 'log' | 'workflows'>): Promise<boolean> {
  try {
    return await workflows.hasWorker()
  } catch (error) {
    log.warn({ err: error }, 'Temporal did not tell whether there is a worker')
    return false
  }
}

function isContinuous(schedule: unknown): boolean {
  return scheduleSchema.parse(schedule).kind === 'CONTINUOUS'
}
