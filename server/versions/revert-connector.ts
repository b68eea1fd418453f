/** Publishes the version that runs with one connector, its actions and their templates as an old version has them. */
import type { Connector } from '../../prisma/generated/client/client.ts'
import { requireRight, within } from '../access/rules.ts'
import type { Context } from '../context.ts'
import { InvalidInput, type Issue, NotFound } from '../problems/rules.ts'
import type { LaneStart } from '../sources/processing-start.ts'
import { putAside } from './drafts.ts'
import { loadVersion } from './load-version.ts'
import { findVersion, keptDocuments } from './load-working-copy.ts'
import { publish } from './publish.ts'
import { referenceProblems } from './references.ts'
import type { Documents, PublishProblem } from './rules.ts'
import { readConfiguration } from './service.ts'
import { workingCopyOf } from './working-copy.ts'
import { writeWorkingCopy } from './write-working-copy.ts'

export interface RevertConnector {
  readonly id: string
  readonly versionId: string
  readonly notes?: string
  /** Where lanes start, beside what their actions say. */
  readonly starts?: readonly LaneStart[]
}

/** Returns the id of the new version. What else was edited stays in the working copy, unpublished. */
export async function revertConnector(context: Context, input: RevertConnector): Promise<string> {
  const { db } = context
  const { workspaceId, id, name } = await findAnyConnector(context, input.id)
  const version = await findVersion(context, input.versionId, 'publish')
  if (version.workspaceId !== workspaceId) throw new NotFound('Version', version.id)
  const old = await keptDocuments(context, version)
  if (!old.connectors.some((connector) => connector.id === id)) throw new InvalidInput([notInVersion])
  const { copy, seen } = await readConfiguration(context, workspaceId)
  const { liveVersion } = seen
  const published = await connectorReverted({ db }, { id: workspaceId, liveVersion }, old, id)
  if (published === undefined) throw new InvalidInput([nothingRuns])
  const edited = withConnector(copy.documents, old, id)
  const { number } = version
  return publish(context, {
    verb: 'revertConnector',
    workspaceId,
    name: undefined,
    notes: [`Connector "${name}" reverted to version ${number}.`, input.notes].filter(Boolean).join(' '),
    copy: await workingCopyOf(db, workspaceId, published),
    seen,
    starts: input.starts,
    problems: onlyInWorkingCopy(edited, published),
    async alongside(tx) {
      const draftName = `Before reverting a connector to version ${number}`
      await putAside(tx, context, { workspaceId, name: draftName, documents: copy.documents })
      await writeWorkingCopy(tx, workspaceId, copy.documents, edited)
    },
  })
}

/** What runs, with the connector as it was; undefined where nothing runs, or the old version has no such connector. */
export async function connectorReverted(
  { db }: Pick<Context, 'db'>,
  { id: workspaceId, liveVersion }: { readonly id: string; readonly liveVersion: number | null },
  old: Documents,
  connectorId: string,
): Promise<Documents | undefined> {
  if (liveVersion === null || !old.connectors.some(({ id }) => id === connectorId)) return undefined
  return withConnector(await loadVersion({ db }, workspaceId, liveVersion), old, connectorId)
}

/** A configuration with the connector and its actions from another one. */
function withConnector(documents: Documents, from: Documents, connectorId: string): Documents {
  const actions = from.actions.filter((action) => action.connectorId === connectorId)
  const replaced = new Set(actions.map(({ id }) => id))
  return {
    ...documents,
    connectors: [
      ...documents.connectors.filter(({ id }) => id !== connectorId),
      ...from.connectors.filter(({ id }) => id === connectorId),
    ],
    actions: [
      ...documents.actions.filter((action) => action.connectorId !== connectorId && !replaced.has(action.id)),
      ...actions,
    ],
  }
}

/** The working copy may lack what the published version has; nothing is said twice. */
function onlyInWorkingCopy(edited: Documents, published: Documents): readonly PublishProblem[] {
  const known = new Set(referenceProblems(published).map((problem) => JSON.stringify(problem)))
  return referenceProblems(edited).filter((problem) => !known.has(JSON.stringify(problem)))
}

/** Also one that is deleted in the working copy. */
async function findAnyConnector({ db, access }: Context, id: string): Promise<Connector> {
  const connector = await db.connector.findUnique({ where: { id, ...within(access) } })
  if (connector === null) throw new NotFound('Connector', id)
  requireRight(access, connector.workspaceId, 'publish')
  return connector
}

const notInVersion: Issue = {
  path: ['versionId'],
  code: 'not_in_version',
  message: 'The version does not have the connector. `Connector.versions` lists those in which it changed.',
}

const nothingRuns: Issue = {
  path: ['id'],
  code: 'nothing_published',
  message: 'Nothing of the workspace is published, so there is nothing to change. Load a version instead.',
}
