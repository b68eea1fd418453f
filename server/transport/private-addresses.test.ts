/** Addresses that must not be called, in every form in which they can be written. */
import { describe, expect, it } from 'vitest'
import { createAddressRules } from './private-addresses.ts'

describe('without exceptions', () => {
  const rules = createAddressRules([])

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
  ])('%s must not be called', (address) => {
    expect(rules.isAllowed('vendor.test', 443, address)).toBe(false)
  })

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.0.1',
    '2606:4700::1111',
    '::ffff:1.1.1.1',
  ])('%s may be called', (address) => {
    expect(rules.isAllowed('vendor.test', 443, address)).toBe(true)
  })
})

describe('an exception', () => {
  function isAllowed(entry: string, host: string, port: number, address: string): boolean {
    return createAddressRules([entry]).isAllowed(host, port, address)
  }

  it('for a host holds for that host, at every port', () => {
    expect(isAllowed('Hooks.Internal', 'hooks.internal', 8080, '10.0.0.1')).toBe(true)
    expect(isAllowed('hooks.internal', 'HOOKS.internal', 80, '10.0.0.1')).toBe(true)
    expect(isAllowed('hooks.internal', 'other.internal', 80, '10.0.0.1')).toBe(false)
    expect(isAllowed('hooks.internal', 'evil-hooks.internal', 80, '10.0.0.1')).toBe(false)
  })

  it('for a host and a port holds for that port', () => {
    expect(isAllowed('localhost:8080', 'localhost', 8080, '127.0.0.1')).toBe(true)
    expect(isAllowed('localhost:8080', 'localhost', 8081, '127.0.0.1')).toBe(false)
    expect(isAllowed('127.0.0.1:8080', '127.0.0.1', 8080, '127.0.0.1')).toBe(true)
    expect(isAllowed('127.0.0.1:8080', '127.0.0.1', 80, '127.0.0.1')).toBe(false)
  })

  it('for a literal address does not hold for names that lead there', () => {
    expect(isAllowed('127.0.0.1', 'rebound.test', 80, '127.0.0.1')).toBe(false)
  })

  it('for an IPv6 address holds in every way of writing it', () => {
    for (const entry of ['::1', '[::1]', '0:0:0:0:0:0:0:1', '[0:0::1]']) {
      expect(isAllowed(entry, '::1', 80, '::1')).toBe(true)
    }
    expect(isAllowed('[::1]:8080', '::1', 8080, '::1')).toBe(true)
    expect(isAllowed('[::1]:8080', '::1', 80, '::1')).toBe(false)
    expect(isAllowed('[::1]:8080', '::1:8080', 80, '::1')).toBe(false)
  })

  it('for a range holds for every address in it, under any name', () => {
    expect(isAllowed('10.1.0.0/16', 'vendor.test', 80, '10.1.2.3')).toBe(true)
    expect(isAllowed('10.1.0.0/16', 'vendor.test', 80, '10.2.2.3')).toBe(false)
    expect(isAllowed('10.1.0.0/16', 'vendor.test', 80, '::ffff:10.1.2.3')).toBe(true)
    expect(isAllowed('fd00::/8', 'vendor.test', 80, 'fd12::1')).toBe(true)
    expect(isAllowed('fd00::/8', 'vendor.test', 80, 'fc00::1')).toBe(false)
  })
})
