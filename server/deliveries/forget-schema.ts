/** Forgetting a person in GraphQL. */
import { z } from 'zod'
import { WorkflowsUnavailable } from '../actions/rules.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { InvalidInput, NotFound } from '../problems/rules.ts'
import type { ForgottenItems } from './forget-items.ts'
import { forgetRecipient } from './forget-recipient.ts'

const mostNames = 50
const longestValue = 1_000

const ForgottenRecipientRef = builder.objectRef<ForgottenItems>('ForgottenRecipient').implement({
  description: 'What was forgotten of a person.',
  fields: (t) => ({
    deadLetters: t.exposeInt('deadLetters', { description: 'Records whose dead letters are gone.' }),
    waiting: t.exposeInt('waiting', {
      description: 'Records that waited to be tried again: given up, and counted as cancelled.',
    }),
    underWay: t.exposeInt('underWay', {
      description:
        'Records that are being sent, or that the vendor may still apply. They stay for now: ask again in a few minutes.',
    }),
  }),
})

const RowToForgetInput = builder.inputType('RowToForgetInput', {
  description: 'A row of a data source that is about the person.',
  fields: (t) => ({
    dataSourceId: t.id({ required: true, description: 'The data source.' }),
    key: t.stringList({
      required: true,
      description: "Its values of the key columns, in their order, as the source's own text.",
    }),
  }),
})

const values = z.record(z.string().max(100), z.string().min(1).max(longestValue))

const ForgetRecipientInput = builder
  .inputType('ForgetRecipientInput', {
    description: 'Whom to forget, by all that the person is known by. None of it is kept or logged.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: 'The workspace.' }),
      identifiers: t.field({
        type: ['JSON'],
        required: true,
        description:
          'What names the person to vendors: objects with values by parameter, for example `[{ externalId: "42" }, { email: "ann@example.com" }]`. Each is tried alone; an alias is one object with its two parts.',
      }),
      rows: t.field({
        type: [RowToForgetInput],
        description:
          'Rows of the sources that are about the person: by them dead letters are found that never had a recipient, and those kept as a range.',
      }),
    }),
  })
  .validate(
    z
      .object({
        workspaceId: globalId('Workspace'),
        identifiers: z
          .array(values.refine((each) => Object.keys(each).length > 0, 'Name at least one parameter.'))
          .max(mostNames),
        rows: z
          .array(
            z.object({
              dataSourceId: globalId('DataSource'),
              key: z.array(z.string().max(longestValue)).min(1).max(mostNames),
            }),
          )
          .max(mostNames)
          .nullish(),
      })
      .refine(({ identifiers, rows }) => identifiers.length + (rows?.length ?? 0) > 0, {
        error: 'Name the person: give an identifier or a row.',
        path: ['identifiers'],
        params: { code: 'too_small' },
      })
      .transform(({ rows, ...rest }) => ({ ...rest, rows: rows ?? [] })),
  )

builder.mutationField('forgetRecipient', (t) =>
  t.field({
    type: ForgottenRecipientRef,
    description:
      'Forgets a person in a workspace: hashes and places of items that wait or are dead letters are deleted. What your sources and the vendors have is not touched: delete it there first, or it comes again.',
    errors: { types: [InvalidInput, NotFound, WorkflowsUnavailable] },
    args: { input: t.arg({ type: ForgetRecipientInput, required: true, description: 'Whom.' }) },
    resolve: (_root, { input }, context) => forgetRecipient(context, input),
  }),
)
