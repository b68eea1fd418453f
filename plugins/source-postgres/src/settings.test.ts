// Settings: what is given, what is understood.
import { describe, expect, it } from 'vitest'
import { parseSettings } from './settings.ts'

const given = { host: 'db.example.com', database: 'shop', user: 'reader' }
const secrets = { password: 'p' }

describe('settings', () => {
  it('are safe and sensible where they are left out', () => {
    expect(parseSettings(given, secrets)).toEqual({
      ...given,
      ...secrets,
      port: 5432,
      tls: 'verify-full',
      caCertificate: undefined,
      schemas: [],
      statementTimeoutMs: 600_000,
    })
  })

  it.each(['db', 'db.example.com', 'a_b-c.internal', '10.0.0.1', '::1', 'fe80::1', 'example.com.'])(
    'take the host %s',
    (host) => {
      expect(parseSettings({ ...given, host }, secrets).host).toBe(host)
    },
  )

  it.each(['', '/tmp', '/var/run/postgresql', 'a/b', 'a b', 'user@host', 'host?x=1', '-a'])(
    'refuse the host %j',
    (host) => {
      expect(() => parseSettings({ ...given, host }, secrets)).toThrow(
        expect.objectContaining({ code: 'bad_settings', message: expect.stringContaining('host') }),
      )
    },
  )

  it('name what is missing and repeat nothing', () => {
    expect(() => parseSettings({ host: 'h', port: 'CANARY' }, {})).toThrow(
      expect.objectContaining({
        message: 'These settings are missing or out of range: port, database, user, password.',
      }),
    )
  })
})
