/** Every code of a dead letter has a sentence for people. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { messageOf, messages } from './messages.ts'

const document = readFileSync(fileURLToPath(new URL('../../docs/errors.md', import.meta.url)), 'utf8')
const section = document.split('\n## ').find((text) => text.startsWith('Deliveries and dead letters')) ?? ''
const documented = [...section.matchAll(/^\| (`[^|]*`) *\|/gm)]
  .flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code))
  // Patterns of codes, not codes.
  .filter((code) => /^\w+$/.test(code))

it('knows every code that the documentation lists', () => {
  expect(documented.length).toBeGreaterThan(40)
  expect(documented.filter((code) => !Object.hasOwn(messages, code))).toEqual([])
})

it('knows no code that the documentation does not', () => {
  expect(Object.keys(messages).filter((code) => !document.includes(`\`${code}\``))).toEqual([])
})

it.each([
  ['http_404', 'VENDOR', 'The vendor answered with HTTP status 404.'],
  ['bad_email', 'VENDOR', 'The vendor finds the record itself at fault: bad email.'],
  ['undeclared', 'VENDOR', 'The vendor does not take the record: undeclared.'],
  ['invalid_email', 'SLUICE', "The record does not fit the action's parameters: invalid email."],
  ['timed_out', 'VENDOR', 'The vendor did not answer in time.'],
  ['constructor', 'VENDOR', 'The vendor does not take the record: constructor.'],
] as const)('explains %s of %s', (code, reporter, message) => {
  expect(messageOf({ code, reporter }, { bad_email: 'data' })).toBe(message)
})

it('needs no connector to explain its codes', () => {
  expect(messageOf({ code: 'bad_email', reporter: 'VENDOR' }, undefined)).toBe(
    'The vendor does not take the record: bad email.',
  )
})
