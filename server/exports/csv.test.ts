/** What stands in a CSV file: bytes as RFC 4180 wants them, and nothing that a spreadsheet runs. */
import { describe, expect, it } from 'vitest'
import { csvOf, type Row, withoutFormulas } from './csv.ts'

async function textOf(columns: readonly string[], ...pages: readonly (readonly Row[])[]): Promise<string> {
  let text = ''
  for await (const piece of csvOf(columns, asyncly(pages))) text += piece
  return text
}

async function* asyncly<Page>(pages: readonly Page[]): AsyncGenerator<Page> {
  yield* pages
}

describe('a file', () => {
  it('begins with a byte order mark and the names, and ends each line as RFC 4180 does', async () => {
    expect(await textOf(['name', 'count'], [['Ann', 1]], [['Bob', 2]])).toBe(
      '\uFEFF"name","count"\r\n"Ann",1\r\n"Bob",2\r\n',
    )
  })

  it('of nothing has the names', async () => {
    expect(await textOf(['name'])).toBe('\uFEFF"name"\r\n')
    expect(await textOf(['name'], [])).toBe('\uFEFF"name"\r\n')
  })

  it('keeps numbers, leaves out what is not there, and quotes what separates', async () => {
    const row = [-1, 2 ** 53 - 1, null, 'a "quoted", text', 'two\r\nlines', 'Größe 数 🙂']
    expect(await textOf(['x'], [row])).toBe(
      '\uFEFF"x"\r\n-1,9007199254740991,,"a ""quoted"", text","two\r\nlines","Größe 数 🙂"\r\n',
    )
  })

  it('is asked for no page before the one before was taken', async () => {
    let asked = 0
    const pages = (async function* () {
      for (;;) {
        asked += 1
        yield [[asked]]
      }
    })()
    const pieces = csvOf(['n'], pages)
    await pieces.next()
    expect(asked).toBe(0)
    await pieces.next()
    expect(asked).toBe(1)
    await pieces.return()
    expect((await pages.next()).done).toBe(true)
  })
})

describe('a cell that would be a formula', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t'=1"],
    ['\r=1', "'\r'=1"],
    ['\n=1', "'\n'=1"],
    ['  =1', "'  =1"],
    ['\u00a0=1', "'\u00a0=1"],
    ['＝1', "'＝1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠A', "'＠A"],
    ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
    // Where another character separates cells.
    ['Braze;=1+1', "Braze;'=1+1"],
    ['Braze,=1+1', "Braze,'=1+1"],
    ['Braze\t=1+1', "Braze\t'=1+1"],
    ['Braze\n=1+1', "Braze\n'=1+1"],
  ])('%j is made a text', (text, safe) => {
    expect(withoutFormulas(text)).toBe(safe)
  })

  it.each(['Braze', 'a=b', 'a-b', 'x@example.com', '1-2', '', 'A, b; c', '数=1'])('%j is none', (text) => {
    expect(withoutFormulas(text)).toBe(text)
  })
})
