/** What the screens of docs/api.md must show of the workspace that the test makes: for each the facts of its steps. */
import { expect } from 'vitest'

const some = expect.anything()
const nodes = (...each: readonly object[]) => ({ edges: each.map((node) => ({ node })) })
const having = (entry: object) => expect.arrayContaining([expect.objectContaining(entry)])

export const facts: Readonly<Record<string, readonly object[]>> = {
  Marketplace: [
    {
      marketplace: {
        totalCount: 1,
        categories: having({ category: 'E-mail', count: 1 }),
        dataKinds: [{ dataKind: 'RECORDS', count: 1 }],
        ...nodes({ id: 'braze', isAvailable: true, connectorCount: 1, deprecation: null }),
      },
    },
  ],
  'Connector summary': [
    {
      connectorType: {
        name: 'Braze',
        icon: expect.stringMatching(/^data:image/),
        instructions: expect.arrayContaining([expect.stringContaining('API Keys')]),
        changelog: having({ version: '0.1.0' }),
        actions: having({ type: 'track-user', title: 'Track User' }),
      },
    },
  ],
  'Add a connector': [
    {
      connectorType: {
        terms: null,
        settings: having({ name: 'token', isSecret: true, type: 'TEXT' }),
        settingsForm: { type: 'object' },
      },
    },
    { crm: { status: 'INACTIVE', secretsSet: ['token'] } },
    { test: { ok: true, verdict: 'delivered', errorCode: null } },
    { crm: { name: 'CRM hooks', secretsSet: ['token'], settings: { authentication: 'bearer' } } },
    { crm: { status: 'ACTIVE' } },
  ],
  'Connectors overview': [
    {
      workspace: {
        findConnectors: {
          totalCount: 1,
          ...nodes({
            ...{ name: 'Braze', status: 'ACTIVE', isFavourite: false, labels: [] },
            overview: {
              actions: { total: 1, active: 1, paused: 0 },
              ...{ totalVolume: 3, success: 2, errors: 1, retries: 0, changedAt: some },
            },
          }),
        },
      },
    },
  ],
  'Find a connector': [
    { workspace: { findConnectors: { totalCount: 1, ...nodes({ name: 'CRM hooks', type: 'webhook' }) } } },
  ],
  Favourites: [
    { starred: { isFavourite: true } },
    { workspace: { findConnectors: nodes({ name: 'CRM hooks', isFavourite: true }) } },
  ],
  Labels: [
    { europe: { name: 'europe' }, emea: { name: 'EMEA' } },
    {
      labelled: {
        connectors: [
          { name: 'Braze', labels: [{ name: 'europe', colour: '#1a7f37' }] },
          { name: 'CRM hooks', labels: [{ name: 'europe' }] },
        ],
      },
    },
    { emea: { name: 'EMEA', connectors: [{ name: 'Braze' }, { name: 'CRM hooks' }] } },
    { emea: { name: 'Europe' } },
  ],
  'Connector details': [
    {
      connector: {
        ...{ name: 'Braze', status: 'ACTIVE', secretsSet: ['apiKey'], labels: [{ name: 'Europe' }] },
        trend: {
          grain: 'HOUR',
          total: { totalVolume: 3, success: 2, errors: 1, retries: 0 },
          points: having({ success: 2, errors: 1 }),
        },
      },
    },
    {
      workspace: {
        findActions: {
          totalCount: 1,
          ...nodes({
            ...{ name: 'Keep users', type: 'track-user', status: 'ACTIVE', isEnabled: true },
            ...{ dataSource: { name: 'Customers' }, segment: { name: 'Dutch customers' } },
            trend: { total: { totalVolume: 3, success: 2, errors: 1 } },
          }),
        },
      },
    },
  ],
  'Activate or deactivate connectors': [
    { switched: { connectors: [{ name: 'CRM hooks', status: 'INACTIVE' }] } },
    { switched: { connectors: [{ name: 'CRM hooks', status: 'ACTIVE' }] } },
  ],
  'Duplicate a connector': [
    {
      copy: {
        ...{ name: 'Braze - copy', status: 'INACTIVE' },
        actions: [{ name: 'Keep users - copy', isEnabled: false }],
      },
    },
  ],
  'Delete a connector': [{ deleted: { name: 'Braze - copy', deletedAt: some } }],
  'Add an action': [
    {
      workspace: {
        segments: [
          {
            name: 'Dutch customers',
            dataSources: [{ name: 'Customers', columns: having({ attribute: 'email', type: 'STRING' }) }],
          },
        ],
      },
      connector: { status: 'ACTIVE' },
      connectorType: { actions: having({ type: 'send-custom-data', parameters: having({ name: 'body' }) }) },
    },
    { hook: { isEnabled: false, templates: [{ name: 'Customer' }] } },
  ],
  Preview: [
    {
      action: {
        preview: {
          records: [{ key: ['1'], errorCode: null, requests: [0] }, { key: ['3'] }, { key: ['4'] }],
          requests: [
            { method: 'POST', url: expect.stringMatching(/hooks$/), body: '{ "mail": "ann@example.com" }' },
            ...[some, some],
          ],
        },
      },
    },
    { sample: { verdict: 'delivered', exchanges: [{ status: 200, errorCode: null }] } },
  ],
  Templates: [
    {
      templateHelpers: having({ name: 'formatDate' }),
      action: {
        templates: [{ name: 'Customer', uses: [{ parameter: 'body' }] }],
        draft: {
          variables: having({ name: 'email', type: 'STRING' }),
          problems: [],
          completions: having({ text: 'country' }),
          preview: { rows: [{ text: '{ "mail": "ann@example.com", "from": "NL" }' }, some] },
        },
      },
    },
  ],
  'Action details': [
    {
      action: {
        ...{ name: 'Keep users', type: 'track-user', status: 'ACTIVE', isLive: true, notRunnable: null },
        ...{ connector: { name: 'Braze' }, dataSource: { name: 'Customers' }, issues: [], templates: [] },
        parameters: having({
          ...{ name: 'externalId', group: 'User ID', isKnown: true },
          filledBy: [{ key: null, from: { kind: 'attribute', attribute: 'user' } }],
        }),
        versions: nodes({ number: 1, notes: 'seeded', publishedBy: 'owner' }),
      },
    },
  ],
  'Trends and errors of an action': [
    {
      action: {
        trend: {
          total: { totalVolume: 3, success: 2, errors: 1, retries: 0 },
          points: having({ success: 2, errors: 1 }),
        },
        deliveries: nodes({ state: 'COMPLETED', matched: 3, delivered: 2, waiting: 0 }),
        deadLetters: nodes({ code: 'identifier_missing', outcome: 'REJECTED', count: 1 }),
      },
    },
  ],
  'Duplicate an action': [{ twin: { name: 'Tell the CRM - copy', isEnabled: false, mappings: [some] } }],
  'Change the action type': [
    { action: { typeChange: { dropped: some } } },
    { changed: { action: { type: 'send-batched-custom-data' } } },
  ],
  'Copy mappings': [
    { action: { mappingsCopy: { issues: some } } },
    { copied: { copies: [{ copied: some }] } },
  ],
  'Activate, pause, delete several actions': [
    { on: { actions: [{ name: 'Tell the CRM', isEnabled: true }] } },
    { off: { actions: [{ name: 'Tell the CRM', isEnabled: false }] } },
    { gone: { actions: [{ deletedAt: some }] } },
    { paused: { actions: [{ name: 'Keep users', pausedAt: some }] } },
    { resumed: { actions: [{ name: 'Keep users', pausedAt: null }] } },
  ],
  'Segments overview': [
    {
      workspace: {
        labels: [{ name: 'Europe', colour: '#0969da' }],
        findSegments: nodes({
          ...{ name: 'Dutch customers', labels: [], flow: { isActive: true } },
          actions: [{ name: 'Keep users' }, { name: 'Tell the CRM' }],
        }),
      },
    },
  ],
  'Segment builder': [
    {
      dataSource: {
        unsavedSegment: {
          count: { matched: 1, isComplete: true },
          preview: { rows: [{ email: 'bob@example.com' }] },
        },
      },
    },
  ],
  'Segment details': [
    {
      segment: {
        flow: {
          isActive: true,
          sources: [{ dataSource: { name: 'Customers' }, isUsed: true, isActive: true }],
          activations: [
            { action: { name: 'Keep users' }, isActive: true, standstill: null },
            { action: { name: 'Tell the CRM' }, isActive: false, standstill: 'SWITCHED_OFF' },
          ],
        },
        insights: { sources: [{ matched: { matched: 3, isComplete: true } }] },
      },
    },
  ],
  'Data sources overview': [
    {
      workspace: {
        dataSources: [
          {
            ...{ name: 'Customers', status: 'RUNNING', errorCode: null, processed: 3, polledAt: some },
            ...{ connection: { type: 'duckdb' }, columnChanges: [] },
            rowErrors: [{ code: 'identifier_missing', count: 1 }],
          },
        ],
      },
    },
  ],
  'Add a data source': [
    {
      sourceTypes: having({ id: 'postgres' }),
      dataSourceConnection: {
        tables: { tables: [{ columns: having({ name: 'changed', type: 'DATE' }) }] },
      },
    },
    { tested: { columns: having({ name: 'email', type: 'STRING' }), rows: [{ id: 1 }, { id: 2 }] } },
  ],
  'Data source details': [
    {
      dataSource: {
        ...{ keyColumns: ['id'], cursorMode: 'TIMESTAMP_INCREMENTING', processed: 3 },
        columns: having({ name: 'email', attribute: 'email', type: 'STRING' }),
        segments: [{ name: 'Dutch customers' }],
        actions: [
          { name: 'Keep users', isLive: true },
          { name: 'Tell the CRM', isLive: false },
        ],
        preview: { rows: [some, some, some] },
      },
    },
  ],
  'Cloud attributes': [
    {
      workspace: {
        attributeCount: 2,
        attributes: nodes(
          { name: 'email', usedBy: having({ user: 'ACTION', name: 'Keep users' }) },
          { name: 'user' },
        ),
      },
    },
  ],
  'Unpublished changes': [
    {
      state: {
        fingerprint: some,
        liveVersion: { number: 1 },
        changes: [
          { kind: 'CONNECTOR', name: 'CRM hooks', change: 'CREATED' },
          { kind: 'ACTION', name: 'Tell the CRM', change: 'CREATED' },
        ],
        publishPreview: [],
      },
    },
  ],
  Publish: [{ version: { number: 2 } }],
  'Version history': [
    {
      history: {
        versions: nodes({ number: 1, notes: 'seeded', isLive: false, publishedBy: 'owner' }),
        drafts: nodes(),
        auditTrail: { edges: having({ node: expect.objectContaining({ verb: 'publishVersion' }) }) },
      },
    },
  ],
  'Compare versions': [
    {
      workspace: {
        comparison: {
          changes: [
            { kind: 'CONNECTOR', name: 'CRM hooks', change: 'CREATED' },
            { kind: 'ACTION', name: 'Tell the CRM', change: 'CREATED' },
          ],
        },
      },
    },
  ],
  'Revert a connector': [
    { connector: { name: 'Braze', versions: nodes({ number: 1, publishedBy: 'owner' }) } },
    { reverted: { number: 3 } },
  ],
  'Revert to a version': [{ reverted: { number: 4 } }],
  'Workspace, live': [{ live: { matched: 3, delivered: 2, rejected: 1, waiting: 0 } }],
  'Action, live': [{ live: { matched: 3, delivered: 2, rejected: 1, waiting: 0, isAtSourceEnd: true } }],
  'Connector, live': [{ live: { actions: 1, matched: 3, delivered: 2, rejected: 1, waiting: 0 } }],
  'Configuration changes, live': [{ live: { changes: some, isIncomplete: false } }],
  'Delivery, live': [{ live: { state: 'COMPLETED', matched: 3, waiting: 0 } }],
}
