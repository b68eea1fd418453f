/** A configuration in a file: read with the places of everything in it, so that problems say where they are. */
import { readFile, stat } from 'node:fs/promises'
import { maxConfigurationBytes } from '../configuration/size.ts'
import type { Issue } from '../problems/rules.ts'
import { type ApiIssue, Refused } from './api.ts'
import { type Located, type Place, readYaml } from './read-yaml.ts'
import { UsageError } from './surroundings.ts'

export interface ConfigurationFile {
  readonly value: unknown
  place(issue: Issue): Place
}

/** What is wrong with a file, each with its place. */
export class BadFile extends Error {
  override readonly name = 'BadFile'
  readonly code = 'bad_file'
  readonly problems: readonly Located[]
  constructor(path: string, problems: readonly Located[]) {
    const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
    super(sorted.map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`).join('\n'))
    this.problems = sorted
  }
}

export async function readConfigurationFile(path: string): Promise<ConfigurationFile> {
  const reading = readYaml(await textOf(path))
  if (!reading.ok) throw new BadFile(path, reading.problems)
  return reading
}

/** What the API found is said at the places of the file. */
export async function withPlaces<Result>(
  path: string,
  file: ConfigurationFile,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refused) || error.problem.issues === undefined) throw error
    throw new BadFile(
      path,
      error.problem.issues.map((issue) => ({ ...issue, ...file.place(issueOf(issue)) })),
    )
  }
}

function issueOf({ line, column, ...issue }: ApiIssue): Issue {
  return { ...issue, ...(line === null ? {} : { line }), ...(column === null ? {} : { column }) }
}

async function textOf(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > maxConfigurationBytes) {
      throw new UsageError(`${path} has ${size} bytes; a configuration has at most ${maxConfigurationBytes}.`)
    }
    const bytes = await readFile(path)
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof UsageError) throw error
    if (error instanceof TypeError) throw new UsageError(`${path} is not a text in UTF-8.`)
    if (error instanceof Error && 'code' in error) {
      const reason = error.code === 'ENOENT' ? 'is not there' : `cannot be read (${String(error.code)})`
      throw new UsageError(`${path} ${reason}. Make one with \`npm run sluice -- export --out ${path}\`.`)
    }
    throw error
  }
}
