// What the server and the driver say, as codes; their texts stay behind.
import { describe, expect, it } from 'vitest'
import { type ErrorScene, toSourceError } from './driver-error.ts'

const server = {
  host: 'db.example.com',
  port: 5432,
  database: 'shop',
  user: 'reader',
  statementTimeoutMs: 600_000,
}
const coded = (code: string) => Object.assign(new Error('CANARY'), { code, detail: 'Key (CANARY)' })
const convert = (error: unknown, phase: ErrorScene['phase'] = 'reading') =>
  toSourceError(error, { server, phase })

describe('an error of the server', () => {
  it.each([
    ['28P01', 'bad_settings', false],
    ['28000', 'not_allowed', false],
    ['3D000', 'not_found', false],
    ['42P01', 'not_found', false],
    ['42501', 'not_allowed', false],
    ['25006', 'not_allowed', false],
    ['57014', 'broken_stream', true],
    ['40001', 'broken_stream', true],
    ['57P01', 'broken_stream', true],
    ['25P03', 'broken_stream', true],
    ['08006', 'broken_stream', true],
    ['53300', 'unreachable', true],
    ['53200', 'out_of_memory', false],
    ['53400', 'out_of_memory', false],
    ['55P03', 'locked', true],
    ['XX001', 'bad_file', false],
    ['22P02', 'bad_query', false],
    ['42703', 'bad_query', false],
    ['08P01', 'bad_query', false],
    ['42601', 'bad_query', false],
  ])('%s is %s', (state, code, isTransient) => {
    const error = convert(coded(state))
    expect(error).toMatchObject({ code, isTransient })
    expect(`${error.message} ${JSON.stringify(error)} ${error.stack}`).not.toContain('CANARY')
    expect(error.cause).toBeUndefined()
  })

  it.each(['57P01', '57P03', '08001'])('%s while connecting is unreachable', (state) => {
    expect(convert(coded(state), 'connecting').code).toBe('unreachable')
  })
})

describe('an error of the network', () => {
  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ECONNRESET'])(
    '%s is unreachable while connecting, and a broken stream after',
    (code) => {
      expect(convert(coded(code), 'connecting')).toMatchObject({
        code: 'unreachable',
        message: expect.stringContaining('db.example.com:5432'),
      })
      expect(convert(coded(code)).code).toBe('broken_stream')
    },
  )

  it.each([
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'CERT_HAS_EXPIRED',
  ])('%s is a setting to correct', (code) => {
    expect(convert(coded(code), 'connecting').code).toBe('bad_settings')
  })

  it.each(['Connection terminated unexpectedly', 'Query read timeout', 'anything'])(
    '%s never looks like an end',
    (text) => {
      expect(convert(new Error(text)).code).toBe('broken_stream')
    },
  )
})
