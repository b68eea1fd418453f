/** The one promise of the SQL prefilter, on a real PostgreSQL: a row that meets the conditions meets the SQL. */
import fc from 'fast-check'
import { afterAll, beforeAll, it } from 'vitest'
import {
  expectNumbersFound,
  expectSoundPrefilter,
  type PrefilterScene,
} from '../../source-testing/testing/prefilter-property.ts'
import {
  day,
  decimal,
  double,
  flagItems,
  float,
  instant,
  list,
  numberItems,
  type PrefilterTable,
  tableSql,
  text,
  textItems,
  wholeNumber,
} from '../../source-testing/testing/prefilter-values.ts'
import { anywhere, createDatabase, dialect, publicTable, type ScratchDatabase } from '../testing/scratch.ts'
import source from './index.ts'

const rowCount = 800

const braces = (items: string) => `{${items}}`

/** Types that an attribute can come from, with texts that cast to them. */
const table: PrefilterTable = {
  text: ['text', text],
  loose: ['text COLLATE letters', text],
  padded: ['character(4)', text.map((value) => value.slice(0, 2))],
  small: ['smallint', wholeNumber(16)],
  int: ['integer', wholeNumber(32)],
  big: ['bigint', wholeNumber(64)],
  exact: ['numeric(22,4)', decimal(22, 4)],
  free: ['numeric', fc.oneof(decimal(22, 4), fc.constantFrom('NaN', '0.1', '1e40', '-1e-40'))],
  dbl: ['double precision', double],
  flt: ['real', float],
  flag: ['boolean', fc.boolean()],
  day: ['date', day],
  wall: ['timestamp', instant(6)],
  millis: ['timestamp(3)', instant(6)],
  zoned: ['timestamptz', instant(6).map((value) => `${value}+02`)],
  uuid: ['uuid', fc.uuid()],
  choice: ['choice', fc.constantFrom('a', 'A', 'b')],
  texts: ['text[]', list(textItems, braces)],
  numbers: ['double precision[]', list(numberItems, braces)],
  exacts: ['numeric[]', list(numberItems, braces)],
  flags: ['boolean[]', list(flagItems, braces)],
}

let database: ScratchDatabase
let scene: PrefilterScene

beforeAll(async () => {
  database = await createDatabase()
  await database.run(`
    CREATE COLLATION letters (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
    CREATE TYPE choice AS ENUM ('b', 'a', 'A');
    SET TimeZone = 'UTC';
    ${tableSql('t', table, rowCount).join(';\n')}`)
  const connection = await source.connect(database.settings, database.secrets, anywhere)
  const columns = (await connection.describe(publicTable('t'))).filter(({ name }) => name !== 'id')
  scene = { connection, dialect, table: 'public.t', columns, rowCount }
})
afterAll(async () => {
  await scene?.connection.close()
  await database?.drop()
})

it.each([
  ['UTC', 'public.t'],
  ['Europe/Amsterdam', '(SELECT * FROM public.t -- as a person writes it\n) AS queried'],
])(
  'with naive timestamps in %s, over %s, the SQL lets through what the predicate lets through, and still filters',
  (timeZone, read) => expectSoundPrefilter({ ...scene, table: read }, timeZone),
)

it('finds every number by the double that it is here', () => expectNumbersFound(scene))
