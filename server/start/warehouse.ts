/** Generates the demo's warehouse: believable customers, one in a hundred of them without a user id. */
import { rename, rm } from 'node:fs/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { fileExists } from '../embedded/file-exists.ts'

/** Makes the file unless it exists; returns whether it did. A half-written file never stands under its name. */
export async function ensureWarehouse(path: string, records: number): Promise<'made' | 'found'> {
  if (await fileExists(path)) return 'found'
  const unfinished = `${path}.unfinished`
  // Of a start that was killed while it made one; DuckDB would apply an old log to the new file.
  for (const path of [unfinished, `${unfinished}.wal`]) await rm(path, { force: true })
  const instance = await DuckDBInstance.create(unfinished)
  const connection = await instance.connect()
  await connection.run(customers, { records })
  await connection.run('CHECKPOINT')
  connection.closeSync()
  instance.closeSync()
  await rename(unfinished, path)
  return 'made'
}

/** Everything follows from the row's number, so that the same number of records is the same warehouse. */
const customers = `
CREATE TABLE customers AS
WITH lists AS (
  SELECT
    ['Ada','Ben','Chloé','Daan','Elif','Femke','Giulia','Hugo','Ines','Jonas','Kaito','Lena','Mateo','Noor','Olga','Priya','Quinn','Rosa','Sven','Tomás','Uma','Victor','Wei','Yara','Zoë'] AS first_names,
    ['Bakker','Costa','Dubois','Eriksen','Fischer','García','Haddad','Ivanova','Jansen','Kowalski','Lopes','Müller','Novák','O''Brien','Petrov','Rossi','Sato','Tanaka','Visser','Wójcik','Yılmaz','Zhang'] AS last_names,
    [('NL','nl','Delft'),('DE','de','Köln'),('FR','fr','Lyon'),('ES','es','Sevilla'),('IT','it','Torino'),('PL','pl','Gdańsk'),('GB','en','Leeds'),('SE','sv','Malmö'),('US','en','Portland'),('JP','ja','大阪')] AS places,
    ['free','free','free','basic','basic','plus','premium'] AS plans
), people AS (
  SELECT n, hash(n) AS h, hash(n + 7919) AS h2, lists.* FROM range(1, $records::BIGINT + 1) AS r(n), lists
), named AS (
  SELECT *,
    first_names[1 + (h % len(first_names))::INTEGER] AS first_name,
    last_names[1 + (h2 % len(last_names))::INTEGER] AS last_name,
    places[1 + ((h // 31) % len(places))::INTEGER] AS place
  FROM people
)
SELECT
  n AS customer_no,
  CASE WHEN n % 100 = 13 THEN NULL ELSE 'cust-' || lpad(n::VARCHAR, 8, '0') END AS external_id,
  CASE WHEN n % 100 = 13 THEN NULL ELSE lower(strip_accents(replace(replace(first_name || '.' || last_name, '''', ''), 'ı', 'i'))) || n || '@example.com' END AS email,
  first_name,
  last_name,
  place[1] AS country,
  place[2] AS language,
  place[3] AS city,
  DATE '1950-01-01' + ((h // 97) % 20000)::INTEGER AS birth_date,
  plans[1 + ((h2 // 13) % len(plans))::INTEGER] AS plan,
  (((h // 7) % 250000) / 100.0)::DECIMAL(10, 2) AS lifetime_value,
  ((h2 // 5) % 60)::INTEGER AS orders,
  (h // 3) % 10 < 8 AS marketing_consent,
  TIMESTAMP '2024-06-01' + INTERVAL (((h // 11) % 25000000)::BIGINT) SECOND AS last_order_at,
  TIMESTAMP '2024-06-01' + INTERVAL (((h2 // 17) % 25000000)::BIGINT) SECOND AS updated_at
FROM named ORDER BY n`
