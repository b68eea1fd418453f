/** Switching what a whole workspace delivers, in GraphQL. */
import { z } from 'zod'
import { WorkflowsUnavailable } from '../actions/rules.ts'
import { builder } from '../graphql/builder.ts'
import { ProblemRef } from '../graphql/errors.ts'
import { globalId } from '../graphql/global-id.ts'
import { InvalidInput, NotFound, RevisionConflict } from '../problems/rules.ts'
import { disableConnectors, enableConnectors, resumeAll, stopAll } from './halt.ts'
import { ConnectorsDisabled } from './rules.ts'
import { WorkspaceRef } from './schema.ts'

builder.prismaObjectFields(WorkspaceRef, (t) => ({
  connectorsEnabled: t.exposeBoolean('connectorsEnabled'),
  isStopped: t.exposeBoolean('isStopped'),
  haltedAt: t.expose('haltedAt', { type: 'DateTime', nullable: true }),
}))

builder.objectType(ConnectorsDisabled, {
  name: 'ConnectorsDisabled',
  description: 'Connectors are switched off in the workspace: no segment is created, nothing is delivered.',
  interfaces: [ProblemRef],
})

function switchInput(name: string, description: string) {
  return builder
    .inputType(name, {
      description,
      fields: (t) => ({
        id: t.id({ required: true, description: 'The workspace.' }),
        revision: t.int({ required: true, description: 'Its revision when it was read.' }),
      }),
    })
    .validate(z.object({ id: globalId('Workspace'), revision: z.int() }))
}

function commandInput(name: string, description: string) {
  return builder
    .inputType(name, {
      description,
      fields: (t) => ({ id: t.id({ required: true, description: 'The workspace.' }) }),
    })
    .validate(z.object({ id: globalId('Workspace') }))
}

const EnableConnectorsInput = switchInput(
  'EnableConnectorsInput',
  'The workspace whose connectors to enable.',
)
const DisableConnectorsInput = switchInput(
  'DisableConnectorsInput',
  'The workspace whose connectors to disable.',
)
const StopAllInput = commandInput('StopAllInput', 'The workspace in which to stop everything.')
const ResumeAllInput = commandInput('ResumeAllInput', 'The workspace in which to let everything go on.')

builder.mutationFields((t) => ({
  enableConnectors: t.prismaField({
    type: WorkspaceRef,
    description:
      'Allows segments to be created and what is published to be delivered. Deliveries go on at once, from where they stopped.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict, WorkflowsUnavailable] },
    args: { input: t.arg({ type: EnableConnectorsInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await enableConnectors(context, input)
      return context.db.workspace.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  disableConnectors: t.prismaField({
    type: WorkspaceRef,
    description:
      'Switches connectors off for the workspace, as a setting: nothing is delivered, no segment is created. It acts at once, and nothing is lost.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict] },
    args: { input: t.arg({ type: DisableConnectorsInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await disableConnectors(context, input)
      return context.db.workspace.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  stopAll: t.prismaField({
    type: WorkspaceRef,
    description:
      'Stops everything that the workspace delivers, at once, in every process: requests in flight finish, nothing is lost.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: StopAllInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await stopAll(context, input)
      return context.db.workspace.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  resumeAll: t.prismaField({
    type: WorkspaceRef,
    description:
      'Lets everything go on after `stopAll`, from where it stopped. Actions that are paused by themselves stay so.',
    errors: { types: [InvalidInput, NotFound, WorkflowsUnavailable] },
    args: { input: t.arg({ type: ResumeAllInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await resumeAll(context, input)
      return context.db.workspace.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
}))
