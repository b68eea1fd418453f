/** Keeps newer items of a recipient behind what is open for it: in the lane's deliveries, and in this pass. */
import type { CompiledLane } from '../compile.ts'
import { keyOf, type Position } from '../reading/position.ts'
import { held, type Item } from './item.ts'
import type { Holder, PassProgress } from './progress.ts'

export interface Holds {
  /** Learns what earlier passes and deliveries left open. */
  load(): Promise<void>
  /**
   * The items as they may go: those behind an open one are held. What an earlier delivery still wanted to send of
   * the same rows is superseded.
   */
  screen(items: readonly Item[]): Promise<readonly Item[]>
  /** Says that an item of the recipient stays open, in this pass. */
  add(recipient: string): void
  isHeld(recipient: string): boolean
  /** Whether nothing is open in this pass, which is the rule. */
  isEmpty(): boolean
}

interface Deps {
  readonly lane: CompiledLane
  readonly progress: PassProgress
}

/** A copy: the text may be a piece of a page's texts, which it would keep in memory with it. */
function apart(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string
}

/** What names a row, as one text. */
export function rowOf({ source }: CompiledLane, position: Position): string {
  return JSON.stringify(keyOf(source, position))
}

export function createHolds({ lane, progress }: Deps): Holds {
  const ofThisPass = new Set<string>()
  /** By the recipient's hash. While it is empty, which is the rule, no item is hashed. */
  const holders = new Map<string, readonly Holder[]>()

  function forget(ids: ReadonlySet<string>): void {
    for (const [recipient, before] of holders) {
      const left = before.filter(({ id }) => !ids.has(id))
      if (left.length === 0) holders.delete(recipient)
      else if (left.length < before.length) holders.set(recipient, left)
    }
  }

  /** Asks what became of holders of earlier deliveries: their own passes go on meanwhile. */
  async function ask(met: ReadonlyMap<string, boolean>): Promise<void> {
    if (met.size === 0) return
    const standing = await progress.stillHolding([...met].map(([id, isSameRow]) => ({ id, isSameRow })))
    forget(new Set([...met.keys()].filter((id) => !standing.has(id))))
  }

  return {
    async load() {
      holders.clear()
      for (const holder of await progress.holders()) {
        holders.set(holder.recipient, [...(holders.get(holder.recipient) ?? []), holder])
      }
    },
    async screen(items) {
      if (holders.size === 0) return items
      const recipients = new Map<Item, string>()
      const met = new Map<string, boolean>()
      for (const item of items) {
        if (item.kind !== 'sendable') continue
        const recipient = progress.hashOf(item.recipient)
        const before = holders.get(recipient)
        if (before === undefined) continue
        recipients.set(item, recipient)
        const row = progress.hashOf(rowOf(lane, item.position))
        for (const { id, isOwn, row: heldRow } of before) {
          if (!isOwn) met.set(id, met.get(id) === true || heldRow === row)
        }
      }
      if (recipients.size === 0) return items
      await ask(met)
      return items.map((item) => {
        const recipient = recipients.get(item)
        const isBehind = recipient !== undefined && holders.has(recipient)
        return isBehind && item.kind === 'sendable' ? held(item) : item
      })
    },
    add: (recipient) => void ofThisPass.add(apart(recipient)),
    isHeld: (recipient) => ofThisPass.has(recipient),
    isEmpty: () => ofThisPass.size === 0,
  }
}
