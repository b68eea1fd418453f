// Arrays as PostgreSQL writes them.
import { describe, expect, it } from 'vitest'
import { readArray } from './read-array.ts'

describe('the text of an array', () => {
  it.each([
    ['{}', []],
    ['{1,2}', ['1', '2']],
    ['{NULL,"NULL",null}', [null, 'NULL', 'null']],
    ['{"",a}', ['', 'a']],
    ['{"a,b","{c}","}"}', ['a,b', '{c}', '}']],
    [String.raw`{"\"q\"","\\","a\\\"b"}`, ['"q"', '\\', 'a\\"b']],
    ['{"line\nbreak"}', ['line\nbreak']],
    ['[0:1]={5,6}', ['5', '6']],
    ['[-1:0]={NULL,"x"}', [null, 'x']],
  ])('%j', (text, elements) => {
    expect(readArray(text, 'v')).toEqual(elements)
  })

  it('of several dimensions is refused by the name of its column', () => {
    for (const text of ['{{1,2},{3,4}}', '[1:1][1:1]={{1}}']) {
      expect(() => readArray(text, 'v')).toThrow(
        expect.objectContaining({ code: 'bad_file', message: expect.stringContaining('“v”') }),
      )
    }
  })
})
