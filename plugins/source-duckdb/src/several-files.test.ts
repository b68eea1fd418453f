// Folders and patterns: which files are read, as one table or as many, and that none of them lies elsewhere.
import { appendFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import type { SourceConnection } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { connectTo, readTable, runIn, scratchFolder } from '../testing/scratch.ts'
import { changeToken } from './change-token.ts'

/** `orders/` with two csv files of different columns, a parquet file below, and things that are no tables. */
async function orders(): Promise<{ root: string; folder: string }> {
  const root = await scratchFolder()
  const folder = `${root}/orders`
  await mkdir(`${folder}/eu`, { recursive: true })
  await writeFile(`${folder}/a.csv`, 'id,note,at\n1,one,2024-07-01 10:00:00\n2,two,2024-07-02 10:00:00\n')
  await writeFile(`${folder}/b.csv`, 'id,total,note\n3,1.5,"th,ree"\n')
  await writeFile(`${folder}/readme.txt`, 'no table')
  await runIn(':memory:', `COPY (SELECT 4 AS id, 'four' AS note) TO '${folder}/eu/c.parquet'`)
  return { root, folder }
}

const namesOf = async (connection: SourceConnection) =>
  (await connection.listTables()).map(({ name }) => name)

describe('a folder', () => {
  it('has a table for each of its own files', async () => {
    const { root, folder } = await orders()
    const connection = await connectTo(folder, { allowed: [root] })
    expect(await namesOf(connection)).toEqual(['a', 'b'])
    expect(await readTable(connection, 'b')).toEqual([[3, 1.5, 'th,ree']])
  })

  it('that is allowed may be read itself, and one without tables has none', async () => {
    const { root, folder } = await orders()
    expect(await namesOf(await connectTo(folder, { allowed: [folder] }))).toEqual(['a', 'b'])
    await mkdir(`${root}/empty`)
    await expect(connectTo(`${root}/empty`, { allowed: [root] })).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('a pattern', () => {
  it('has a table for each file that it fits, named so that they differ', async () => {
    const { root, folder } = await orders()
    await writeFile(`${folder}/a.json`, '[{"id": 9}]')
    const connection = await connectTo(`${folder}/**/*`, { allowed: [root] })
    expect((await namesOf(connection)).toSorted()).toEqual(['a.csv', 'a.json', 'b', 'eu/c'])
    expect(await readTable(connection, 'eu/c')).toEqual([[4, 'four']])
    expect(await namesOf(await connectTo(`${folder}/{b,c}.*`, { allowed: [root] }))).toEqual(['b'])
  })

  it('is one table where that is asked for, with the columns of all by name', async () => {
    const { root, folder } = await orders()
    const options = { allowed: [root], oneTable: true }
    const connection = await connectTo(`${folder}/*.csv`, options)
    expect(await namesOf(connection)).toEqual(['orders'])
    const columns = await connection.describe({ name: 'orders' })
    expect(columns.map(({ name, type }) => [name, type])).toEqual([
      ['id', 'number'],
      ['note', 'string'],
      ['at', 'date'],
      ['total', 'number'],
    ])
    expect(await readTable(connection, 'orders')).toEqual([
      [1, 'one', new Date('2024-07-01T10:00:00Z'), null],
      [2, 'two', new Date('2024-07-02T10:00:00Z'), null],
      [3, 'th,ree', null, 1.5],
    ])
    await writeFile(`${folder}/d.csv`, 'id\n7\n')
    await writeFile(`${folder}/e.csv`, '')
    expect(await readTable(await connectTo(`${folder}/*.csv`, options), 'orders')).toHaveLength(4)
  })

  it.each([
    ['parquet', 'COPY (SELECT $i AS id) TO'],
    ['json', 'COPY (SELECT $i AS id) TO'],
  ])('takes %s files together too', async (ending, copy) => {
    const folder = await scratchFolder()
    for (const i of [1, 2]) {
      await runIn(':memory:', `${copy.replace('$i', String(i))} '${folder}/${i}.${ending}'`)
    }
    const connection = await connectTo(`${folder}/*.${ending}`, { allowed: [folder], oneTable: true })
    const [name = ''] = await namesOf(connection)
    expect(await readTable(connection, name)).toEqual([[1], [2]])
  })

  it('of files that do not go together is refused, naming why', async () => {
    const { root, folder } = await orders()
    const options = { allowed: [root], oneTable: true }
    await expect(connectTo(`${folder}/**/*`, options)).rejects.toMatchObject({
      code: 'bad_settings',
      message: expect.stringContaining('csv, parquet'),
    })
    await writeFile(`${folder}/b.csv`, 'id;total\n3;1\n')
    await expect(connectTo(`${folder}/*.csv`, options)).rejects.toMatchObject({ code: 'bad_file' })
  })

  it('names the file that is broken, and the line', async () => {
    const { root, folder } = await orders()
    await writeFile(`${folder}/b.csv`, 'id,note\n3,x,CANARY-7f3a\n')
    const failure = connectTo(`${folder}/*.csv`, { allowed: [root], oneTable: true })
    await expect(failure).rejects.toMatchObject({
      code: 'bad_file',
      message: expect.stringContaining('“b.csv” cannot be read at line 2'),
    })
    await expect(failure).rejects.not.toThrow('CANARY')
  })

  it('of a file with brackets in its name is that file', async () => {
    const folder = await scratchFolder()
    await writeFile(`${folder}/a[1].csv`, 'id\n5\n')
    expect(await readTable(await connectTo(`${folder}/a[1].csv`), 'a[1]')).toEqual([[5]])
  })
})

describe('the allowed folders', () => {
  it('hold for every file of a folder or pattern, through links and dots', async () => {
    const { root, folder } = await orders()
    await mkdir(`${root}/secret`)
    await writeFile(`${root}/secret/s.csv`, 'id\n1\n')
    await symlink(`${root}/secret`, `${folder}/linked`)
    const allowed = [folder]
    for (const path of [
      `${root}/secret`,
      `${root}/secret/*.csv`,
      `${root}/*/s.csv`,
      `${folder}/../secret/*`,
      `${folder}/*/../../secret/*`,
      `${folder}/linked`,
      `${folder}/linked/*.csv`,
      '/etc/*',
      '/*',
    ]) {
      await expect(connectTo(path, { allowed }), path).rejects.toMatchObject({ code: 'not_allowed' })
    }
    // Links in a folder are passed over, to folders and to files.
    await symlink(`${root}/secret/s.csv`, `${folder}/z.csv`)
    expect((await namesOf(await connectTo(`${folder}/**/*.csv`, { allowed }))).toSorted()).toEqual(['a', 'b'])
  })

  it('keep statements from any file that was not found', async () => {
    const { root, folder } = await orders()
    const connection = await connectTo(`${folder}/a.*`, { allowed: [root] })
    for (const file of [`${folder}/b.csv`, `${folder}/*.csv`, `${folder}/a.csv/../b.csv`]) {
      await expect(connection.describeSql(`SELECT * FROM read_csv('${file}')`), file).rejects.toMatchObject({
        code: 'not_allowed',
      })
    }
  })
})

describe('the change token', () => {
  it('differs when a file comes, goes or grows, and stays else', async () => {
    const { root, folder } = await orders()
    const token = () => changeToken({ path: `${folder}/**/*.csv` }, { allowedDirectories: [root] })
    const tokens = [await token()]
    expect(await token()).toBe(tokens[0])
    await writeFile(`${folder}/eu/n.csv`, 'id\n1\n')
    tokens.push(await token())
    await appendFile(`${folder}/eu/n.csv`, '2\n')
    tokens.push(await token())
    await rm(`${folder}/a.csv`)
    tokens.push(await token())
    expect(new Set(tokens).size).toBe(4)
  })
})
