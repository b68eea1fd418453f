/** The one promise of the SQL prefilter, on a real DuckDB: a row that meets the conditions meets the SQL. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import duckdb from '@sluice/source-duckdb'
import fc from 'fast-check'
import { afterAll, beforeAll, it } from 'vitest'
import {
  expectNumbersFound,
  expectSoundPrefilter,
  type PrefilterScene,
} from '../../plugins/source-testing/testing/prefilter-property.ts'
import {
  day,
  decimal,
  double,
  flagItems,
  float,
  fraction,
  instant,
  list,
  numberItems,
  type PrefilterTable,
  second,
  tableSql,
  text,
  textItems,
  wholeNumber,
} from '../../plugins/source-testing/testing/prefilter-values.ts'

const rowCount = 1500

const brackets = (items: string) => `[${items}]`

/** Every type that an attribute can come from, with texts that cast to it. */
const table: PrefilterTable = {
  text: ['VARCHAR', text],
  collated: ['VARCHAR COLLATE NOCASE.NOACCENT', text],
  tiny: ['TINYINT', wholeNumber(8)],
  int: ['INTEGER', wholeNumber(32)],
  big: ['BIGINT', wholeNumber(64)],
  ubig: ['UBIGINT', wholeNumber(64).map((value) => (value < 0n ? -value : value))],
  huge: ['HUGEINT', wholeNumber(120)],
  bignum: ['BIGNUM', wholeNumber(200)],
  dec9: ['DECIMAL(9,2)', decimal(9, 2)],
  dec18: ['DECIMAL(18,4)', decimal(18, 4)],
  dec38: ['DECIMAL(38,20)', decimal(38, 20)],
  fine: ['DECIMAL(38,30)', decimal(38, 30)],
  dbl: ['DOUBLE', double],
  flt: ['FLOAT', float],
  flag: ['BOOLEAN', fc.boolean()],
  day: ['DATE', day],
  micros: ['TIMESTAMP', instant(6)],
  nanos: [
    'TIMESTAMP_NS',
    fc
      .tuple(fc.integer({ min: -2e9, max: 4e9 }), fraction(9))
      .map(([seconds, part]) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${part}`),
  ],
  millis: ['TIMESTAMP_MS', instant(3)],
  seconds: ['TIMESTAMP_S', second],
  zoned: ['TIMESTAMP WITH TIME ZONE', instant(6).map((value) => `${value}+02`)],
  uuid: ['UUID', fc.uuid()],
  blob: ['BLOB', fc.constantFrom('a', '\\x00', '\\xFF')],
  choice: ["ENUM('a', 'A', 'b')", fc.constantFrom('a', 'A', 'b')],
  texts: ['VARCHAR[]', list(textItems, brackets)],
  numbers: ['DOUBLE[]', list(numberItems, brackets)],
  wholes: ['BIGINT[]', list(['0', '1', '9007199254740993'], brackets)],
  flags: ['BOOLEAN[]', list(flagItems, brackets)],
}

let folder: string
let scene: PrefilterScene

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-prefilter-'))
  const path = join(folder, 'source.duckdb')
  const instance = await DuckDBInstance.create(path)
  const writer = await instance.connect()
  await writer.run("SET TimeZone = 'UTC'")
  for (const sql of tableSql('t', table, rowCount)) await writer.run(sql)
  writer.closeSync()
  instance.closeSync()
  const context = { allowedDirectories: [folder], isAddressAllowed: () => false }
  const connection = await duckdb.connect({ path }, {}, context)
  const columns = (await connection.describe({ name: 't' })).filter(({ name }) => name !== 'id')
  scene = { connection, dialect: duckdb.dialect, table: 't', columns, rowCount }
})

afterAll(async () => {
  await scene?.connection.close()
  await rm(folder, { recursive: true, force: true })
})

it.each([
  ['UTC', 't'],
  ['Europe/Amsterdam', '(SELECT * FROM t -- as a person writes it\n) AS queried'],
])(
  'with naive timestamps in %s, over %s, the SQL lets through what the predicate lets through, and still filters',
  (timeZone, read) => expectSoundPrefilter({ ...scene, table: read }, timeZone),
)

it('finds every number by the double that it is here', () => expectNumbersFound(scene))
