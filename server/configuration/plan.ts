/** What a document makes of a workspace: everything that is wrong with it, and everything that it changes. */
import type { Context } from '../context.ts'
import { type Issue, rejectIssues } from '../problems/rules.ts'
import type { Documents } from '../versions/rules.ts'
import type { Secrets } from '../workspaces/secrets.ts'
import { changeOf, type PartChange } from './changes.ts'
import { danglingNames } from './dangling-names.ts'
import { type Configuration, type Part, parts, readDocument } from './document.ts'
import { type Entries, entriesOf } from './entries.ts'
import { matchEntries } from './match-entries.ts'
import { type BesidePlan, planBeside } from './plan-beside.ts'
import type { Names, Planning, Want } from './planning.ts'
import { type Present, readPresent } from './read-present.ts'
import type { Variable } from './want-account.ts'
import { type Matched, type Wants, wantAll } from './want-all.ts'

export interface PlanOptions {
  /** Whether what the document lacks is to go. */
  readonly deleteOthers: boolean
  /** See `Planning.secrets`. */
  readonly secrets: ReadonlyMap<string, string> | undefined
}

export interface Plan {
  readonly present: Present
  /** The working copy as it is to be. */
  readonly wanted: Documents
  readonly beside: BesidePlan
  readonly changes: readonly PartChange[]
  /** What the document lacks, and what stays all the same. */
  readonly others: readonly Other[]
  readonly variables: readonly Variable[]
  /** Of connections and connectors whose secrets change, by their ids. */
  readonly secrets: ReadonlyMap<string, ChangedSecrets>
  readonly createsSegments: boolean
}

export interface ChangedSecrets {
  readonly part: 'connections' | 'connectors'
  readonly secrets: Secrets
}

export interface Other {
  readonly part: Part
  readonly name: string
}

/** Throws one `InvalidInput` with everything that is wrong: paths lead into the document. */
export async function planConfiguration(
  context: Context,
  workspaceId: string,
  given: unknown,
  options: PlanOptions,
): Promise<Plan> {
  const reading = readDocument(given)
  const present = await readPresent(context, workspaceId)
  if (!reading.ok) {
    return refuse([...reading.issues, ...danglingNames(given, reading.issues, present.documents, options)])
  }
  const { configuration } = reading
  const matched = matchAll(configuration, present.documents)
  const { registry } = context.deps
  const renamed = new Map(
    [matched.connections, matched.dataSources, matched.segments, matched.connectors]
      .flatMap(
        (each): readonly { readonly id: string; readonly entry: { readonly name: string } }[] => each.matched,
      )
      .map(({ id, entry }) => [id, entry.name]),
  )
  const before = entriesOf(present.documents, present.beside, { registry, renamed })
  const planning: Planning = {
    deps: context.deps,
    workspaceId,
    key: await context.deps.workspaceKeys.of(workspaceId),
    present,
    before,
    secrets: options.secrets,
    names: namesOf(matched, before, options.deleteOthers),
  }
  const wants = await wantAll(planning, matched, options)
  const beside = planBeside(planning, configuration, wants, options)
  const issues = [...Object.values(matched).flatMap((each) => each.issues), ...wants.issues, ...beside.issues]
  if (issues.length > 0) refuse(issues)
  const others = othersOf(matched, before, beside)
  return {
    present,
    wanted: wants.documents,
    beside,
    changes: changesOf(before, wants, beside, options.deleteOthers ? others : []),
    others: options.deleteOthers ? [] : others.map(({ part, name }) => ({ part, name })),
    variables: [...wants.connections, ...wants.connectors].flatMap(({ variables }) => variables),
    secrets: new Map(
      (['connections', 'connectors'] as const).flatMap((part) =>
        wants[part].flatMap(({ id, secrets }) =>
          secrets === undefined ? [] : [[id, { part, secrets }] as const],
        ),
      ),
    ),
    createsSegments: wants.segments.some((want) => want.before === undefined),
  }
}

/** More would help nobody. */
const mostIssues = 500

function refuse(issues: readonly Issue[]): never {
  const rest = issues.length - mostIssues
  const more = `There are ${rest} more problems, which are told once these are solved.`
  rejectIssues([
    ...issues.slice(0, mostIssues),
    ...(rest > 0 ? [{ path: [], code: 'too_many_problems', message: more }] : []),
  ])
  throw new Error('There was nothing to refuse.')
}

function matchAll(configuration: Configuration, documents: Documents): Matched {
  const namesById = (list: readonly { readonly id: string; readonly name: string }[]) =>
    new Map(list.map(({ id, name }) => [id, name]))
  const { connections, dataSources, segments, connectors, actions } = configuration
  return {
    connections: matchEntries('connections', connections, namesById(documents.connections)),
    dataSources: matchEntries('dataSources', dataSources, namesById(documents.sources)),
    segments: matchEntries('segments', segments, namesById(documents.segments)),
    connectors: matchEntries('connectors', connectors, namesById(documents.connectors)),
    actions: matchEntries('actions', actions, namesById(documents.actions)),
  }
}

function namesOf(matched: Matched, before: Entries, deleteOthers: boolean): Names {
  const namesIn = (part: keyof Names): ReadonlyMap<string, string> => {
    const others = deleteOthers ? [] : matched[part].others
    const kept = others.map((id) => [before[part].get(id)?.name ?? '', id] as const)
    return new Map([...kept, ...matched[part].matched.map(({ entry, id }) => [entry.name, id] as const)])
  }
  return {
    connections: namesIn('connections'),
    dataSources: namesIn('dataSources'),
    segments: namesIn('segments'),
    connectors: namesIn('connectors'),
  }
}

interface OtherEntry extends Other {
  readonly id: string | null
  readonly entry: { readonly name: string }
}

function othersOf(matched: Matched, before: Entries, beside: BesidePlan): readonly OtherEntry[] {
  return parts.flatMap((part): readonly OtherEntry[] => {
    const isById = part !== 'labels' && part !== 'attributes'
    const ids = isById ? matched[part].others : beside.others[part]
    return ids.flatMap((id): readonly OtherEntry[] => {
      const entry = before[part].get(id)
      return entry === undefined ? [] : [{ part, id: isById ? id : null, name: entry.name, entry }]
    })
  })
}

function changesOf(
  before: Entries,
  wants: Wants,
  beside: BesidePlan,
  going: readonly OtherEntry[],
): readonly PartChange[] {
  return parts.flatMap((part) => {
    const wanted =
      part === 'labels' || part === 'attributes'
        ? [...beside[part]].map(([name, after]) => changeOf(part, null, before[part].get(name), after))
        : wants[part].map((want: Want<{ readonly name: string }, unknown>) =>
            changeOf(part, want.id, want.before, want.after),
          )
    const gone = going.filter((other) => other.part === part)
    return [...wanted, ...gone.map(({ id, entry }) => changeOf(part, id, entry, undefined))]
      .filter((change) => change !== undefined)
      .toSorted((left, right) => (left.name < right.name ? -1 : 1))
  })
}
