// A process is known by more than its number.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { expect, test } from 'vitest'
import { endProcess } from './end-process.ts'
import { commandOf, identifyProcess, isProcessIdentity, isRunning, pidOf } from './process-identity.ts'
import { findProcesses } from './running-processes.ts'

test('a running process has an identity that stays', () => {
  const identity = identifyProcess(process.pid)
  expect(identity).toBeDefined()
  expect(identifyProcess(process.pid)).toBe(identity)
  if (identity === undefined) return
  expect(isProcessIdentity(identity)).toBe(true)
  expect(pidOf(identity)).toBe(process.pid)
  expect(isRunning(identity)).toBe(true)
})

test('another process that got the same number is not taken for it', () => {
  expect(isRunning(`${process.pid}-0123456789abcdef`)).toBe(false)
})

test('a process that ended has no identity', async () => {
  const child = spawn('true')
  await once(child, 'exit')
  expect(identifyProcess(child.pid ?? 0)).toBeUndefined()
})

test('a zombie, which its parent has not taken leave of, counts as ended', async () => {
  const parent = spawn('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 60'])
  try {
    const [pid] = await once(parent.stdout, 'data')
    await expect.poll(() => identifyProcess(Number(pid))).toBeUndefined()
  } finally {
    parent.kill('SIGKILL')
  }
})

test('a process is found by its command line', async () => {
  const mark = `mark-${Math.random()}`
  const child = spawn('sh', ['-c', 'sleep 60; true', mark])
  await once(child, 'spawn')
  await expect.poll(() => findProcesses(mark).map(({ pid }) => pid)).toEqual([child.pid])
  expect(commandOf(child.pid ?? 0)).toContain(mark)
  child.kill('SIGKILL')
})

test('a process that ignores the first signal is ended by a later one', async () => {
  const child = spawn('sh', ['-c', 'trap "" INT; echo ready; while :; do sleep 0.05; done'])
  await once(child.stdout, 'data')
  const identity = identifyProcess(child.pid ?? 0)
  if (identity === undefined) throw new Error('The child does not run.')
  expect(await endProcess(identity, [{ signal: 'SIGINT', waitMs: 100 }])).toBe(false)
  expect(await endProcess(identity, [{ signal: 'SIGKILL', waitMs: 5_000 }])).toBe(true)
  expect(isRunning(identity)).toBe(false)
})
