// Ends a test run with one line that a script can read: how many tests passed and failed.
import process from 'node:process'
import type { Reporter, TestModule } from 'vitest/node'

export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const passed = tests.filter((test) => test.result().state === 'passed').length
    const failed = tests.filter((test) => test.result().state === 'failed').length
    // A file that does not load, a hook that throws or a stray error has no test to fail, yet fails the run.
    const broken = modules.filter((module) => module.state() === 'failed' && !failsByTest(module)).length
    const failures = failed + broken + unhandledErrors.length
    // After the default reporter, which writes its own summary in the same round.
    process.once('exit', (code) => {
      // The suite's own servers did not start, for example: then no test has run.
      const atLeast = code === 0 ? 0 : 1
      process.stdout.write(`${passed} passed, ${Math.max(failures, atLeast)} failed\n`)
    })
  }
}

function failsByTest(module: TestModule): boolean {
  return [...module.children.allTests('failed')].length > 0
}
