/** The pieces of a re-scan: every row in exactly one, with the moment at which it was last asked. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Position } from '../reading/position.ts'
import { piecesOf } from './rescan.ts'

const isBefore = async ([a = '']: Position, [b = '']: Position) => Number(a) <= Number(b)
const at = (place: number | null) => (place === null ? null : [String(place)])

type Asked = readonly [after: number | null, until: number, at: number]

async function pieces(until: number, asked: readonly Asked[]): Promise<Asked[]> {
  const found = await piecesOf({
    since: 0,
    until: [String(until)],
    asked: asked.map(([after, end, moment]) => ({ after: at(after), until: [String(end)], at: moment })),
    isBefore,
  })
  return found.map((piece) => [
    piece.after === null ? null : Number(piece.after[0]),
    Number(piece.until[0]),
    piece.at,
  ])
}

it.each<readonly [string, number, readonly Asked[], readonly Asked[]]>([
  ['nothing changed', 9, [], [[null, 9, 0]]],
  ['all is new', 9, [[null, 9, 1]], [[null, 9, 1]]],
  [
    'something is new',
    9,
    [[5, 9, 1]],
    [
      [null, 5, 0],
      [5, 9, 1],
    ],
  ],
  [
    'two deliveries follow each other',
    9,
    [
      [5, 7, 1],
      [7, 9, 2],
    ],
    [
      [null, 5, 0],
      [5, 7, 1],
      [7, 9, 2],
    ],
  ],
  [
    'a stretch had nothing to deliver',
    9,
    [
      [3, 5, 1],
      [7, 8, 2],
    ],
    [
      [null, 3, 0],
      [3, 5, 1],
      [5, 7, 0],
      [7, 8, 2],
      [8, 9, 0],
    ],
  ],
  [
    'people had a part read again',
    9,
    [
      [3, 9, 1],
      [5, 9, 2],
    ],
    [
      [null, 3, 0],
      [3, 5, 1],
      [5, 9, 2],
    ],
  ],
  [
    'people had all read again',
    9,
    [
      [3, 6, 1],
      [6, 9, 2],
      [null, 9, 3],
    ],
    [[null, 9, 3]],
  ],
  [
    'a part was read again and left',
    9,
    [
      [3, 9, 1],
      [5, 6, 2],
    ],
    [
      [null, 3, 0],
      [3, 5, 1],
      [5, 6, 2],
      [6, 9, 0],
    ],
  ],
])('when %s', async (_, until, asked, expected) => {
  expect(await pieces(until, asked)).toEqual(expected)
})

it('has every place once, in order, whatever was read again', async () => {
  const stretch = fc
    .tuple(fc.option(fc.integer({ min: 1, max: 18 })), fc.integer({ min: 1, max: 10 }))
    .map(([after, length]) => ({ after, until: Math.min(19, (after ?? 0) + length) }))
  await fc.assert(
    fc.asyncProperty(fc.array(stretch, { maxLength: 8 }), async (stretches) => {
      const asked = stretches.map(({ after, until }, index): Asked => [after, until, index + 1])
      const found = await pieces(20, asked)
      const ends = found.map(([, until]) => until)
      expect(found.map(([after]) => after ?? 0)).toEqual([0, ...ends.slice(0, -1)])
      expect(ends.at(-1)).toBe(20)
      // A place is never said to have been asked by a delivery that did not, nor by one that a later one overtook.
      for (const [after, until, moment] of found) {
        if (moment === 0) continue
        const [from, to] = asked[moment - 1] ?? [null, 0]
        expect((after ?? 0) >= (from ?? 0) && until <= to).toBe(true)
      }
    }),
  )
})
