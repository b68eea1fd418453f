/** Finds whose figures an export is to give, if the caller may see them. */
import { within } from '../access/rules.ts'
import type { Context } from '../context.ts'
import type { MetricsOf } from '../metrics/metrics-of.ts'
import { NotFound } from '../problems/rules.ts'
import { coveredWorkspace } from '../workspaces/service.ts'
import type { ExportRequest } from './inputs.ts'

export interface Scope {
  readonly workspaceId: string
  readonly of: MetricsOf
}

/** Also what is deleted in the working copy: it may run, and what it did stays. */
export async function findScope(context: Context, { name, id }: ExportRequest['scope']): Promise<Scope> {
  const { access, db } = context
  const own = { where: { id, ...within(access) }, select: { workspaceId: true } }
  switch (name) {
    case 'workspace':
      return { workspaceId: await coveredWorkspace(context, id, 'read'), of: { workspaceIds: [id] } }
    case 'connector': {
      const connector = await db.connector.findUnique(own)
      if (connector === null) throw new NotFound('Connector', id)
      return { ...connector, of: { connectorIds: [id] } }
    }
    case 'action': {
      const action = await db.action.findUnique(own)
      if (action === null) throw new NotFound('Action', id)
      return { ...action, of: { actionIds: [id] } }
    }
  }
}
