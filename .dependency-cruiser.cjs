// The arrows between rooms (ARCHITECTURE.md). Each message says where the thing belongs instead.
const teach = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to })
const tests = '(\\.test\\.ts$|^plugins/[^/]+/testing/)'

module.exports = {
  forbidden: [
    teach(
      'no-cycles',
      'Two files that need each other are one idea, or hide a third: find it.',
      {},
      { circular: true },
    ),
    teach(
      'sdk-stands-alone',
      'Partners install the SDK without us: it may import zod and Node only.',
      { path: '^plugins/sdk/src', pathNot: tests },
      { path: '^(server|engine|workflows|prisma|plugins/(?!sdk/))' },
    ),
    teach(
      'plugins-know-the-sdk-only',
      'A plugin is published by itself: it may import the SDK and, for a source, its database client.',
      {
        path: '^plugins/(?!sdk/|connector-testing/)([^/]+)/src',
        pathNot: `(^plugins/[^/]+/src/testing/|${tests})`,
      },
      { path: '^(server|engine|workflows|prisma|plugins/(?!sdk/|$1/))' },
    ),
    teach(
      'simulators-know-the-simulator-kit',
      "A vendor's simulator (src/testing) is built of the test kit's parts, which need no vitest; beside that it knows what its plugin knows.",
      { path: '^plugins/(?!sdk/|connector-testing/)([^/]+)/src/testing/', pathNot: tests },
      {
        path: '^(server|engine|workflows|prisma|plugins/(?!sdk/|$1/|connector-testing/src/simulator/))',
      },
    ),
    teach(
      'the-test-kit-runs-the-engine',
      'testAction runs the pipeline that the host runs, and its build takes the engine along; of the rest it knows as little as any plugin (docs/decisions).',
      { path: '^plugins/connector-testing/src', pathNot: tests },
      { path: '^(server|workflows|prisma|plugins/(?!sdk/|connector-testing/))' },
    ),
    teach(
      'connectors-are-pure',
      'A connector plans and interprets; the host does I/O. Only its simulator (src/testing) may use Node.',
      {
        path: '^plugins/connector-[^/]+/src',
        pathNot: `(^plugins/([^/]+/src/testing|connector-testing/src)/|${tests})`,
      },
      { dependencyTypes: ['core'] },
    ),
    teach(
      'engine-is-pure',
      'The engine has no database, no API and no clock: take a port and let server/ implement it.',
      { path: '^engine', pathNot: tests },
      {
        path: '^(server|workflows|prisma|plugins/(?!sdk/))|node_modules/(@prisma|@temporalio|graphql|undici|pg)/',
      },
    ),
    teach(
      'engine-without-node',
      'The engine runs anywhere: what needs Node is a port.',
      { path: '^engine', pathNot: tests },
      { dependencyTypes: ['core'] },
    ),
    teach(
      'workflows-know-no-server',
      'Workflows carry ids; activities get ports. Implement the port in server/.',
      { path: '^workflows', pathNot: tests },
      { path: '^(server|prisma)' },
    ),
    teach(
      'sandbox-files-stay-deterministic',
      'What the bundler sees may import contracts, failures, profiles and types only.',
      { path: '^workflows/(sync-source|run-lane|deliver|index|profiles)\\.ts$' },
      { dependencyTypes: ['core'] },
    ),
    teach(
      'server-reaches-workflows-by-the-door',
      'The server starts workflows through workflows/client.ts and contracts.ts; activities belong to the worker.',
      { path: '^server', pathNot: `(^server/(run-worker|worker)\\.ts$|${tests})` },
      { path: '^workflows/(?!client\\.ts|contracts\\.ts|activities/ports\\.ts)' },
    ),
    teach(
      'rules-are-pure',
      'rules.ts holds what is true without a database: it may import other rules.ts, zod and the engine.',
      { path: '^server/[^/]+/rules\\.ts$' },
      { path: '^(server/(?![^/]+/rules\\.ts$)|prisma)' },
    ),
    teach(
      'services-know-no-graphql',
      'A service is a verb over a transaction; GraphQL calls it, not the other way round.',
      { path: '^server/[^/]+/service\\.ts$' },
      { path: '^server/graphql/|node_modules/(graphql|graphql-yoga|@pothos)/' },
    ),
    teach(
      'nobody-imports-a-composition-root',
      'main.ts, worker.ts and start.ts wire; what others need from them is a file of its own.',
      { pathNot: tests },
      { path: '^server/(main|worker|start)\\.ts$' },
    ),
    teach(
      'no-undeclared-packages',
      'Declare it in the package.json of the room that imports it.',
      { pathNot: tests },
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    ),
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^((prisma|workflows)/generated|plugins/[^/]+/dist)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['sluice-source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
}
