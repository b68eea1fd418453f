/** The input of applying a configuration. */
import { z } from 'zod'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { givenOnly } from '../workspaces/given.ts'

export const about = {
  workspaceId: 'The workspace.',
  configuration:
    'The configuration, in the form that `Workspace.configuration` has and docs/configuration.md describes. What an entry leaves out has its default.',
  deleteOthers:
    'Whether what the configuration lacks is deleted in the working copy. Default: it stays, and the configuration may refer to it.',
} as const

const mostSecrets = 10_000
/** Longer than any that a document may name. */
const longestVariable = 300
const longestSecret = 100_000
const longestFingerprint = 200

const SecretInput = builder.inputType('ConfigurationSecretInput', {
  description: 'The value of a variable that a configuration names.',
  fields: (t) => ({
    variable: t.string({ required: true, description: 'Its name, as `env` has it.' }),
    value: t.string({ required: true, description: 'The secret. It never comes out.' }),
  }),
})

export const ApplyConfigurationInput = builder
  .inputType('ApplyConfigurationInput', {
    description: 'What a workspace is to become.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: about.workspaceId }),
      configuration: t.field({ type: 'JSON', required: true, description: about.configuration }),
      secrets: t.field({
        type: [SecretInput],
        description:
          'Values for the variables that the configuration names. A secret without one stays as the workspace has it, unless it would go to another address.',
      }),
      deleteOthers: t.boolean({
        required: true,
        defaultValue: false,
        description: about.deleteOthers,
      }),
      fingerprint: t.string({
        description:
          '`fingerprint` as it came with the comparison: when somebody has edited or published since, nothing is done.',
      }),
      dryRun: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Whether everything is checked, looks at data sources included, and nothing is changed.',
      }),
    }),
  })
  .validate(
    z
      .object({
        workspaceId: globalId('Workspace'),
        configuration: z.unknown(),
        secrets: z
          .array(
            z.object({ variable: z.string().max(longestVariable), value: z.string().max(longestSecret) }),
          )
          .max(mostSecrets)
          .nullish(),
        deleteOthers: z.boolean(),
        fingerprint: z.string().max(longestFingerprint).nullish(),
        dryRun: z.boolean(),
      })
      .transform(({ configuration, ...input }) => ({ configuration, ...givenOnly(input) })),
  )
