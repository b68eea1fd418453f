/** A segment's flow in GraphQL: data sources → segment → activations. */
import { ActionRef } from '../actions/schema.ts'
import { builder } from '../graphql/builder.ts'
import { DataSourceRef } from '../sources/schema.ts'
import type { standstills } from './flow.ts'
import { type FlowActivation, type FlowSource, readFlows, type SegmentFlow } from './read-flows.ts'
import { SegmentRef } from './schema.ts'

const StandstillRef = builder.enumType('ActivationStandstill', {
  description: 'Why an activation sends nothing.',
  values: {
    SWITCHED_OFF: { description: 'The action is switched off.' },
    CONNECTOR_OFF: { description: 'Its connector is switched off.' },
    SOURCE_OFF: { description: 'Its data source is switched off.' },
    NOT_PUBLISHED: { description: 'It is switched on in the working copy, which is not published.' },
    HALTED: {
      description: 'The workspace delivers nothing: it was stopped, or its connectors are switched off.',
    },
    PAUSED: { description: 'It is paused, by command or by a failure: see `pauseReason` of the action.' },
    SOURCE_FAILING: { description: 'The last look at its data source failed: see `errorCode` there.' },
  } satisfies Record<(typeof standstills)[number], { readonly description: string }>,
})

const FlowSourceRef = builder.objectRef<FlowSource>('FlowSource').implement({
  description: 'A data source of a segment.',
  fields: (t) => ({
    dataSource: t.field({
      type: DataSourceRef,
      description: 'The data source.',
      resolve: ({ dataSource }) => dataSource,
    }),
    isUsed: t.exposeBoolean('isUsed', {
      description: 'Whether an action reads it with this segment. An unused data source is read for nothing.',
    }),
    isActive: t.exposeBoolean('isActive', { description: 'Whether a chain from it works.' }),
  }),
})

const FlowActivationRef = builder.objectRef<FlowActivation>('FlowActivation').implement({
  description: 'An action that sends the rows of a segment.',
  fields: (t) => ({
    action: t.field({
      type: ActionRef,
      description: 'The action; its `dataSource` is the one that it reads.',
      resolve: ({ action }) => action,
    }),
    isActive: t.boolean({
      description:
        'Whether it works: the live version runs it, it is not paused, its data source can be read.',
      resolve: ({ standstill }) => standstill === null,
    }),
    standstill: t.expose('standstill', {
      type: StandstillRef,
      nullable: true,
      description: 'Why it sends nothing; null when it is active.',
    }),
  }),
})

const SegmentFlowRef = builder.objectRef<SegmentFlow>('SegmentFlow').implement({
  description: 'What comes into a segment and where it goes, as the working copy has it.',
  fields: (t) => ({
    isActive: t.boolean({
      description: 'Whether the segment is active: at least one chain from a data source to an action works.',
      resolve: ({ activations }) => activations.some(({ standstill }) => standstill === null),
    }),
    sources: t.field({
      type: [FlowSourceRef],
      description: 'Its data sources, by name.',
      resolve: ({ sources }) => sources,
    }),
    activations: t.field({
      type: [FlowActivationRef],
      description: 'The actions that read it, by name.',
      resolve: ({ activations }) => activations,
    }),
  }),
})

builder.prismaObjectFields(SegmentRef, (t) => ({
  flow: t.loadable({
    type: SegmentFlowRef,
    description: 'Its data sources, the actions that read it, and which of them work.',
    load: (ids: string[], { db }) => readFlows(db, ids),
    resolve: ({ id }) => id,
  }),
}))
