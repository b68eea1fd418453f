/** Finds whose figures an export is to give, if the caller may see them. */
import { within } from '../access/rules.ts'
import type { Context } from '../context.ts'
import type { MetricsOf } from '../metrics/metrics-of.ts'
import { NotFound } from '../problems/rules.ts'
import { coveredWorkspace } from '../workspaces/service.ts'
import type { ExportRequest } from './inputs.ts'

/** Also what is deleted in the working copy: it may run, and what it did stays. */
export async function findScope(context: Context, { name, id }: ExportRequest['scope']): Promise<MetricsOf> {
  const { access, db } = context
  switch (name) {
    case 'workspace':
      return { workspaceIds: [await coveredWorkspace(context, id, 'read')] }
    case 'connector':
      if ((await db.connector.count({ where: { id, ...within(access) } })) === 0)
        throw new NotFound('Connector', id)
      return { connectorIds: [id] }
    case 'action':
      if ((await db.action.count({ where: { id, ...within(access) } })) === 0)
        throw new NotFound('Action', id)
      return { actionIds: [id] }
  }
}
