/** Sends items as the connector plans them: in groups, stage by stage where requests depend on one another. */
import { verdict } from '@sluice/connector-sdk'
import type { SendableItem } from './item.ts'
import { type PlannedGroup, planGroups } from './plan-groups.ts'
import { type ItemAnswer, type SendDeps, sendRequests } from './send-requests.ts'
import { type Going, sendStage } from './send-stage.ts'

const atStart: Going = { from: 0, reached: 0, captured: new Map() }

/** Sends items that fit one plan; the answers are in their order. `reached`: the stage an earlier pass had come to. */
export function sendItems(
  deps: SendDeps,
  items: readonly SendableItem[],
  reached = 0,
): Promise<readonly ItemAnswer[]> {
  return sendFrom(deps, items, reached === 0 ? atStart : { ...atStart, reached })
}

async function sendFrom(
  deps: SendDeps,
  items: readonly SendableItem[],
  going: Going,
): Promise<readonly ItemAnswer[]> {
  const { captured } = going
  const planning =
    captured.size === 0
      ? deps
      : { ...deps, captured: (item: SendableItem, name: string) => captured.get(item)?.[name] }
  const answers: ItemAnswer[] = []
  for (const group of planGroups(planning, items)) answers.push(...(await sendGroup(deps, group, going)))
  return answers
}

async function sendGroup(deps: SendDeps, group: PlannedGroup, going: Going): Promise<readonly ItemAnswer[]> {
  if ('rejected' in group) {
    return group.items.map(() => [{ effect: 'set', verdict: verdict.rejected(group.rejected) }])
  }
  const send = (items: readonly SendableItem[], next = going) => sendFrom(deps, items, next)
  if (group.isStaged || going.reached > 0) return sendStage(deps, group, going, send)
  return (await sendRequests(deps, group, send)).answers
}
