/** The sample file of a connector: an account, and records for its actions, with the answers that the vendor gives. */
import { z } from '@sluice/connector-sdk'
import { mappingsSchema } from '../../../../engine/mapping/mapping.ts'
import { templateKinds } from '../../../../engine/templates/template.ts'
import type { TestAnswer } from '../request-tape.ts'
import type { TestActionOptions } from '../test-action.ts'

const name = z.string().min(1)
const value = z.union([z.string(), z.number(), z.boolean(), z.null()])

const answer = z.union([
  z.strictObject({
    status: z.int().min(100).max(599),
    headers: z.record(name, z.string()).exactOptional(),
    body: z.unknown().optional(),
  }),
  z.literal(['unreached', 'lost']),
])

const template = z.strictObject({
  name,
  source: z.string(),
  kind: z.enum(templateKinds).exactOptional(),
  format: z.literal('json').exactOptional(),
})

const sampleSchema = z.strictObject({
  settings: z.record(name, z.unknown()),
  actions: z.record(
    name,
    z.strictObject({
      records: z.array(z.record(name, z.union([value, z.array(value)]))).min(1),
      mapping: mappingsSchema.exactOptional(),
      templates: z.array(template).exactOptional(),
      prepared: z.record(name, z.string()).exactOptional(),
      responses: z.array(answer).exactOptional(),
    }),
  ),
})

type SampleAction = TestActionOptions & { readonly responses?: readonly TestAnswer[] }

/** By action, what `testAction` takes. */
export type Sample = ReadonlyMap<string, SampleAction>

/** @throws with what is wrong and where */
export function readSample(text: string): Sample {
  const { data, error } = sampleSchema.safeParse(parsed(text))
  if (error !== undefined) throw new Error(z.prettifyError(error))
  const { actions, settings } = data
  return new Map(
    Object.entries(actions).map(([type, action]) => [type, { settings, ...action } as SampleAction]),
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`It is not JSON: ${error instanceof Error ? error.message : ''}`)
  }
}
