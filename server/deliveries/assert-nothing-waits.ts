/** The last look at a delivery before it is called completed. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import { waitingOf } from './rules.ts'

/** The terms of a delivery don't add up at its end: a defect of Sluice. */
export class EquationError extends Error {
  override readonly name = 'EquationError'
  readonly code = 'equation_broken'
  constructor(deliveryId: string, difference: bigint) {
    super(`Delivery ${deliveryId} has ${difference} records without an outcome. Please report this defect.`)
  }
}

/** A completed delivery whose terms don't add up would be a silent loss: it fails loudly instead. */
export async function assertNothingWaits(db: PrismaClient, deliveryId: string): Promise<void> {
  const waiting = waitingOf(await db.delivery.findUniqueOrThrow({ where: { id: deliveryId } }))
  if (waiting !== 0n) throw new EquationError(deliveryId, waiting)
}
