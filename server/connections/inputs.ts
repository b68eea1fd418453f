/** The inputs of the connection mutations. */
import { z } from 'zod'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { givenOnly } from '../workspaces/given.ts'

const about = {
  id: 'The connection.',
  revision: 'Its revision when it was read.',
  name: 'Its name, unique in the workspace.',
  settings: "The type's settings as one object, secrets included. The marketplace has the form.",
} as const

/** No id of a source type is longer. */
const maxType = 200

export const CreateDataSourceConnectionInput = builder
  .inputType('CreateDataSourceConnectionInput', {
    description: 'A new connection to a database or to files.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: 'The workspace it is for.' }),
      name: t.string({ required: true, description: about.name }),
      type: t.string({ required: true, description: 'The installed source type, for example `duckdb`.' }),
      settings: t.field({ type: 'JSON', required: true, description: about.settings }),
    }),
  })
  .validate(
    z.object({
      workspaceId: globalId('Workspace'),
      name: z.string().trim(),
      type: z.string().max(maxType),
      settings: z.unknown(),
    }),
  )

export const UpdateDataSourceConnectionInput = builder
  .inputType('UpdateDataSourceConnectionInput', {
    description: 'Changes of a connection. What is left out stays.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
      name: t.string({ description: about.name }),
      settings: t.field({
        type: 'JSON',
        description: `${about.settings} A secret that is left out keeps its value, unless it would go to another address.`,
      }),
    }),
  })
  .validate(
    z
      .object({
        id: globalId('DataSourceConnection'),
        revision: z.int(),
        name: z.string().trim().nullish(),
        settings: z.unknown().optional(),
      })
      .transform(givenOnly),
  )

export const TestDataSourceConnectionInput = builder
  .inputType('TestDataSourceConnectionInput', {
    description: 'Names the connection to test.',
    fields: (t) => ({ id: t.id({ required: true, description: about.id }) }),
  })
  .validate(z.object({ id: globalId('DataSourceConnection') }))

export const DeleteDataSourceConnectionInput = builder
  .inputType('DeleteDataSourceConnectionInput', {
    description: 'Names the connection to delete.',
    fields: (t) => ({
      id: t.id({ required: true, description: about.id }),
      revision: t.int({ required: true, description: about.revision }),
    }),
  })
  .validate(z.object({ id: globalId('DataSourceConnection'), revision: z.int() }))
