// Prisma's PostgreSQL adapter, able to read PostgreSQL's catalogue: its columns of type "char" are unknown to it.
import { PrismaPg } from '@prisma/adapter-pg'
import {
  ColumnTypeEnum,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
} from '@prisma/driver-adapter-utils'
import type { Pool, QueryConfig } from 'pg'

const [oneByteChar, text] = [18, 25]

export function catalogueAdapter(pool: Pool): SqlMigrationAwareDriverAdapterFactory {
  const plain = new PrismaPg(pool)
  return {
    provider: plain.provider,
    adapterName: plain.adapterName,
    async connect() {
      const adapter = await plain.connect()
      return new Proxy(adapter, {
        get(target, name) {
          if (name === 'queryRaw') return (query: SqlQuery) => queryCatalogue(pool, query)
          const member: unknown = Reflect.get(target, name, target)
          return typeof member === 'function' ? member.bind(target) : member
        },
      })
    },
    connectToShadowDb: () => plain.connectToShadowDb(),
  }
}

/** The adapter gets such columns as texts; the engine gets them as what they are. */
async function queryCatalogue(pool: Pool, query: SqlQuery) {
  const characters: number[] = []
  const asTexts = new Proxy(pool, {
    get(target, name) {
      if (name !== 'query') return Reflect.get(target, name, target)
      return async (config: QueryConfig) => {
        const result = await target.query(config)
        for (const [index, field] of result.fields.entries()) {
          if (field.dataTypeID !== oneByteChar) continue
          field.dataTypeID = text
          characters.push(index)
        }
        return result
      }
    },
  })
  const adapter = await new PrismaPg(asTexts).connect()
  const result = await adapter.queryRaw(query)
  await adapter.dispose()
  const columnTypes = result.columnTypes.map((type, index) =>
    characters.includes(index) ? ColumnTypeEnum.Character : type,
  )
  return { ...result, columnTypes }
}
