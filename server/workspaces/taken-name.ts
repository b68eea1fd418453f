/** Turns the database's refusal of a second row with the same name into the typed problem. */
import { type EntityName, NameTaken } from '../problems/rules.ts'
import { isRecord } from './json.ts'

/** Runs a write whose only unique value that people choose is the name; only the database knows without a race. */
export async function namedOnce<Result>(
  entity: EntityName,
  name: string,
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write()
  } catch (error) {
    if (isUniqueViolation(error)) throw new NameTaken(entity, name)
    throw error
  }
}

/** Prisma's P2002, by its documented code: its class would tie this file to the generated client. */
function isUniqueViolation(error: unknown): boolean {
  return isRecord(error) && error['code'] === 'P2002'
}
