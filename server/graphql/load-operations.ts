/** Reads the file of persisted operations: each must fit the schema, or the server does not start. */
import { readFile } from 'node:fs/promises'
import { type GraphQLSchema, parse, validate } from 'graphql'
import { z } from 'zod'

const mostOperations = 5_000
const operationsSchema = z
  .record(z.string().min(1).max(128), z.string().min(1))
  .refine((documents) => Object.keys(documents).length <= mostOperations)

/** The file cannot be used. */
export class PersistedOperationsError extends Error {
  override readonly name = 'PersistedOperationsError'
  readonly code = 'bad_persisted_operations'
  constructor(path: string, problems: readonly string[]) {
    super(
      `The persisted operations in ${path} cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    )
  }
}

export async function loadOperations(
  path: string,
  schema: GraphQLSchema,
): Promise<ReadonlyMap<string, string>> {
  const parsed = operationsSchema.safeParse(await readJson(path))
  if (!parsed.success) {
    throw new PersistedOperationsError(path, [
      `It must be one JSON object of at most ${mostOperations} documents by their SHA-256 hashes.`,
    ])
  }
  const documents = Object.entries(parsed.data)
  const problems = documents.flatMap(([hash, document]) =>
    problemsOf(schema, document).map((each) => `${hash}: ${each}`),
  )
  if (problems.length > 0) throw new PersistedOperationsError(path, problems)
  return new Map(documents)
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    throw new PersistedOperationsError(path, ['It cannot be read, or is no JSON.'])
  }
}

function problemsOf(schema: GraphQLSchema, document: string): readonly string[] {
  try {
    return validate(schema, parse(document)).map(({ message }) => message)
  } catch (error) {
    return [error instanceof Error ? error.message : 'It is no GraphQL.']
  }
}
