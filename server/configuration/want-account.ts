/** A connection or a connector as a document wants it: its settings by the plugin's form, its secrets by their variables. */
import { isDeepStrictEqual } from 'node:util'
import { type PublicSettings, secretNames } from '@sluice/connector-sdk'
import {
  readConnection,
  type SavedConnection,
  unknownTypeIssue as unknownSourceType,
} from '../connections/read-connection.ts'
import {
  newConnectorIssues,
  readAccount,
  unknownTypeIssue as unknownConnectorType,
} from '../connectors/read-connector.ts'
import type { Issue } from '../problems/rules.ts'
import type { Registry } from '../registry/registry.ts'
import { nameIssues } from '../workspaces/name-issues.ts'
import { notesIssues } from '../workspaces/notes-issues.ts'
import type { SettingsResult } from '../workspaces/plugin-settings.ts'
import type { Secrets } from '../workspaces/secrets.ts'
import type { Match } from './match-entries.ts'
import { issuesAt, type Planning, type Want } from './planning.ts'
import { givenSettings, readToldSettings, secretMissing, withReferences } from './secret-settings.ts'
import { wordsOf } from './words.ts'

type AccountPart = 'connections' | 'connectors'

interface Account {
  readonly name: string
  readonly type: string
  readonly settings: Record<string, unknown>
  readonly notes?: string
}

/** The document of it is its settings without secrets. */
export interface WantedAccount<Entry extends Account> extends Want<Entry, PublicSettings> {
  /** Undefined where they stay. */
  readonly secrets: Secrets | undefined
  readonly variables: readonly Variable[]
}

/** A variable that a document names. */
export interface Variable {
  readonly name: string
  /** Whether the workspace has a value already, which stays where none is given. */
  readonly isSet: boolean
}

/** `settings` are those that are stored. */
export function wantAccount<Entry extends Account>(
  planning: Planning,
  part: AccountPart,
  { entry, id, index }: Match<Entry>,
  stored: { readonly entry: Entry; readonly settings: PublicSettings } | undefined,
  acceptTerms = false,
): WantedAccount<Entry> {
  const { present, secrets: values } = planning
  const { registry } = planning.deps
  const plugin = pluginOf(registry, part, entry.type)
  const saved = stored && { settings: stored.settings, secrets: present.beside.secretsOf.get(id) ?? {} }
  const kept: Secrets = saved?.secrets ?? {}
  const told = readToldSettings(entry.settings, plugin?.secretFields ?? Object.keys(kept))
  const { references } = told
  const before = stored && named(stored.entry, references)
  const asTold = (settings: PublicSettings) =>
    ({ ...entry, settings: withReferences(settings, references) }) as Entry
  const want = {
    id,
    index,
    before,
    variables: [...references].map(([name, env]) => ({ name: env, isSet: name in kept })),
    secrets: undefined,
  }

  const isGiven = [...references.values()].some((env) => values?.has(env) === true)
  const isAsItWas = told.issues.length === 0 && !isGiven
  if (before !== undefined && isAsItWas && isDeepStrictEqual(before, asTold(told.settings))) {
    return { ...want, after: before, document: stored?.settings, issues: [] }
  }
  const issues: Issue[] = [...nameIssues(entry.name), ...notesIssues(entry.notes ?? ''), ...told.issues]
  if (before !== undefined && before.type !== entry.type) issues.push(typeStays(part, before.type))
  if (plugin === undefined) {
    issues.push(unknownType(registry, part, entry.type))
    return {
      ...want,
      after: asTold(told.settings),
      document: undefined,
      issues: issuesAt(part, index, issues),
    }
  }
  if (before === undefined) issues.push(...plugin.newIssues(acceptTerms))
  const missing = [...references].filter(([name, env]) => values?.has(env) !== true && !(name in kept))
  if (values !== undefined) issues.push(...missing.map(([name, env]) => secretMissing(name, env)))
  const read = plugin.read(givenSettings(told, values, kept), saved ?? null)
  // What a secret that nobody has given would tell is told once it is given.
  const untold = values === undefined ? [...references] : missing
  const isTold = ({ path }: Issue) => !untold.some(([name]) => name === path[1])
  if (!read.ok) issues.push(...read.issues.filter(isTold))
  const settings = read.ok ? read.settings : told.settings
  const isChanged = read.ok && values !== undefined && !isDeepStrictEqual({ ...read.secrets }, { ...kept })
  return {
    ...want,
    after: asTold(settings),
    document: issues.length === 0 ? settings : undefined,
    secrets: isChanged ? read.secrets : undefined,
    issues: issuesAt(part, index, issues),
  }
}

/** What is there under the names of variables that the document has for the same secrets: those say nothing new. */
function named<Entry extends Account>(entry: Entry, references: ReadonlyMap<string, string>): Entry {
  const settings = Object.entries(entry.settings).map(([name, value]) => {
    const env = references.get(name)
    return [name, env === undefined ? value : { env }]
  })
  return { ...entry, settings: Object.fromEntries(settings) }
}

interface AccountPlugin {
  readonly secretFields: readonly string[]
  /** What keeps anybody from making a new one. */
  newIssues(acceptTerms: boolean): readonly Issue[]
  read(given: PublicSettings, saved: SavedConnection | null): SettingsResult
}

function pluginOf(registry: Registry, part: AccountPart, type: string): AccountPlugin | undefined {
  if (part === 'connections') {
    const definition = registry.source(type)?.definition
    return (
      definition && {
        secretFields: secretNames(definition.settings),
        newIssues: () => [],
        read: (given, saved) => readConnection(definition, given, saved),
      }
    )
  }
  const definition = registry.connector(type)?.definition
  return (
    definition && {
      secretFields: secretNames(definition.settings),
      newIssues: (acceptTerms) => newConnectorIssues(definition, acceptTerms),
      read: (given, saved) => readAccount(definition, given, saved),
    }
  )
}

function unknownType(registry: Registry, part: AccountPart, type: string): Issue {
  const idsOf = (installed: readonly { readonly definition: { readonly id: string } }[]) =>
    installed.map(({ definition }) => definition.id)
  return part === 'connections'
    ? unknownSourceType(type, idsOf(registry.sources()))
    : unknownConnectorType(type, idsOf(registry.connectors()))
}

function typeStays(part: AccountPart, type: string): Issue {
  const { singular } = wordsOf(part)
  const message = `The ${singular} is of the type "${type}", which cannot change. Give the one of another type another name.`
  return { path: ['type'], code: 'type_stays', message }
}
