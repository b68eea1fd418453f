/** What in a configuration refers to something that it lacks, and what has a name that another has. */
import {
  type Documents,
  documentKinds,
  entityOfKind,
  listOfKind,
  type PublishProblem,
  problemsAt,
} from './rules.ts'

export function referenceProblems(documents: Documents): readonly PublishProblem[] {
  return [...danglingReferences(documents), ...sharedNames(documents)]
}

function danglingReferences({
  connections,
  sources,
  segments,
  connectors,
  actions,
}: Documents): readonly PublishProblem[] {
  const has = {
    connection: idsOf(connections),
    source: idsOf(sources),
    segment: idsOf(segments),
    connector: idsOf(connectors),
  }
  return [
    ...sources.flatMap(({ id, name, connectionId }) =>
      has.connection.has(connectionId)
        ? []
        : missing('DataSource', id, 'connectionId', `The data source "${name}" reads through`, 'connection'),
    ),
    ...segments.flatMap(({ id, name, dataSourceIds = [] }) =>
      dataSourceIds.every((source) => has.source.has(source))
        ? []
        : missing('Segment', id, 'dataSourceIds', `The segment "${name}" is for`, 'data source'),
    ),
    ...actions.flatMap(({ id, name, connectorId, dataSourceId, segmentId }) => [
      ...(has.connector.has(connectorId)
        ? []
        : missing('Action', id, 'connectorId', `The action "${name}" sends through`, 'connector')),
      ...(has.source.has(dataSourceId)
        ? []
        : missing('Action', id, 'dataSourceId', `The action "${name}" reads`, 'data source')),
      ...(has.segment.has(segmentId)
        ? []
        : missing('Action', id, 'segmentId', `The action "${name}" sends`, 'segment')),
    ]),
  ]
}

function missing(
  entity: 'DataSource' | 'Segment' | 'Action',
  id: string,
  field: string,
  use: string,
  what: 'connection' | 'data source' | 'segment' | 'connector',
): readonly PublishProblem[] {
  const message = `${use} a ${what} that is not there any more. Load a version that has it, or choose another.`
  return problemsAt(entity, id, [{ path: [field], code: `unknown_${what.replace(' ', '_')}`, message }])
}

/** Rows cannot have the same name; documents of different versions can. */
function sharedNames(documents: Documents): readonly PublishProblem[] {
  return documentKinds.flatMap((kind) => {
    const seen = new Set<string>()
    return documents[listOfKind[kind]].flatMap(({ id, name }) => {
      if (!seen.has(name)) {
        seen.add(name)
        return []
      }
      const message = `The name "${name}" is taken by another of its kind. Rename that one first.`
      return problemsAt(entityOfKind[kind], id, [{ path: ['name'], code: 'name_taken', message }])
    })
  })
}

function idsOf(documents: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(documents.map(({ id }) => id))
}
