/** How fast templates render and compile, in a process with a worker's options. */
import { startRole, workerNodeOptions } from '../server/start/roles.ts'
import { inTemporaryFolder } from './temporary-folder.ts'

interface Options {
  readonly records: number
  say(line: string): void
}

export interface TemplateFigures {
  /** Renders a second of a JSON body with five variables. */
  readonly plain: number
  /** Of a body with a section over ten elements. */
  readonly sections: number
  /** Of the same with three helpers: formatDate, join, and toJson in every turn. */
  readonly helpers: number
  /** Of a body with five variables, one of them hashed: what Node's SHA-256 costs. */
  readonly hashed: number
  /** As plain, and checked that it is JSON. */
  readonly checked: number
  /** Compiling a template of 20 kB with sections and helpers, the median. */
  readonly compileMs: number
  /** The first time, in a process that has compiled nothing yet. */
  readonly firstCompileMs: number
  readonly rssMiB: number
}

export function templates({ records, say }: Options): Promise<TemplateFigures> {
  return inTemporaryFolder(say, async ({ logs }) => {
    const program = 'bench/templates-process.ts'
    const args = ['--renders', String(records)]
    const { ended, ready } = await startRole({
      ...{ name: 'templates', program, args, nodeOptions: workerNodeOptions, logs },
    })
    await ended
    const figure = (name: string) => Number(ready[name])
    const rates = ['plain', 'sections', 'helpers', 'hashed', 'checked'] as const
    for (const name of rates) say(`${name}: ${figure(name)} renders/s`)
    say(`compiling 20 kB: ${figure('compileMs')} ms, the first time ${figure('firstCompileMs')} ms`)
    return {
      plain: figure('plain'),
      sections: figure('sections'),
      helpers: figure('helpers'),
      hashed: figure('hashed'),
      checked: figure('checked'),
      compileMs: figure('compileMs'),
      firstCompileMs: figure('firstCompileMs'),
      rssMiB: figure('rssMiB'),
    }
  })
}
