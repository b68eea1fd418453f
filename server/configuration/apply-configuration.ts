/** Makes a workspace what a document says: all of it in one transaction, or nothing. */
import { recordChange, recordConsequences } from '../audit/service.ts'
import type { Context } from '../context.ts'
import type { EntityName } from '../problems/rules.ts'
import { assertAsSeen, changingAlone } from '../versions/changing-alone.ts'
import { putAside } from '../versions/drafts.ts'
import type { Documents } from '../versions/rules.ts'
import { seenBy } from '../versions/service.ts'
import { writeWorkingCopy } from '../versions/write-working-copy.ts'
import { coveredWorkspace, requireConnectors } from '../workspaces/service.ts'
import type { PartChange } from './changes.ts'
import type { Part } from './document.ts'
import { type Plan, planConfiguration } from './plan.ts'
import { writeBeside } from './write-beside.ts'
import { writeSecrets } from './write-secrets.ts'

export interface ApplyConfiguration {
  readonly workspaceId: string
  readonly configuration: unknown
  readonly deleteOthers: boolean
  readonly dryRun: boolean
  /** What was there when it was compared; without it, what is there. */
  readonly fingerprint?: string
  /** The values of variables that the document names. */
  readonly secrets?: readonly { readonly variable: string; readonly value: string }[]
}

const entityOfPart: Readonly<Record<Part, EntityName>> = {
  labels: 'Label',
  attributes: 'Attribute',
  connections: 'DataSourceConnection',
  dataSources: 'DataSource',
  segments: 'Segment',
  connectors: 'Connector',
  actions: 'Action',
}

/** Returns the workspace. Where all is as the document says, nothing is written. */
export async function applyConfiguration(context: Context, input: ApplyConfiguration): Promise<string> {
  const workspaceId = await coveredWorkspace(context, input.workspaceId, 'edit')
  const { deleteOthers, dryRun, fingerprint } = input
  const secrets = new Map((input.secrets ?? []).map(({ variable, value }) => [variable, value]))
  const plan = await planConfiguration(context, workspaceId, input.configuration, { deleteOthers, secrets })
  const { changes, present } = plan
  if (fingerprint !== undefined) assertAsSeen(workspaceId, seenBy(fingerprint), present.seen)
  if (plan.createsSegments) await requireConnectors(context, workspaceId)
  if (dryRun || (changes.length === 0 && plan.secrets.size === 0)) return workspaceId
  await changingAlone(context, workspaceId, present.seen, async (tx) => {
    if (hasAny(present.documents)) {
      const name = 'Before applying a configuration'
      await putAside(tx, context, { workspaceId, name, documents: present.documents })
    }
    const written = await writeWorkingCopy(tx, workspaceId, present.documents, plan.wanted)
    await writeSecrets(tx, context, workspaceId, { secrets: plan.secrets, written })
    const beside = await writeBeside(tx, workspaceId, plan.beside, { deleteOthers, written })
    await recordConsequences(tx, context, [
      ...beside.map((change) => ({ ...change, workspaceId, verb })),
      ...changedRows(plan).map((change) => ({ ...change, workspaceId, verb })),
    ])
    await recordChange(tx, context, { workspaceId, verb, entity: 'Workspace', entityId: workspaceId })
  })
  return workspaceId
}

const verb = 'applyConfiguration'

interface ChangedRow {
  readonly entity: EntityName
  readonly entityId: string
}

/** Also those of which only a secret changed. */
function changedRows({ changes, secrets }: Plan): readonly ChangedRow[] {
  const rows = changes.filter((change): change is PartChange & { readonly id: string } => change.id !== null)
  const told = new Set(rows.map(({ id }) => id))
  return [
    ...rows.map(({ part, id }) => ({ entity: entityOfPart[part], entityId: id })),
    ...[...secrets]
      .filter(([id]) => !told.has(id))
      .map(([id, { part }]) => ({ entity: entityOfPart[part], entityId: id })),
  ]
}

function hasAny(documents: Documents): boolean {
  return Object.values(documents).some((list) => list.length > 0)
}
