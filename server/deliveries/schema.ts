/** Deliveries and dead letters in GraphQL: what happened, and to how many records; no key, no value. */
import { within } from '../access/rules.ts'
import { builder } from '../graphql/builder.ts'
import { TemplatePlaceRef } from '../templates/place-type.ts'
import { storedPlace } from '../templates/rules.ts'
import { countDescriptions, type EquationCounts, outcomes, waitingOf } from './rules.ts'

export const DeliveryStateRef = builder.enumType('DeliveryState', {
  description: 'What a delivery is doing.',
  values: {
    PENDING: { description: 'Planned, not started.' },
    RUNNING: { description: 'A pass is sending.' },
    WAITING: { description: 'Waiting for a due time.' },
    PAUSED: {
      description:
        'Its action is paused, its workspace halted, or it cannot run with what is installed: `errorCode` says which.',
    },
    COMPLETED: { description: 'Every record has its outcome.' },
    CANCELLED: { description: 'Ended by command.' },
  } as const,
})

export const DeadLetterOutcomeRef = builder.enumType('DeadLetterOutcome', {
  description: 'Why a dead letter is one.',
  values: {
    REJECTED: { description: 'Refused by Sluice before sending.' },
    REFUSED: { description: 'Refused by the vendor for good.' },
    EXHAUSTED: { description: 'Retries ran out.' },
    UNKNOWN: { description: 'May or may not have been applied; not repeated because that could do harm.' },
  } as const,
})

export const ReporterRef = builder.enumType('Reporter', {
  description: 'Who found the fault.',
  values: {
    SLUICE: { description: 'Sluice, before sending.' },
    VENDOR: { description: 'The vendor.' },
  } as const,
})

export const CountsRef = builder
  .interfaceRef<EquationCounts & { readonly retries: bigint }>('Counts')
  .implement({
    description: `Where records ended up: matched = ${outcomes.join(' + ')} + waiting.`,
    fields: (t) => ({
      matched: t.expose('matched', { type: 'Count', description: countDescriptions.matched }),
      ...Object.fromEntries(
        outcomes.map((name) => [
          name,
          t.expose(name, { type: 'Count', description: countDescriptions[name] }),
        ]),
      ),
      retries: t.expose('retries', { type: 'Count', description: 'Attempts after the first, in records.' }),
    }),
  })

export const DeadLetterRef = builder.prismaNode('DeliveryException', {
  name: 'DeadLetter',
  description:
    'A record that was not delivered and will not be tried again, or several in a row with the same fault.',
  id: { field: 'id', description: 'Its id.' },
  findUnique: (id, { access }) => ({ id, state: 'DEAD', ...within(access) }),
  nullable: true,
  fields: (t) => ({
    outcome: t.expose('outcome', {
      type: DeadLetterOutcomeRef,
      nullable: true,
      description: 'Why it is a dead letter.',
    }),
    reporter: t.expose('reporter', { type: ReporterRef, description: 'Who found the fault.' }),
    code: t.exposeString('code', { description: 'Class of the fault, see docs/errors.md.' }),
    parameterPath: t.exposeString('parameterPath', {
      nullable: true,
      description: 'The parameter at fault, where there is one.',
    }),
    templatePlace: t.field({
      type: TemplatePlaceRef,
      nullable: true,
      description: 'Where a template could not render it; null where none failed.',
      select: { templatePlace: true },
      resolve: ({ templatePlace }) => storedPlace(templatePlace),
    }),
    count: t.exposeInt('count', { description: 'How many records it stands for.' }),
    attempts: t.exposeInt('attempts', { description: 'How often it was tried.' }),
    firstAt: t.expose('firstAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was first tried; null when it never was.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was recorded.' }),
    delivery: t.relation('delivery', { description: 'The delivery it belongs to.' }),
  }),
})

export const DeliveryRef = builder.prismaNode('Delivery', {
  id: { field: 'id', description: 'Its id.' },
  interfaces: [CountsRef],
  findUnique: (id, { access }) => ({ id, ...within(access) }),
  nullable: true,
  fields: (t) => ({
    action: t.relation('action', { description: 'The action it delivers for.' }),
    sequence: t.exposeInt('sequence'),
    versionNumber: t.exposeInt('versionNumber'),
    pluginVersion: t.exposeString('pluginVersion'),
    state: t.expose('state', { type: DeliveryStateRef, description: 'What it is doing.' }),
    isFirstPassDone: t.exposeBoolean('isFirstPassDone', {
      description: 'Whether every record was tried at least once.',
    }),
    waiting: t.field({ type: 'Count', description: countDescriptions.waiting, resolve: waitingOf }),
    waitingUntil: t.expose('waitingUntil', { type: 'DateTime', nullable: true }),
    errorCode: t.exposeString('errorCode', { nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was planned.' }),
    rescanSince: t.expose('rescanSince', { type: 'DateTime', nullable: true }),
    lastCommitAt: t.expose('lastCommitAt', { type: 'DateTime', description: 'When it last moved on.' }),
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When every record had its outcome.',
    }),
    deadLetters: t.relatedConnection('exceptions', {
      cursor: 'id',
      description: 'Its records that will not be tried again, newest first.',
      query: { where: { state: 'DEAD' }, orderBy: { id: 'desc' } },
    }),
  }),
})

const deliveryFilter = {
  states: { description: 'Only deliveries in one of these states.' },
} as const

builder.prismaObjectFields('Action', (t) => ({
  deliveries: t.relatedConnection('deliveries', {
    cursor: 'id',
    description: 'Its deliveries, newest first.',
    args: { states: t.arg({ type: [DeliveryStateRef], ...deliveryFilter.states }) },
    query: ({ states }) => ({
      where: states ? { state: { in: states } } : {},
      orderBy: { id: 'desc' },
    }),
  }),
  deadLetters: t.prismaConnection({
    type: DeadLetterRef,
    cursor: 'id',
    description: 'Its records that will not be tried again, newest first.',
    resolve: (query, { id, workspaceId }, _args, { db }) =>
      db.deliveryException.findMany({
        ...query,
        where: { workspaceId, state: 'DEAD', delivery: { actionId: id } },
        orderBy: { id: 'desc' },
      }),
  }),
}))

builder.prismaObjectField('Workspace', 'deliveries', (t) =>
  t.prismaConnection({
    type: DeliveryRef,
    cursor: 'id',
    description: 'The deliveries of all its actions, newest first.',
    args: { states: t.arg({ type: [DeliveryStateRef], ...deliveryFilter.states }) },
    resolve: (query, { id }, { states }, { db }) =>
      db.delivery.findMany({
        ...query,
        where: { workspaceId: id, ...(states && { state: { in: states } }) },
        orderBy: { id: 'desc' },
      }),
  }),
)
