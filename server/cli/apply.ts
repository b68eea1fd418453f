/** `sluice apply`: shows what a file changes, asks, and does it; with --publish it also runs. */
import type { Api, Comparison } from './api.ts'
import { readConfigurationFile, withPlaces } from './configuration-file.ts'
import { countOf, describe, type Paint } from './show.ts'
import { UsageError } from './surroundings.ts'

export interface ApplyOptions {
  readonly path: string
  readonly workspaceId: string
  readonly deleteOthers: boolean
  readonly dryRun: boolean
  /** Whether nobody is asked. */
  readonly yes: boolean
  /** Why it is published; undefined: it is not. */
  readonly publishNotes: string | undefined
}

export interface Terminal {
  say(line: string): void
  readonly paint: Paint
  /** Undefined where nobody can be asked. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined
}

export interface Applied extends Comparison {
  readonly applied: boolean
  /** The number of the version; null: nothing was published. */
  readonly published: number | null
}

export async function apply(
  api: Api,
  secrets: ReadonlyMap<string, string>,
  options: ApplyOptions,
  { ask, paint, say }: Terminal,
): Promise<Applied> {
  const { deleteOthers, dryRun, path, publishNotes, workspaceId } = options
  const file = await readConfigurationFile(path)
  const document = { workspaceId, configuration: file.value, deleteOthers }
  const comparison = await withPlaces(path, file, () => api.compare(document))
  for (const line of describe(comparison, paint)) say(line)
  const given = comparison.variables.flatMap(({ name }) => {
    const value = secrets.get(name)
    return value === undefined ? [] : [{ variable: name, value }]
  })
  sayVariables(comparison, secrets, say)
  if (comparison.others.length > 0 && !deleteOthers) {
    say('What is in the workspace only stays. To delete it, give --delete-others.')
  }
  const isSame = comparison.changes.length === 0
  say(isSame ? 'The workspace is as the file says.' : countOf(comparison))

  const unchanged = { ...comparison, applied: false, published: null }
  const needsWork = !isSame || given.length > 0
  if (!dryRun && (!isSame || publishNotes !== undefined) && !options.yes) {
    if (ask === undefined)
      throw new UsageError('Nobody can be asked here: give --yes to go on, or --dry-run.')
    if (!(await ask(publishNotes === undefined ? 'Apply this?' : 'Apply and publish this?'))) return unchanged
  }
  const fingerprint = needsWork
    ? await withPlaces(path, file, () =>
        api.apply({ ...document, dryRun, secrets: given, fingerprint: comparison.fingerprint }),
      )
    : comparison.fingerprint
  if (dryRun) {
    say('All of it was checked, data sources included. Nothing was changed.')
    return unchanged
  }
  const applied = fingerprint !== comparison.fingerprint
  if (applied) say(isSame ? 'Secrets were replaced.' : 'Applied to the working copy.')
  if (publishNotes === undefined) {
    if (applied) say('It runs once it is published: repeat this with --publish --notes "why".')
    return { ...comparison, applied, published: null }
  }
  const published = await api.publish({ workspaceId, notes: publishNotes, fingerprint })
  say(`Version ${published} is published and runs.`)
  return { ...comparison, applied, published }
}

/** Secrets are told by the names of their variables alone. */
function sayVariables(
  { variables }: Comparison,
  secrets: ReadonlyMap<string, string>,
  say: Terminal['say'],
): void {
  for (const { name, isSet } of variables) {
    if (secrets.has(name)) say(`${name} is taken from the environment.`)
    else if (isSet) say(`${name} is not set here: the secret in the workspace stays.`)
  }
}
