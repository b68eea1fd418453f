/** A pass's progress as it is kept: positions sealed, recipients and rows hashed, under the workspace's key. */
import type { DeadLetter, Waiting } from '../../engine/delivering/outcome.ts'
import type { ExceptionChange, NewException, ProgressWrite } from '../../engine/delivering/progress.ts'
import { sealPosition } from '../sources/sealed-position.ts'
import type { WorkspaceKey } from '../workspaces/keys.ts'
import { sealStarted } from './begin-pass.ts'
import { bytesAsText } from './bytes-as-text.ts'
import type { ExceptionRow, SealedWrite } from './committer.ts'
import { sealJob } from './sealed-job.ts'

const reporters = { sluice: 'SLUICE', vendor: 'VENDOR' } as const
const outcomes = {
  rejected: 'REJECTED',
  refused: 'REFUSED',
  exhausted: 'EXHAUSTED',
  unknown: 'UNKNOWN',
} as const

export function sealWrite(write: ProgressWrite, key: WorkspaceKey): SealedWrite {
  const { counts = {}, exceptionChanges = [], startedSlice } = write
  return {
    newSlices: (write.newSlices ?? []).map(({ index, boundary, matched }) => ({
      index,
      boundary: bytesAsText(sealPosition(key, boundary)),
      matched,
    })),
    startedSlices:
      startedSlice === undefined
        ? []
        : [{ index: startedSlice.index, mark: bytesAsText(sealStarted(key, startedSlice)) }],
    startedExceptions: write.startedExceptions ?? [],
    settledSlices: write.settledSlices ?? [],
    newExceptions: (write.newExceptions ?? []).map((exception) => newRow(exception, key)),
    overExceptions: exceptionChanges.flatMap(({ id, kind }) => (kind === 'over' ? [id] : [])),
    changedExceptions: exceptionChanges.flatMap((change) =>
      change.kind === 'over' ? [] : [changedRow(change, key)],
    ),
    counts,
  }
}

function newRow(exception: NewException, key: WorkspaceKey): SealedWrite['newExceptions'][number] {
  const { ordinal, position, recipient, slice } = exception
  const place = {
    slice,
    ordinal,
    position: bytesAsText(sealPosition(key, position)),
    recipient_hash: recipient === null ? null : bytesAsText(key.hash(recipient)),
  }
  if (exception.kind === 'waiting') {
    const { firstAt, row } = exception
    return {
      ...place,
      ...stateOf(exception, key),
      row_hash: bytesAsText(key.hash(row)),
      first_at: instant(firstAt),
      last_position: null,
      count: 1,
    }
  }
  const { count, lastPosition } = exception
  return {
    ...place,
    ...stateOf(exception, key),
    row_hash: null,
    first_at: null,
    last_position: count > 1 ? bytesAsText(sealPosition(key, lastPosition)) : null,
    count,
  }
}

function changedRow(
  change: Exclude<ExceptionChange, { kind: 'over' }>,
  key: WorkspaceKey,
): SealedWrite['changedExceptions'][number] {
  const isMoved = change.kind === 'waiting' && change.recipient !== undefined
  return {
    id: change.id,
    ...stateOf(change, key),
    first_at: change.kind === 'waiting' ? instant(change.firstAt) : null,
    // Null: the recipient stays.
    recipient_hash: isMoved ? bytesAsText(key.hash(change.recipient)) : null,
  }
}

function stateOf(outcome: DeadLetter | Waiting, key: WorkspaceKey): ExceptionRow {
  const { code, path, quarantinedUntil, reporter, templatePlace } = outcome
  return {
    reporter: reporters[reporter],
    code,
    parameter_path: path ?? null,
    template_place: templatePlace ?? null,
    quarantined_until: instant(quarantinedUntil ?? null),
    ...(outcome.kind === 'dead'
      ? {
          state: 'DEAD',
          outcome: outcomes[outcome.outcome],
          attempts: null,
          stage: null,
          job: null,
          due_at: null,
        }
      : {
          state: 'WAITING',
          outcome: null,
          attempts: outcome.attempts,
          stage: outcome.stage ?? null,
          job: outcome.job === undefined ? null : bytesAsText(sealJob(key, outcome.job)),
          due_at: instant(outcome.dueAt),
        }),
  }
}

function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
