/** A matched record on its way: mapped and validated, or rejected before sending. */
import type { RecordBatch } from '@sluice/connector-sdk'
import type { CompiledLane } from '../compile.ts'
import type { Weighed } from '../planning/cut.ts'
import type { Columns } from '../reading/columns.ts'
import type { Position } from '../reading/position.ts'
import { ownCode } from '../sending/codes.ts'
import type { Fault } from './outcome.ts'

export type Item = SendableItem | RejectedItem | HeldItem | InterruptedItem

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

/** It waits behind an open item of its recipient. */
export interface HeldItem extends Weighed {
  readonly kind: 'held'
  readonly position: Position
  readonly recipient: string
}

/** A pass that ended half-way may have sent it, and a repetition could do harm. */
export interface InterruptedItem extends Weighed {
  readonly kind: 'interrupted'
  readonly position: Position
  /** Whether its row is no longer where it was: it has no place among its neighbours. */
  readonly isMissing: boolean
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
    return rejected(position, problem?.code ?? 'invalid', problem?.path, problem?.place)
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

export function held({ position, recipient }: SendableItem): HeldItem {
  return { kind: 'held', position, recipient, weight: nothing }
}

export function interrupted(position: Position, isMissing: boolean): InterruptedItem {
  return { kind: 'interrupted', position, isMissing, recipient: null, weight: nothing }
}

function rejected(
  position: Position,
  code: string,
  path?: string,
  templatePlace?: Fault['templatePlace'],
): RejectedItem {
  const fault: Fault = {
    ...{ code: ownCode(code), reporter: 'sluice' },
    ...(path === undefined ? {} : { path }),
    ...(templatePlace === undefined ? {} : { templatePlace }),
  }
  return { kind: 'rejected', position, fault, weight: nothing, recipient: null }
}
