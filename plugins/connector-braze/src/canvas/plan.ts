/** Payloads as requests to /canvas/trigger/send, which triggers one Canvas. */
import type { PlannedItem, RequestPlan } from '@sluice/connector-sdk'
import { batches } from '../batches.ts'
import { maxRecipients, recipientObject } from '../message-recipients.ts'
import type { Canvas } from './parameters.ts'

export function planCanvas(items: readonly PlannedItem<Canvas>[]): readonly RequestPlan[] {
  const all = batches(items, {
    most: maxRecipients,
    effect: 'append',
    shared: ({ canvasId }) => canvasId,
  })
  return all.map(({ first: { canvasId }, payloads, parts }) => ({
    method: 'POST',
    path: '/canvas/trigger/send',
    body: {
      kind: 'json',
      value: {
        canvas_id: canvasId,
        recipients: payloads.map((payload) => recipientObject(payload, 'context', payload.context)),
      },
    },
    parts,
  }))
}
