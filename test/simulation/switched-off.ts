/** Switches the rules off one at a time, in a copy of the code, and plays schedules until that is noticed. */
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from '@sluice/connector-sdk'
import { type Edit, rules, type SwitchedRule } from './rules.ts'

export interface SwitchedOff {
  readonly rule: string
  /** What showed it, and after how many schedules; null when nothing did. */
  readonly noticed: { readonly what: string; readonly schedules: number; readonly seed: number } | null
}

/** The code has changed, and the change that switches a rule off fits no longer. */
export class RuleNotFoundError extends Error {
  override readonly name = 'RuleNotFoundError'
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const copied = ['engine', 'test/harness', 'test/simulation', 'package.json', 'tsconfig.json']
const linked = ['node_modules', 'plugins']

/** Plays without each of the rules, or without the one named so (or so numbered). */
export async function switchedOff(
  name: string | undefined,
  tell: (line: string) => void,
): Promise<readonly SwitchedOff[]> {
  const chosen = rules.filter(
    (rule) => name === undefined || rule.name === name || rule.name.startsWith(`${name}-`),
  )
  if (chosen.length === 0)
    throw new RangeError(
      `There is no rule "${name}". There are: ${rules.map((rule) => rule.name).join(', ')}.`,
    )
  const queue = [...chosen]
  const results = new Map<string, SwitchedOff>()
  const worker = async () => {
    for (let rule = queue.shift(); rule !== undefined; rule = queue.shift()) {
      const result = await playWithout(rule)
      results.set(rule.name, result)
      tell(lineOf(result))
    }
  }
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker))
  return chosen.flatMap((rule) => results.get(rule.name) ?? [])
}

function lineOf({ rule, noticed }: SwitchedOff): string {
  if (noticed === null) return `${rule}: NOT NOTICED`
  const { schedules, seed, what } = noticed
  return `${rule}: noticed after ${schedules} schedules: ${what} (seed ${seed})`
}

async function playWithout({ name, edits, seeds = [] }: SwitchedRule): Promise<SwitchedOff> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-without-'))
  try {
    for (const path of copied) await cp(join(root, path), join(folder, path), { recursive: true })
    for (const path of linked) await symlink(join(root, path), join(folder, path))
    for (const edit of edits) await apply(folder, edit)
    return { rule: name, noticed: await play(folder, seeds) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function apply(folder: string, { file, from, to }: Edit): Promise<void> {
  const path = join(folder, file)
  const text = await readFile(path, 'utf8')
  if (text.split(from).length !== 2)
    throw new RuleNotFoundError(
      `${file} does not have exactly once: ${from}. Fit test/simulation/rules.ts to it.`,
    )
  await writeFile(
    path,
    text.replace(from, () => to),
  )
}

const noticedSchema = z.object({ what: z.string(), schedules: z.number(), seed: z.number() }).nullable()

function play(folder: string, seeds: readonly number[]): Promise<SwitchedOff['noticed']> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [
        '--conditions=sluice-source',
        '--import',
        'tsx',
        'test/simulation/play-until-noticed.ts',
        ...seeds.map(String),
      ],
      { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    const output: string[] = []
    const errors: string[] = []
    child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(noticedSchema.parse(JSON.parse(output.join(''))))
      else reject(new Error(`The simulation itself failed:\n${errors.join('')}`))
    })
  })
}
