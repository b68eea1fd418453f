/** What goes into which parameter of an action: an attribute, a constant, what Sluice knows itself, or what a template renders. */
import { z } from '@sluice/connector-sdk'
import { metadataFields } from './metadata.ts'

const maxMappings = 500
const maxText = 1500

const name = z.string().min(1).max(maxText)

/** Where a parameter's value comes from: told apart by `kind`, so that further kinds can join. */
const originSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('attribute'), attribute: name }),
    z.strictObject({
      kind: z.literal('constant'),
      value: z.union([z.string().max(maxText), z.number(), z.boolean()], {
        error: `A constant is a text of at most ${maxText} characters, a number, true or false.`,
      }),
    }),
    z.strictObject({
      kind: z.literal('metadata'),
      field: z.enum(metadataFields, { error: `Metadata is one of ${metadataFields.join(', ')}.` }),
    }),
    z.strictObject({ kind: z.literal('prepared'), output: name }),
    z.strictObject({ kind: z.literal('template'), template: name }),
  ],
  {
    error:
      'A value comes from { kind: "attribute", attribute }, { kind: "constant", value }, { kind: "metadata", field }, { kind: "prepared", output } or { kind: "template", template }.',
  },
)

const mappingSchema = z.strictObject({
  parameter: name,
  /** Names the entry of an open or repeated group; without it a JSON template fills all of the group. */
  key: name.exactOptional(),
  from: originSchema,
})

export const mappingsSchema = z.array(mappingSchema).max(maxMappings, `Use at most ${maxMappings} mappings.`)

export type Mapping = z.output<typeof mappingSchema>
export type Mappings = z.output<typeof mappingsSchema>
