/** How long a pass may send without hearing from the database, by a clock that a test sets. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLease, leaseSeconds } from './lease.ts'

const begun = 5_000
let now = begun
beforeEach(() => {
  now = begun
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => vi.restoreAllMocks())

it('is of ten seconds, as the database is told', () => {
  expect(leaseSeconds).toBe(10)
})

describe('a lease', () => {
  it('holds for ten seconds from when its transaction began, and not at their end', () => {
    const lease = createLease(begun)
    now = begun + 9_999
    expect(lease.holds()).toBe(true)
    now = begun + 10_000
    expect(lease.holds()).toBe(false)
  })

  it('holds no longer because its transaction took long', () => {
    now = begun + 8_000
    const lease = createLease(begun)
    now = begun + 10_000
    expect(lease.holds()).toBe(false)
  })

  it('never holds where its transaction took longer than it', () => {
    now = begun + 10_000
    expect(createLease(begun).holds()).toBe(false)
  })

  it('is longer by a commit: ten seconds from when that one began', () => {
    const lease = createLease(begun)
    now = begun + 9_000
    lease.extend(begun + 4_000)
    now = begun + 13_999
    expect(lease.holds()).toBe(true)
    now = begun + 14_000
    expect(lease.holds()).toBe(false)
  })

  it('is not shortened by a commit that began earlier and ended later', () => {
    const lease = createLease(begun)
    lease.extend(begun + 4_000)
    lease.extend(begun + 1_000)
    now = begun + 13_999
    expect(lease.holds()).toBe(true)
  })

  it('holds again when it had run out and a commit succeeds', () => {
    const lease = createLease(begun)
    now = begun + 60_000
    expect(lease.holds()).toBe(false)
    lease.extend(now)
    expect(lease.holds()).toBe(true)
  })

  it('holds no more when it is given back, whatever commits come after that', () => {
    const lease = createLease(begun)
    lease.giveBack()
    expect(lease.holds()).toBe(false)
    lease.extend(begun + 1)
    expect(lease.holds()).toBe(false)
  })

  it('is short, and should be renewed, when half of it is left', () => {
    const lease = createLease(begun)
    expect(lease.isShort()).toBe(false)
    now = begun + 5_000
    expect(lease.isShort()).toBe(false)
    now = begun + 5_001
    expect(lease.isShort()).toBe(true)
    lease.extend(begun + 1)
    expect(lease.isShort()).toBe(false)
    now = begun + 60_000
    expect(lease.isShort()).toBe(true)
  })
})
