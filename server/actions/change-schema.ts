/** What else is done with actions in GraphQL: copied, labelled, and switched, deleted or paused several at once. */
import { builder } from '../graphql/builder.ts'
import { InvalidInput, NameTaken, NotFound } from '../problems/rules.ts'
import {
  ActivateActionsInput,
  DeactivateActionsInput,
  DeleteActionsInput,
  DuplicateActionInput,
  LabelActionsInput,
  PauseActionsInput,
  ResumeActionsInput,
  UnlabelActionsInput,
} from './change-inputs.ts'
import { duplicateAction } from './duplicate-action.ts'
import { labelActions, unlabelActions } from './label-actions.ts'
import { pauseActions, resumeActions } from './pause-actions.ts'
import { WorkflowsUnavailable } from './rules.ts'
import { ActionRef } from './schema.ts'
import { activateActions, deactivateActions, deleteActions } from './switch-actions.ts'

const ChangedActionsRef = builder.objectRef<{ readonly ids: readonly string[] }>('ChangedActions').implement({
  description: 'Actions that were changed together.',
  fields: (t) => ({
    actions: t.prismaField({
      type: [ActionRef],
      description: 'The actions, by name.',
      resolve: (query, { ids }, _args, { db }) =>
        db.action.findMany({ ...query, where: { id: { in: [...ids] } }, orderBy: { name: 'asc' } }),
    }),
  }),
})

builder.mutationFields((t) => ({
  duplicateAction: t.prismaField({
    type: ActionRef,
    description:
      'Copies an action with its mappings, templates, notes and labels, in the same connector. The copy is inactive, and has nothing of what was created for the action at the vendor: see `prepareAction`.',
    errors: { types: [InvalidInput, NotFound, NameTaken] },
    args: { input: t.arg({ type: DuplicateActionInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await duplicateAction(context, input)
      return context.db.action.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  activateActions: t.field({
    type: ChangedActionsRef,
    description:
      'Lets actions run, with the next publish. All or none: the issues tell each whose connector is not active, or that was changed meanwhile.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: ActivateActionsInput, required: true, description: 'Which ones.' }) },
    resolve: async (_root, { input }, context) => ({ ids: await activateActions(context, input) }),
  }),
  deactivateActions: t.field({
    type: ChangedActionsRef,
    description:
      'Ends actions, with the next publish. All or none: the issues tell each that was changed meanwhile.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: DeactivateActionsInput, required: true, description: 'Which ones.' }) },
    resolve: async (_root, { input }, context) => ({ ids: await deactivateActions(context, input) }),
  }),
  deleteActions: t.field({
    type: ChangedActionsRef,
    description:
      'Deletes actions in the working copy; they end with the next publish. All or none: the issues tell each that was changed meanwhile. What is kept is told at `deleteAction`.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: DeleteActionsInput, required: true, description: 'Which ones.' }) },
    resolve: async (_root, { input }, context) => ({ ids: await deleteActions(context, input) }),
  }),
  pauseActions: t.field({
    type: ChangedActionsRef,
    description: 'Stops actions at once. Requests in flight finish; nothing is lost.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: PauseActionsInput, required: true, description: 'Which ones.' }) },
    resolve: async (_root, { input }, context) => ({ ids: await pauseActions(context, input) }),
  }),
  resumeActions: t.field({
    type: ChangedActionsRef,
    description: 'Lets paused actions go on at once, from where they stopped.',
    errors: { types: [InvalidInput, NotFound, WorkflowsUnavailable] },
    args: { input: t.arg({ type: ResumeActionsInput, required: true, description: 'Which ones.' }) },
    resolve: async (_root, { input }, context) => ({ ids: await resumeActions(context, input) }),
  }),
  labelActions: t.field({
    type: ChangedActionsRef,
    description: 'Puts labels on actions. What has one keeps it. Labels act at once: they are not versioned.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: LabelActionsInput, required: true, description: 'Which on which.' }) },
    resolve: async (_root, { input }, context) => ({ ids: await labelActions(context, input) }),
  }),
  unlabelActions: t.field({
    type: ChangedActionsRef,
    description: 'Takes labels off actions. Labels act at once: they are not versioned.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: UnlabelActionsInput, required: true, description: 'Which off which.' }) },
    resolve: async (_root, { input }, context) => ({ ids: await unlabelActions(context, input) }),
  }),
}))
