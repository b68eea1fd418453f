/** The data source for PostgreSQL. */
import { lookup } from 'node:dns/promises'
import { defineSource } from '@sluice/connector-sdk'
import { createConnect } from './connect.ts'
import { dialect } from './dialect.ts'
import { addressOf, settings } from './settings.ts'

export default defineSource({
  id: 'postgres',
  name: 'PostgreSQL',
  api: '^1',
  docs: {
    summary:
      'Reads records from tables and views of PostgreSQL 12 or later, in read-only transactions, over TLS. A long read is one snapshot, fetched in batches; stopping it stops the query at the server. Nothing is written, and nothing of what is read is kept.',
    links: [
      { title: 'PostgreSQL', url: 'https://www.postgresql.org/docs/current/' },
      {
        title: 'Roles that may only read',
        url: 'https://www.postgresql.org/docs/current/predefined-roles.html',
      },
      { title: 'Certificates', url: 'https://www.postgresql.org/docs/current/ssl-tcp.html' },
    ],
  },
  settings,
  // A row carries the time at which its transaction began, or set it, and is seen when that commits: a minute later
  // in applications, many in loads, whose sources should say more.
  defaultSettleMs: 60_000,
  dialect,
  address: addressOf,
  connect: createConnect({
    resolveHost: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  }),
})
