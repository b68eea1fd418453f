/** Switches the rules off one at a time, in a copy of the code, and plays schedules until that is noticed. */
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from '@sluice/connector-sdk'
import { type BundledScript, bundleScript } from './bundled-script.ts'
import type { PlotChange } from './plot.ts'
import { type Edit, rules, type SwitchedRule } from './rules.ts'
import { playSchedule } from './schedule.ts'

export interface SwitchedOff {
  readonly rule: string
  /** What showed it, and in the schedule with which seed; null when nothing did. */
  readonly noticed: { readonly what: string; readonly seed: number } | null
}

/** The code has changed, and the change that switches a rule off fits no longer. */
export class RuleNotFoundError extends Error {
  override readonly name = 'RuleNotFoundError'
}

const root = fileURLToPath(new URL('../..', import.meta.url))

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
  return `${rule}: noticed by schedule ${noticed.seed}: ${noticed.what}`
}

async function playWithout({ name, edits, focus = {}, firstSeed = 1 }: SwitchedRule): Promise<SwitchedOff> {
  const script = await bundleScript('./play-until-noticed.ts', await edited(edits))
  try {
    return { rule: name, noticed: await playUntilNoticed(script, focus, firstSeed) }
  } finally {
    await script.remove()
  }
}

/** The files that are different without the rule, by their paths. */
async function edited(edits: readonly Edit[]): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  for (const { file, from, to } of edits) {
    const path = join(root, file)
    const text = files.get(path) ?? (await readFile(path, 'utf8'))
    if (text.split(from).length !== 2)
      throw new RuleNotFoundError(
        `${file} does not have exactly once: ${from}. Fit test/simulation/rules.ts to it.`,
      )
    files.set(
      path,
      text.replace(from, () => to),
    )
  }
  return files
}

const noticedSchema = z.object({ what: z.string(), seed: z.number() }).nullable()

async function playUntilNoticed(
  script: BundledScript,
  focus: PlotChange,
  firstSeed: number,
): Promise<SwitchedOff['noticed']> {
  const output = await script.run(JSON.stringify(focus), String(firstSeed))
  const noticed = noticedSchema.parse(JSON.parse(output))
  if (noticed === null) return null
  // It must be the rule that was missed: with it, the same schedule is fine.
  const { violations } = await playSchedule(noticed.seed, null, focus)
  return violations.length === 0 ? noticed : null
}
