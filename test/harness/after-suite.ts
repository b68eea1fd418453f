// Runs beside a test run and outlives it: ends and removes what the run could not, because it was killed.
import { rm } from 'node:fs/promises'
import process from 'node:process'
import { endAllIn } from './passing-folder.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('Give the folder of the test run.')

// The other end of stdin closes when the run ends, however it ends.
process.stdin.resume()
process.stdin.once('end', async () => {
  await endAllIn(folder)
  await rm(folder, { recursive: true, force: true })
})
