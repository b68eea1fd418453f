// Asks a Temporal server for our namespace, and prepares it on a server that is run elsewhere.
import { setTimeout as sleep } from 'node:timers/promises'
import { Connection, isGrpcServiceError } from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time.js'
import { EmbeddedError } from './embedded-error.ts'

/** Workflows carry the action they work for, so that people can find them. */
export const searchAttribute = 'Action'

export type NamespaceAnswer = 'known' | 'missing' | 'unreachable'

const [notFound, alreadyExists] = [5, 6]
const keywordType = 2
const retention = '24 hours'
/** The parts of a server learn of a new namespace one after the other, within seconds. */
const knownWithinMs = 30_000
const pollMs = 100

export async function askNamespace(address: string, namespace: string): Promise<NamespaceAnswer> {
  const connection = await Connection.connect({ address, connectTimeout: '5 seconds' }).catch(() => undefined)
  if (connection === undefined) return 'unreachable'
  try {
    await connection.withDeadline(Date.now() + 5_000, () =>
      connection.workflowService.describeNamespace({ namespace }),
    )
    return 'known'
  } catch (error) {
    return hasStatus(error, notFound) ? 'missing' : 'unreachable'
  } finally {
    await connection.close()
  }
}

/** Makes what a server of somebody else does not have yet: the namespace and the search attribute. */
export async function prepareNamespace(address: string, namespace: string): Promise<void> {
  const answer = await askNamespace(address, namespace)
  if (answer === 'unreachable') {
    throw new EmbeddedError(
      'temporal_unreachable',
      `No Temporal server answers at ${address}. Check TEMPORAL_ADDRESS, or leave it out to use an embedded one.`,
    )
  }
  const connection = await Connection.connect({ address, connectTimeout: '5 seconds' })
  try {
    if (answer === 'missing') await register(connection, namespace)
    await whenKnown(() => addSearchAttribute(connection, namespace))
  } catch (cause) {
    throw new EmbeddedError(
      'temporal_unreachable',
      `The Temporal server at ${address} does not let us prepare the namespace ${namespace}. Ask who runs it for the namespace with a search attribute ${searchAttribute} of type Keyword, or name another in TEMPORAL_NAMESPACE.`,
      { cause },
    )
  } finally {
    await connection.close()
  }
}

async function register(connection: Connection, namespace: string): Promise<void> {
  await ignoreExisting(
    connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs(retention),
    }),
  )
}

async function whenKnown(work: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + knownWithinMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!hasStatus(error, notFound) || performance.now() > deadline) throw error
    }
    await sleep(pollMs)
  }
}

async function addSearchAttribute(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace })
  if (customAttributes?.[searchAttribute] !== undefined) return
  await ignoreExisting(
    connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: { [searchAttribute]: keywordType },
    }),
  )
}

/** Another process may have been first. */
async function ignoreExisting(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!hasStatus(error, alreadyExists)) throw error
  }
}

function hasStatus(error: unknown, status: number): boolean {
  return isGrpcServiceError(error) && Number(error.code) === status
}
