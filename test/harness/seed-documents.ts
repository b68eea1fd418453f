/** The documents that the seed sends: what a frontend would write, with every problem asked for. */

const problem = `
  __typename
  ... on Problem { code message }
  ... on InvalidInput { issues { path code message } }
`

export const documents = {
  createWorkspace: `mutation ($input: CreateWorkspaceInput!) {
    createWorkspace(input: $input) { ${problem} ... on Workspace { id revision } }
  }`,
  createDataSourceConnection: `mutation ($input: CreateDataSourceConnectionInput!) {
    createDataSourceConnection(input: $input) { ${problem} ... on DataSourceConnection { id revision } }
  }`,
  createDataSource: `mutation ($input: CreateDataSourceInput!) {
    createDataSource(input: $input) { ${problem} ... on DataSource { id revision } }
  }`,
  createSegment: `mutation ($input: CreateSegmentInput!) {
    createSegment(input: $input) { ${problem} ... on Segment { id revision } }
  }`,
  createConnector: `mutation ($input: CreateConnectorInput!) {
    createConnector(input: $input) { ${problem} ... on Connector { id revision } }
  }`,
  activateConnector: `mutation ($input: ActivateConnectorInput!) {
    activateConnector(input: $input) { ${problem} ... on Connector { id revision } }
  }`,
  createAction: `mutation ($input: CreateActionInput!) {
    createAction(input: $input) { ${problem} ... on Action { id revision } }
  }`,
  activateAction: `mutation ($input: ActivateActionInput!) {
    activateAction(input: $input) { ${problem} ... on Action { id revision } }
  }`,
  publishVersion: `mutation ($input: PublishVersionInput!) {
    publishVersion(input: $input) {
      ${problem}
      ... on NotPublishable { problems { nodeId path code message } }
      ... on Version { id number }
    }
  }`,
} as const
