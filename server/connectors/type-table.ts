/** What the installed packages say of connector types, for statements: the database does not know it. */
import { Prisma } from '../../prisma/generated/client/client.ts'
import type { Registry } from '../registry/registry.ts'
import { isDeprecated } from './rules.ts'

/** To be joined as `type`. */
export function connectorTypes(registry: Registry): Prisma.Sql {
  const types = registry.connectors().map(({ definition }) => {
    const { id, name, vendor } = definition
    return { id, name, vendor, is_current: !isDeprecated(definition) }
  })
  return Prisma.sql`jsonb_to_recordset(${JSON.stringify(types)}::jsonb)
    AS type(id text, name text, vendor text, is_current boolean)`
}

/** The SQL of the status of `connector`, as `statusOf` has it. */
export const connectorStatus =
  "CASE WHEN type.is_current IS NOT TRUE THEN 'deprecated' WHEN connector.is_enabled THEN 'active' ELSE 'inactive' END"
