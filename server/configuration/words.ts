/** What the lists of a document are called in sentences. */
import type { Part } from './document.ts'

interface Words {
  readonly singular: string
  readonly plural: string
}

const words: Readonly<Record<Part, Words>> = {
  labels: { singular: 'label', plural: 'labels' },
  attributes: { singular: 'attribute', plural: 'attributes' },
  connections: { singular: 'connection', plural: 'connections' },
  dataSources: { singular: 'data source', plural: 'data sources' },
  segments: { singular: 'segment', plural: 'segments' },
  connectors: { singular: 'connector', plural: 'connectors' },
  actions: { singular: 'action', plural: 'actions' },
}

export function wordsOf(part: Part): Words {
  return words[part]
}
