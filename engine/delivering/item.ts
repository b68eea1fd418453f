/** A matched record on its way: mapped and validated, or rejected before sending. */
import type { RecordBatch } from '@sluice/connector-sdk'
import type { CompiledLane } from '../compile.ts'
import type { Weighed } from '../planning/cut.ts'
import type { Columns } from '../reading/columns.ts'
import type { Position } from '../reading/position.ts'
import { ownCode } from '../sending/codes.ts'
import type { Fault } from './outcome.ts'

export type Item = SendableItem | RejectedItem

export interface SendableItem extends Weighed {
  readonly kind: 'sendable'
  readonly position: Position
  readonly payload: Readonly<Record<string, unknown>>
  readonly recipient: string
}

export interface RejectedItem extends Weighed {
  readonly kind: 'rejected'
  readonly position: Position
  readonly fault: Fault
}

const nothing: Readonly<Record<string, number>> = {}

/** The item of a row that matches; null when the segment does not have it. */
export function itemOf(lane: CompiledLane, batch: RecordBatch, row: number): Item | null {
  if (!lane.matches(batch.columns, row)) return null
  return mapRow(lane, batch.columns, row)
}

function mapRow(lane: CompiledLane, columns: Columns, row: number): Item {
  const position = lane.positionOf(columns, row)
  const mapped = lane.map(columns, row)
  if (!mapped.ok) {
    const [problem] = mapped.problems
    return rejected(position, problem?.code ?? 'invalid', problem?.path)
  }
  try {
    return {
      kind: 'sendable',
      position,
      payload: mapped.payload,
      recipient: lane.actionDefinition.recipient(mapped.payload),
      weight: lane.actionDefinition.weigh(mapped.payload),
    }
  } catch {
    // A connector that throws costs its own item, never the delivery. Its message may hold values.
    return rejected(position, 'connector_failed')
  }
}

function rejected(position: Position, code: string, path?: string): RejectedItem {
  const fault: Fault = { code: ownCode(code), reporter: 'sluice', ...(path === undefined ? {} : { path }) }
  return { kind: 'rejected', position, fault, weight: nothing, recipient: null }
}
