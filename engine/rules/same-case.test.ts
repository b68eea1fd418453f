/** Ignoring case against all of Unicode: one folding, in plain operators and in patterns alike. */
import { expect, it } from 'vitest'
import { compilePattern } from './patterns.ts'
import { ignoringCase } from './same-case.ts'

/** Every character that has another case, without halves of pairs. */
function casedCharacters(): readonly string[] {
  const characters: string[] = []
  for (let code = 1; code < 0x20000; code += 1) {
    if (code >= 0xd800 && code <= 0xdfff) continue
    const character = String.fromCodePoint(code)
    if (character.toLowerCase() !== character || character.toUpperCase() !== character) {
      characters.push(character)
    }
  }
  return characters
}

const cased = casedCharacters()

it('holds a character equal to its simple upper and lower case, but for what Turkish has of its own', () => {
  expect(cased.length).toBeGreaterThan(2_000)
  const apart = cased.flatMap((character) => {
    const others = [character.toLowerCase(), character.toUpperCase()].filter(
      (other) => [...other].length === 1 && other !== character,
    )
    const same = ignoringCase('equals', character)
    return others.filter((other) => !same(other)).map((other) => character + other)
  })
  expect(apart).toEqual(['ıI'])
})

it('never takes one character for two, or for another letter', () => {
  for (const [wanted, text] of [
    ...[
      ['ß', 'ss'],
      ['SS', 'ß'],
      ['İ', 'i'],
      ['i', 'İ'],
      ['ı', 'i'],
      ['é', 'e'],
      ['é', 'e\u0301'],
    ],
    ...[
      ['ﬁ', 'fi'],
      ['Ǆ', 'dž'],
    ],
  ] as const) {
    expect(ignoringCase('equals', wanted)(text)).toBe(false)
  }
})

it('folds as patterns do', () => {
  const different = cased.filter((character) => {
    const pattern = compilePattern(`^${character}$`, { ignoreCase: true, multiline: false })
    if (!pattern.ok) return true
    const same = ignoringCase('equals', character)
    const others = [character, character.toLowerCase(), character.toUpperCase()]
    return others.some((other) => pattern.test(other) !== same(other))
  })
  expect(different).toEqual([])
})
