/** Whether an action can run with what is installed. */
import { defineConnector } from '@sluice/connector-sdk'
import { expect, it } from 'vitest'
import { testConnector } from '../../test/harness/test-connector.ts'
import { compilesTemplates } from '../templates/check.ts'
import { type StoredAction, whyNotRunnable } from './rules.ts'

const column = { name: 'id', type: 'string', nativeType: 'text', nullable: false }
const from = { kind: 'attribute', attribute: 'id' }
const fitting: StoredAction = {
  type: 'set-user',
  columns: [column],
  mappings: [
    { parameter: 'user', from },
    { parameter: 'value', from },
  ],
  templates: [],
  templateVariables: [],
}
const broken = { name: 'T', kind: 'CUSTOM', format: 'TEXT', source: '{{#id}}' } as const

it.each<[string | null, Partial<StoredAction>, typeof testConnector | undefined]>([
  [null, {}, testConnector],
  ['plugin_missing', {}, undefined],
  [null, {}, defineConnector({ ...testConnector, deprecated: 'Use the other one.' })],
  [
    'connector_type_discontinued',
    {},
    defineConnector({ ...testConnector, deprecated: { kind: 'full', reason: 'Closed.' } }),
  ],
  ['action_type_missing', { type: 'constructor' }, testConnector],
  ['unfit_mappings', { mappings: [{ parameter: 'user', from }] }, testConnector],
  ['unfit_mappings', { columns: [] }, testConnector],
  ['unfit_templates', { templates: [broken] }, testConnector],
])('%s', (code, changes, connector) => {
  expect(whyNotRunnable({ ...fitting, ...changes }, connector, compilesTemplates)).toBe(code)
})
