/** Passes over the deliveries of a test's lane, each on the worker's real adapter, and closed with the test. */
import type { Delivery, PrismaClient } from '../../prisma/generated/client/client.ts'
import { createCommitter } from '../../server/deliveries/committer.ts'
import { type OpenPass, openPass } from '../../server/deliveries/open-pass.ts'
import type { TestLane } from './lane-fixture.ts'

export interface OpenPasses {
  /** The next pass of a delivery; null when the delivery is over. */
  tryOpen(lane: TestLane, delivery: Pick<Delivery, 'id'>): Promise<OpenPass | null>
  /** The next pass of a delivery that is not over. */
  open(lane: TestLane, delivery: Pick<Delivery, 'id'>): Promise<OpenPass>
  closeAll(): void
}

/** `now` is the worker's clock. */
export function createOpenPasses(db: PrismaClient, now: number): OpenPasses {
  let passes: OpenPass[] = []
  const committer = createCommitter({ db })

  async function tryOpen({ key }: TestLane, { id }: Pick<Delivery, 'id'>): Promise<OpenPass | null> {
    const pass = await openPass({ db, committer, workspaceKey: async () => key, now: () => now }, id)
    if (pass !== null) passes.push(pass)
    return pass
  }

  return {
    tryOpen,
    async open(lane, delivery) {
      const pass = await tryOpen(lane, delivery)
      if (pass === null) throw new Error('The delivery is over.')
      return pass
    },
    closeAll() {
      for (const pass of passes) pass.close()
      passes = []
    },
  }
}
