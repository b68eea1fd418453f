/** Saved mappings on their way to the installed version: step by step, purely, or a word why not. */
import type { ActionMapping, MappingMigration } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { type Mappings, mappingsSchema } from './mapping.ts'
import { migrateMappings } from './migrate.ts'

const saved: Mappings = mappingsSchema.parse([
  { parameter: 'phone', from: { kind: 'attribute', attribute: 'tel' } },
  { parameter: 'extra', key: 'plan', from: { kind: 'constant', value: 'free' } },
])

const renamed = (from: string, to: string) => (mappings: readonly ActionMapping[]) =>
  mappings.map((mapping) => (mapping.parameter === from ? { ...mapping, parameter: to } : mapping))

const migrations = { 1: renamed('phone', 'telephone'), 2: renamed('telephone', 'phoneNumber') }

/** Plugins are code of others: they need not keep to their types. */
function codeOf(version: number, given: object, from = 1): string {
  const migrations = given as Readonly<Record<number, MappingMigration>>
  const result = migrateMappings({ title: 'Add', version, migrations }, from, saved)
  return result.ok ? 'ok' : result.problem.code
}

describe('migrateMappings', () => {
  it('takes every step in order, and leaves what is stored as it is', () => {
    const before = structuredClone(saved)
    expect(migrateMappings({ title: 'Add', version: 3, migrations }, 1, saved)).toEqual({
      ok: true,
      mappings: [{ ...saved[0], parameter: 'phoneNumber' }, saved[1]],
    })
    expect(saved).toEqual(before)
  })

  it('starts at the version that they were written for', () => {
    const result = migrateMappings({ title: 'Add', version: 3, migrations }, 2, saved)
    expect(result).toEqual({ ok: true, mappings: saved })
  })

  it('does nothing for the installed version', () => {
    expect(migrateMappings({ title: 'Add', version: 3 }, 3, saved)).toEqual({ ok: true, mappings: saved })
  })

  it.each<[string, string, object]>([
    ['is missing', 'migration_missing', { 1: migrations[1] }],
    [
      'throws',
      'migration_broken',
      {
        ...migrations,
        2: () => {
          throw new Error('free')
        },
      },
    ],
    ['makes no mappings', 'migration_broken', { ...migrations, 2: () => [{ parameter: 'a' }] }],
    ['answers later', 'migration_broken', { ...migrations, 2: async () => [] }],
    [
      'changes what it is given',
      'migration_broken',
      {
        ...migrations,
        1: (mappings: readonly { from: { attribute: string } }[]) => {
          for (const { from } of mappings) from.attribute = 'other'
          return mappings
        },
      },
    ],
  ])('tells when a step %s', (_, code, given) => {
    expect(codeOf(3, given)).toBe(code)
  })

  it('tells when they were written for a version that is not installed', () => {
    expect(codeOf(1, {}, 2)).toBe('action_version_unknown')
  })

  it('quotes nothing of what a step throws', () => {
    const result = migrateMappings(
      {
        title: 'Add',
        version: 2,
        migrations: {
          1: () => {
            throw new Error('a constant')
          },
        },
      },
      1,
      saved,
    )
    expect(JSON.stringify(result)).not.toContain('a constant')
  })
})
