/** What a role finds on a database and a Temporal server that are run elsewhere: our tables and our namespace. */
import { migrate } from './embedded/migrate.ts'
import { prepareNamespace } from './embedded/temporal-namespace.ts'

interface Options {
  readonly databaseUrl: string
  readonly temporal: { readonly address: string; readonly namespace: string }
  readonly report: (line: string) => void
}

/** Makes what is missing; any number of roles may do so at the same moment. */
export async function prepareExternal({ databaseUrl, temporal, report }: Options): Promise<void> {
  await migrate(databaseUrl, report)
  await prepareNamespace(temporal.address, temporal.namespace)
}
