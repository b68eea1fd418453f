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
  'Segments overview': [
    {
      workspace: {
        labels: [],
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
  'Delivery, live': [{ live: { state: 'COMPLETED', matched: 3, waiting: 0 } }],
}
