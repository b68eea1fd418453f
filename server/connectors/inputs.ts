/** The inputs of the connector mutations. */
import { z } from 'zod'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { givenOnly } from '../workspaces/given.ts'

const about = {
  id: 'The connector.',
  revision: 'Its revision when it was read.',
  name: 'Its name, unique in the workspace.',
  settings: "The type's settings as one object, secrets included. The marketplace has the form.",
  notes:
    'What people should know about it, at most 10,000 characters. Notes act at once: they are not versioned.',
} as const

export const CreateConnectorInput = builder
  .inputType('CreateConnectorInput', {
    description: 'A new connector: an account at a vendor.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: 'The workspace it is for.' }),
      name: t.string({ required: true, description: about.name }),
      type: t.string({ required: true, description: 'The installed connector type, for example `braze`.' }),
      settings: t.field({ type: 'JSON', required: true, description: about.settings }),
      notes: t.string({ description: about.notes }),
      acceptTerms: t.boolean({
        description: 'That you agree to the terms of the type, where the marketplace names some.',
      }),
    }),
  })
  .validate(
    z
      .object({
        workspaceId: globalId('Workspace'),
        name: z.string().trim(),
        type: z.string(),
        settings: z.unknown().optional(),
        notes: z.string().nullish(),
        acceptTerms: z.boolean().nullish(),
      })
      .transform(givenOnly),
  )

export const UpdateConnectorInput = builder
  .inputType('UpdateConnectorInput', {
    description: 'Changes of a connector. What is left out stays.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
      name: t.string({ description: about.name }),
      settings: t.field({
        type: 'JSON',
        description: `${about.settings} A secret that is left out keeps its value, unless the vendor's address changes.`,
      }),
      notes: t.string({ description: about.notes }),
    }),
  })
  .validate(
    z
      .object({
        id: globalId('Connector'),
        revision: z.int(),
        name: z.string().trim().nullish(),
        settings: z.unknown().optional(),
        notes: z.string().nullish(),
      })
      .transform(givenOnly),
  )

const switchSchema = z.object({ id: globalId('Connector'), revision: z.int() })

export const ActivateConnectorInput = builder
  .inputType('ActivateConnectorInput', {
    description: 'Names the connector to activate.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
    }),
  })
  .validate(switchSchema)

export const DeactivateConnectorInput = builder
  .inputType('DeactivateConnectorInput', {
    description: 'Names the connector to deactivate.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
    }),
  })
  .validate(switchSchema)

export const TestConnectionInput = builder
  .inputType('TestConnectionInput', {
    description: 'Names the connector to test.',
    fields: (t) => ({ id: t.id({ required: true, description: about.id }) }),
  })
  .validate(z.object({ id: globalId('Connector') }))

export const BeginAuthorizationInput = builder
  .inputType('BeginAuthorizationInput', {
    description: 'Names the connector that somebody is to allow access for.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      redirectUri: t.string({
        required: true,
        description: 'Where the vendor sends the browser back to. It must be registered there.',
      }),
    }),
  })
  .validate(
    z.object({
      id: globalId('Connector'),
      redirectUri: z.url({ protocol: /^https?$/ }).max(2048),
    }),
  )

export const CompleteAuthorizationInput = builder
  .inputType('CompleteAuthorizationInput', {
    description: 'What the vendor has added to the address that it sent the browser back to.',
    fields: (t) => ({
      state: t.string({ required: true, description: 'Its parameter `state`.' }),
      code: t.string({ required: true, description: 'Its parameter `code`.' }),
    }),
  })
  .validate(z.object({ state: z.string(), code: z.string().min(1) }))
