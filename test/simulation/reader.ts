/** The source as a pass reads it: slowly now and then, and not always to the end. */
import { type SourceConnection, SourceError } from '@sluice/connector-sdk'
import type { Process } from './process.ts'
import type { Table } from './table.ts'
import type { World } from './world.ts'

const broken = () => new SourceError('broken_stream', 'The source broke off.')

export function openSource({ fails, random, tell }: World, table: Table, process: Process): SourceConnection {
  /** What was read is on its way: it gets older, or lost. */
  function travel(): Promise<void> {
    return new Promise((resolve, reject) => {
      const ms = fails('slowRead') ? random.below(20_000) : random.between(1, 80)
      const isBroken = fails('sourceError')
      if (isBroken) tell(() => `${process.name}: the source fails`)
      process.reach(ms, () => (isBroken ? reject(broken()) : resolve()))
    })
  }

  const source = table.source.connect({ beforeBatch: (index) => (index < 0 ? Promise.resolve() : travel()) })
  return {
    ...source,
    async query(statement) {
      const batch = await source.query(statement)
      await travel()
      return batch
    },
  }
}
