/** Payloads as requests to /campaigns/trigger/send, which sends one campaign. */
import type { PlannedItem, RequestPlan } from '@sluice/connector-sdk'
import { batches } from '../batches.ts'
import { maxRecipients, recipientObject } from '../message-recipients.ts'
import type { Campaign } from './parameters.ts'

export function planCampaign(items: readonly PlannedItem<Campaign>[]): readonly RequestPlan[] {
  const all = batches(items, {
    most: maxRecipients,
    effect: 'append',
    shared: ({ campaignId, sendId }) => [campaignId, sendId ?? ''],
  })
  return all.map(({ first: { campaignId, sendId }, payloads, parts }) => ({
    method: 'POST',
    path: '/campaigns/trigger/send',
    body: {
      kind: 'json',
      value: {
        campaign_id: campaignId,
        ...(sendId ? { send_id: sendId } : {}),
        recipients: payloads.map((payload) =>
          recipientObject(payload, 'trigger_properties', payload.triggerProperties),
        ),
      },
    },
    parts,
  }))
}
