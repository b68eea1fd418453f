/** Whether an action can run with what is installed. */
import { expect, it } from 'vitest'
import { testConnector } from '../../test/harness/test-connector.ts'
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
}

it.each<[string | null, Partial<StoredAction>, typeof testConnector | undefined]>([
  [null, {}, testConnector],
  ['plugin_missing', {}, undefined],
  ['action_type_missing', { type: 'constructor' }, testConnector],
  ['unfit_mappings', { mappings: [{ parameter: 'user', from }] }, testConnector],
  ['unfit_mappings', { columns: [] }, testConnector],
])('%s', (code, changes, connector) => {
  expect(whyNotRunnable({ ...fitting, ...changes }, connector)).toBe(code)
})
