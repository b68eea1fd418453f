/** What state people see a connector in. */
import { defineConnector } from '@sluice/connector-sdk'
import { expect, it } from 'vitest'
import { testConnector } from '../../test/harness/test-connector.ts'
import { statusOf } from './rules.ts'

const superseded = defineConnector({ ...testConnector, deprecated: 'Use the other one.' })

it.each([
  ['active', true, testConnector],
  ['inactive', false, testConnector],
  ['deprecated', true, superseded],
  ['deprecated', false, superseded],
  ['deprecated', true, undefined],
  ['deprecated', false, undefined],
] as const)('%s when isEnabled is %s', (status, isEnabled, definition) => {
  expect(statusOf({ isEnabled }, definition)).toBe(status)
})
