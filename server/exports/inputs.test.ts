/** The parameters of an export's address: read strictly, and told what is wrong with them all at once. */
import { describe, expect, it } from 'vitest'
import { InvalidInput } from '../problems/rules.ts'
import { type ExportRequest, readRequest } from './inputs.ts'

const uuid = '0190a1b2-0000-7000-8000-000000000000'
const now = new Date('2026-03-01T12:00:00Z')
const all = { scopes: ['workspace', 'connector', 'action'], takesGrain: true } as const
const some = { scopes: ['workspace', 'connector'], takesGrain: false } as const

const read = (query: string, accepted: typeof all | typeof some = all): ExportRequest =>
  readRequest(new URLSearchParams(query), accepted, now)

function codesOf(query: string, accepted: typeof all | typeof some = all): readonly string[] {
  try {
    read(query, accepted)
  } catch (error) {
    if (error instanceof InvalidInput)
      return error.issues.map(({ code, path }) => `${path.join('.')}: ${code}`)
    throw error
  }
  return []
}

describe('parameters', () => {
  it('are of the past 24 hours, by the hour, where they say no more', () => {
    expect(read(`workspace=Workspace_${uuid}`)).toEqual({
      scope: { name: 'workspace', id: uuid },
      range: { name: 'PAST_24_HOURS' },
      grain: 'HOUR',
    })
  })

  it('name a range, or where one begins and ends', () => {
    expect(read(`action=Action_${uuid}&range=PAST_30_DAYS&grain=DAY`)).toEqual({
      scope: { name: 'action', id: uuid },
      range: { name: 'PAST_30_DAYS' },
      grain: 'DAY',
    })
    expect(
      read(`connector=Connector_${uuid}&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00.5%2B01:00`),
    ).toMatchObject({
      range: {
        name: 'CUSTOM',
        from: new Date('2026-01-01T00:00:00Z'),
        to: new Date('2026-01-01T23:00:00.5Z'),
      },
    })
  })

  it.each([
    ['', [': required']],
    ['workspace=1', ['workspace: bad_id']],
    [`workspace=Connector_${uuid}`, ['workspace: bad_id']],
    [`workspace=Workspace_${uuid}&action=Action_${uuid}`, [': not_applicable']],
    [`workspace=Workspace_${uuid}&workspace=Workspace_${uuid}`, ['workspace: not_applicable']],
    [`workspace=Workspace_${uuid}&form=2026-01-01`, ['form: unrecognized_keys']],
    [`workspace=Workspace_${uuid}&from=yesterday`, ['from: invalid_format']],
    [`workspace=Workspace_${uuid}&from=2026-01-01T00:00:00`, ['from: invalid_format']],
    [`workspace=Workspace_${uuid}&to=2026-01-01T00:00:00Z`, ['from: range_unclear']],
    [`workspace=Workspace_${uuid}&range=PAST_7_DAYS&from=2026-01-01T00:00:00Z`, ['from: range_unclear']],
    [`workspace=Workspace_${uuid}&from=2026-05-01T00:00:00Z`, ['from: period_empty']],
    [
      `workspace=Workspace_${uuid}&range=LAST_WEEK&grain=WEEK`,
      ['range: invalid_value', 'grain: invalid_value'],
    ],
    [
      'acton=x&from=1&range=2',
      ['acton: unrecognized_keys', ': required', 'range: invalid_value', 'from: invalid_format'],
    ],
  ])('%j has all its problems told', (query, codes) => {
    expect(codesOf(query)).toEqual(codes)
  })

  it('are those of the export alone', () => {
    expect(codesOf(`action=Action_${uuid}&grain=DAY`, some)).toEqual([
      'action: unrecognized_keys',
      'grain: unrecognized_keys',
      ': required',
    ])
  })
})
