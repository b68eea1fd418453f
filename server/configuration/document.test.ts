import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { configurationSchema, type Part, parts } from './document.ts'

const reference = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8')

function fieldsOf(part: Part): readonly string[] {
  const entry: unknown = configurationSchema.shape[part].def.innerType.element
  return entry instanceof z.ZodObject ? Object.keys(entry.shape) : []
}

test.each(parts)('docs/configuration.md lists the fields of %s, and no others', (part) => {
  const [row = ''] = reference.match(new RegExp(`^\\| \`${part}\` .*$`, 'm')) ?? []
  const [, , cell = ''] = row.split('|')
  const ofQuery = ['table', 'sql', 'schema', 'columns', 'where']
  const named = [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)
  expect(new Set(named.filter((name) => part !== 'dataSources' || !ofQuery.includes(name)))).toEqual(
    new Set(fieldsOf(part)),
  )
})
