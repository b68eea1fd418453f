// The log: one JSON object a line, without secrets and without what foreign errors say.
import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLogger, type Logger } from './logger.ts'

function capture(work: (log: Logger) => void): { readonly text: string; readonly lines: readonly unknown[] } {
  const chunks: string[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  work(createLogger({ level: 'info', destination }))
  const text = chunks.join('')
  return {
    text,
    lines: text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  }
}

class OwnError extends Error {
  override readonly name = 'OwnError'
  readonly code = 'source_locked'
}

class DriverError extends Error {
  override readonly name = 'DriverError'
  readonly code = '22P02'
  readonly detail = 'Key (email)=(canary) already exists.'
}

test('a line is a JSON object with level, time and message', () => {
  const { lines } = capture((log) => log.info({ delivery: 'd1', count: 3n }, 'delivered'))
  expect(lines).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      delivery: 'd1',
      count: '3',
      msg: 'delivered',
    },
  ])
})

test('lines below the level are not written', () => {
  expect(capture((log) => log.debug('hidden')).text).toBe('')
})

test('an error of ours keeps its code and message', () => {
  const { lines } = capture((log) => log.error({ err: new OwnError('The file is locked.') }, 'poll failed'))
  expect(lines).toMatchObject([
    { msg: 'poll failed', err: { name: 'OwnError', code: 'source_locked', message: 'The file is locked.' } },
  ])
})

test.each<[string, (log: Logger) => void]>([
  ['logged as such', (log) => log.error(new DriverError('invalid input: canary'))],
  ['logged as such with a message', (log) => log.error(new DriverError('invalid input: canary'), 'failed')],
  ['under err', (log) => log.error({ err: new DriverError('invalid input: canary') })],
  ['under another name', (log) => log.error({ problem: new DriverError('invalid input: canary') }, 'failed')],
  [
    'deep in an object',
    (log) => log.error({ a: { b: [new DriverError('invalid input: canary')] } }, 'failed'),
  ],
  ['as the cause of ours', (log) => log.error(new OwnError('failed', { cause: new DriverError('canary') }))],
  ['as a cause that is no error', (log) => log.error(new OwnError('failed', { cause: { row: 'canary' } }))],
  ['among several', (log) => log.error(new AggregateError([new DriverError('canary')], 'canary'))],
  ['with several lines', (log) => log.error(new DriverError('canary\n    at canary\ncanary'))],
  [
    'with a message in its place',
    (log) => log.error({ err: new DriverError('canary') }, 'failed: %s', new DriverError('canary')),
  ],
  ['bound to a child', (log) => log.child({ err: new DriverError('canary') }).error('failed')],
])('a foreign error %s loses what it says, and keeps its name and code', (_how, work) => {
  const { text } = capture(work)
  expect(text).not.toContain('canary')
  expect(text).toMatch(/OwnError|DriverError/)
})

test('an error keeps its frames', () => {
  const { lines } = capture((log) => log.error(new DriverError('several\nlines')))
  expect(lines).toMatchObject([
    { err: { stack: expect.arrayContaining([expect.stringContaining('logger.test.ts')]) } },
  ])
})

test('secrets are taken out, by name at any depth and out of addresses', () => {
  const { text } = capture((log) => {
    log.info(
      { headers: { authorization: 'canary', Cookie: 'canary' }, settings: [{ apiKey: 'canary' }] },
      'sent',
    )
    log.info({ url: 'postgresql://user:canary@host/db' }, 'at postgresql://user:canary@host/db')
    log.info('at %s', 'postgresql://user:canary@host/db')
    log.child({ token: 'canary' }).info('bound')
  })
  expect(text).not.toContain('canary')
  expect(text.match(/\[redacted\]/g)?.length).toBe(7)
})

test('bytes are counted, not written', () => {
  expect(capture((log) => log.info({ key: Buffer.from('canary') }, 'read')).lines).toMatchObject([
    { key: '[6 bytes]' },
  ])
})
