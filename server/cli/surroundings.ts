/** What the command `sluice` takes from where it is run: its variables, and the token of this machine's installation. */
import { join } from 'node:path'
import process from 'node:process'
import { readTokenFile } from '../access/token-file.ts'
import { secretVariablePrefix, tokenVariable } from '../configuration/secret-variables.ts'

export interface Surroundings {
  readonly url: string
  readonly token: string
  /** By the names of the variables that stand for secrets. */
  readonly secrets: ReadonlyMap<string, string>
}

/** Something about how the command was called: said without a trace of calls. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'usage'
}

const usualUrl = 'http://127.0.0.1:4000'

/** `url` is that of the command line. */
export async function readSurroundings(url: string | undefined): Promise<Surroundings> {
  const { env } = process
  const given = url ?? nonEmpty(env['SLUICE_URL']) ?? usualUrl
  // `localhost:4000` is an address too: of the protocol "localhost".
  if (!/^https?:\/\//i.test(given) || !URL.canParse(given)) {
    throw new UsageError(
      `"${given}" is no address. Give what \`npm start\` prints after "GraphiQL:" with --url.`,
    )
  }
  const folder = nonEmpty(env['SLUICE_DATA_DIR']) ?? '.sluice'
  const token = nonEmpty(env[tokenVariable]) ?? (await readTokenFile(folder)).token
  if (token === undefined) {
    throw new UsageError(
      `There is no token: set ${tokenVariable}, or run this where \`npm start\` runs (there is none in ${join(folder, 'token')}).`,
    )
  }
  return {
    url: new URL('/graphql', given).href,
    token,
    secrets: new Map(
      Object.entries(env).flatMap(([name, value]) =>
        name.startsWith(secretVariablePrefix) && value !== undefined && value !== '' ? [[name, value]] : [],
      ),
    ),
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim()
}
