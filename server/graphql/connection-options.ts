/** Lists that can be long, after Relay's convention: what their parts are for. */
export const connectionOptions = {
  cursorType: 'String',
  defaultConnectionTypeOptions: { description: 'A page of a list.' },
  defaultEdgeTypeOptions: { description: 'An entry of a list.' },
  edgesFieldOptions: { description: 'The entries of the page.' },
  nodeFieldOptions: { description: 'What the entry is about.' },
  cursorFieldOptions: { description: 'The place of the entry in the list: give it as `after` or `before`.' },
  firstArgOptions: { description: 'How many entries to give, from the start or after `after`; at most 100.' },
  afterArgOptions: { description: 'The cursor of the entry to begin after.' },
  lastArgOptions: { description: 'How many entries to give, from the end or before `before`; at most 100.' },
  beforeArgOptions: { description: 'The cursor of the entry to end before.' },
  pageInfoFieldOptions: { description: 'Where the page lies in the list.' },
  pageInfoTypeOptions: { description: 'Where a page lies in its list.' },
  hasNextPageFieldOptions: { description: 'Whether there are entries after the page.' },
  hasPreviousPageFieldOptions: { description: 'Whether there are entries before the page.' },
  startCursorFieldOptions: { description: 'The cursor of the first entry; null on an empty page.' },
  endCursorFieldOptions: { description: 'The cursor of the last entry; null on an empty page.' },
} as const
