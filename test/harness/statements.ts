/** Counts the statements that reach PostgreSQL from this process while something is done: the driver is looked at, nothing replaced. */
import { Client } from 'pg'

export async function statementsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const statements: string[] = []
  const original = Client.prototype.query
  Client.prototype.query = function counted(this: Client, ...args: unknown[]) {
    const [statement] = args
    statements.push(typeof statement === 'string' ? statement : textOf(statement))
    return Reflect.apply(original, this, args)
  } as typeof original
  try {
    await work()
  } finally {
    Client.prototype.query = original
  }
  return statements
}

function textOf(statement: unknown): string {
  return typeof statement === 'object' && statement !== null && 'text' in statement
    ? String(statement.text)
    : ''
}
