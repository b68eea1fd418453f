/** What the marketplace shows of installed plugins. */
import braze from '@sluice/connector-braze'
import duckdb from '@sluice/source-duckdb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRegistry } from '../../server/registry/registry.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({
    registry: createRegistry({
      connectors: [{ definition: braze, packageName: '@sluice/connector-braze', packageVersion: '1.2.3' }],
      sources: [{ definition: duckdb, packageName: '@sluice/source-duckdb', packageVersion: '4.5.6' }],
      unavailable: [
        {
          packageName: 'broken',
          packageVersion: '0.0.1',
          code: 'plugin_import_failed',
          reason: 'It throws.',
        },
        { packageName: 'absent', code: 'plugin_not_installed', reason: 'Run npm install.' },
      ],
    }),
  })
})
afterAll(() => app.close())

it('shows connector types with their forms as JSON Schema, secrets marked', async () => {
  const { data, errors } = await app.ask(`{
    connectorTypes {
      id name vendor categories summary requirements links { title url } deprecated
      settingsForm packageName packageVersion
      actions { type title description version modes parametersForm }
    }
  }`)
  expect(errors).toBeUndefined()
  const [type] = data.connectorTypes
  expect(type).toMatchObject({ id: 'braze', name: 'Braze', packageVersion: '1.2.3', deprecated: null })
  expect(type.settingsForm.properties.apiKey).toMatchObject({ type: 'string', secret: true })
  expect(type.settingsForm.properties.endpoint.secret).toBeUndefined()
  expect(type.settingsForm.required).toEqual(['endpoint', 'apiKey'])
  const trackUser = type.actions.find((action: { type: string }) => action.type === 'track-user')
  expect(trackUser).toMatchObject({ title: 'Track User', version: 1, modes: ['UPSERT'] })
  expect(trackUser.parametersForm.properties.externalId).toMatchObject({ group: 'User ID' })
  expect(trackUser.parametersForm.properties.attributes).toMatchObject({ open: true })
  expect(trackUser.parametersForm.properties.events).toMatchObject({ repeated: true, type: 'array' })
})

it('shows source types with their form', async () => {
  const { data, errors } = await app.ask(
    '{ sourceTypes { id name summary links { url } settingsForm defaultSettleMs packageName packageVersion } }',
  )
  expect(errors).toBeUndefined()
  expect(data.sourceTypes).toMatchObject([{ id: 'duckdb', defaultSettleMs: 0, packageVersion: '4.5.6' }])
  expect(data.sourceTypes[0].settingsForm.type).toBe('object')
})

it('shows what is installed and cannot be used, with code and reason', async () => {
  const { data } = await app.ask('{ unavailablePlugins { packageName packageVersion code reason } }')
  expect(data.unavailablePlugins).toEqual([
    { packageName: 'broken', packageVersion: '0.0.1', code: 'plugin_import_failed', reason: 'It throws.' },
    { packageName: 'absent', packageVersion: null, code: 'plugin_not_installed', reason: 'Run npm install.' },
  ])
})
