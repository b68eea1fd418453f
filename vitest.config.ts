// How the tests run. Which project a file belongs to is told by its name:
// `x.test.ts` beside a source is `unit` and needs nothing; `x.db.test.ts` and everything in test/ is `system`
// and gets a PostgreSQL and a Temporal server that the suite itself starts. Those that start and kill all of Sluice,
// again and again, are `whole`: beside many others they would wait for one another longer than they may.
import { defineConfig } from 'vitest/config'

// Our packages resolve to their sources.
// 'import' must not stand here: it would reach Node's require(), and packages of two formats would load wrongly.
const conditions = ['sluice-source', 'node']
// graphql has two builds; ours and those that Pothos and Yoga load must be one, or `instanceof` fails.
const alias = [{ find: /^graphql$/, replacement: 'graphql/index.js' }]
const never = ['**/node_modules/**', '**/dist/**', '.sluice/**']
const withServers = {
  globalSetup: './test/harness/global-setup.ts',
  testTimeout: 60_000,
  hookTimeout: 60_000,
}
const whole = ['test/start/**/*.test.ts', 'test/chaos/{chaos,kept-seeds}.test.ts']

export default defineConfig({
  resolve: { conditions, alias },
  ssr: { resolve: { conditions } },
  test: {
    // Stopping two servers on a busy machine takes a while.
    teardownTimeout: 30_000,
    // Our modules keep no state, so that files can share a process: loading all anew took a quarter of the time.
    isolate: false,
    reporters: ['default', './test/harness/summary-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Some play tens of thousands of records, on machines that have much else to do.
          testTimeout: 30_000,
          maxWorkers: '100%',
          include: ['{bench,engine,plugins,prisma,server,workflows}/**/*.test.ts'],
          exclude: [...never, '**/*.db.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['**/*.db.test.ts', 'test/**/*.test.ts'],
          exclude: [...never, ...whole],
          ...withServers,
          // They share one PostgreSQL, one Temporal server and often two cores; but the long ones mostly wait.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: whole,
          exclude: never,
          ...withServers,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
