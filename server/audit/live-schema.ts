/** Changes of the configuration in GraphQL, as they happen. */
import { covers } from '../access/rules.ts'
import { builder } from '../graphql/builder.ts'
import { encodeGlobalId, globalId } from '../graphql/global-id.ts'
import { NotFound } from '../problems/rules.ts'
import { mostChanges, type ToldChanges, tellChanges } from './newest-changes.ts'
import { AuditEntryRef } from './schema.ts'

const ConfigurationChangesRef = builder.objectRef<ToldChanges>('ConfigurationChanges').implement({
  description: 'What was changed in a workspace since the value before. It has no settings and no values.',
  fields: (t) => ({
    changes: t.field({
      type: [AuditEntryRef],
      description: 'The changes, oldest first; none in the first value of who did not say `after`.',
      resolve: ({ changes }) => [...changes],
    }),
    isIncomplete: t.exposeBoolean('isIncomplete', {
      description: `Whether more was changed than is told: at most ${mostChanges} changes are told at once. Read anew what you show.`,
    }),
    latestId: t.id({
      nullable: true,
      description: 'The newest change that there is: who comes back gives it as `after`.',
      resolve: ({ latestId }) => (latestId === null ? null : encodeGlobalId('AuditEntry', latestId)),
    }),
  }),
})

builder.subscriptionField('configurationChanges', (t) =>
  t.field({
    type: ConfigurationChangesRef,
    description:
      'What people and programs change in a workspace, as they do: edits, labels, publishing, pausing and all else that its audit trail has. A value at once, then whenever something was changed, at most twice a second.',
    args: {
      workspaceId: t.arg
        .id({ required: true, description: 'The workspace.' })
        .validate(globalId('Workspace')),
      after: t.arg
        .id({
          description:
            'The last change that the reader knows: it is told of those after it. Some of the half minute before come again; their ids tell which. Default: what changes from now on.',
        })
        .validate(globalId('AuditEntry').nullish()),
    },
    subscribe: async (_root, { workspaceId, after }, { access, db, deps }) => {
      const isVisible =
        covers(access, workspaceId) && (await db.workspace.count({ where: { id: workspaceId } })) > 0
      if (!isVisible) throw new NotFound('Workspace', workspaceId)
      return tellChanges(deps.live.changes.watch(workspaceId), after ?? undefined)
    },
    resolve: (told) => told,
  }),
)
