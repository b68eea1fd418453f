/** The mark of a vendor's job as it is kept: sealed, because a handle may let its bearer read what was uploaded. */
import { z } from '@sluice/connector-sdk'
import type { JobMark } from '../../engine/delivering/outcome.ts'
import type { WorkspaceKey } from '../workspaces/keys.ts'

const schema = z.object({
  handle: z.string(),
  acceptedAt: z.number(),
  places: z.array(z.number()),
  isHarmful: z.boolean(),
})

export function sealJob(key: WorkspaceKey, mark: JobMark): Uint8Array<ArrayBuffer> {
  return key.seal('job', JSON.stringify(mark))
}

export function openJob(key: WorkspaceKey, sealed: Uint8Array): JobMark {
  return schema.parse(JSON.parse(key.open('job', sealed)))
}
