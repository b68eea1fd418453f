/** Builds the registry of this process: finds the installed plugins, tries those of others, imports and checks each. */
import { fileURLToPath } from 'node:url'
import { type Admission, admitConnector, admitSource, type Rejection } from './admit.ts'
import { discoverPlugins, type FoundPlugin } from './discover.ts'
import { describeFailure } from './failure.ts'
import { probePlugins } from './probe.ts'
import {
  createRegistry,
  type InstalledConnector,
  type InstalledSource,
  type Registry,
  type UnavailablePlugin,
} from './registry.ts'

export interface LoadOptions {
  /** The folder with the host's package.json. Default: this project's. */
  readonly hostFolder?: string
  /** URL of a module like load.ts that stands where packages are looked up from. */
  readonly loader?: string
  /** How long importing one package may take. */
  readonly timeoutMs?: number
  /** Options of Node for the process that tries the plugins. Default: this process's own. */
  readonly nodeOptions?: readonly string[]
}

/**
 * Nobody but us publishes under it: what comes with the host is tested with it. To try it in a process of its own as
 * well would cost every start a second of a core.
 */
const ourScope = '@sluice/'

/** Never fails because of a plugin: what cannot be used is listed as unavailable. */
export async function loadRegistry({
  hostFolder = fileURLToPath(new URL('../..', import.meta.url)),
  loader = new URL('./load.ts', import.meta.url).href,
  timeoutMs = 10_000,
  nodeOptions,
}: LoadOptions = {}): Promise<Registry> {
  const { found, unavailable } = await discoverPlugins(hostFolder)
  const others = found.map(({ packageName }) => packageName).filter((name) => !name.startsWith(ourScope))
  const failures = await probePlugins(others, { loader, timeoutMs, ...(nodeOptions && { nodeOptions }) })
  const { load } = (await import(loader)) as { load(packageName: string): Promise<unknown> }

  const connectors: InstalledConnector[] = []
  const sources: InstalledSource[] = []
  const rejected: UnavailablePlugin[] = []
  for (const plugin of found) {
    const { packageName, packageVersion, role } = plugin
    const refuse = (rejection: Rejection) =>
      rejected.push({ packageName, packageVersion, role, ...rejection })
    const failure = failures.get(packageName)
    if (failure !== undefined) {
      refuse(failure)
      continue
    }
    const imported = await importWithin(() => load(packageName), timeoutMs)
    if (!imported.isImported) refuse(imported.rejection)
    else if (role === 'connector') keep(plugin, admit(admitConnector, imported.module), connectors, refuse)
    else keep(plugin, admit(admitSource, imported.module), sources, refuse)
  }
  return createRegistry({ connectors, sources, unavailable: [...unavailable, ...rejected] })
}

/** Adds what was admitted, unless an earlier package has its id. */
function keep<Definition extends { readonly id: string }>(
  { packageName, packageVersion }: FoundPlugin,
  admission: Admission<Definition>,
  installed: { definition: Definition; packageName: string; packageVersion: string }[],
  refuse: (rejection: Rejection) => void,
): void {
  if (!admission.isAdmitted) {
    refuse(admission.rejection)
    return
  }
  const { definition } = admission
  const holder = installed.find((each) => each.definition.id === definition.id)
  if (holder === undefined) installed.push({ definition, packageName, packageVersion })
  else {
    refuse({
      code: 'plugin_id_taken',
      reason: `The id "${definition.id}" belongs to ${holder.packageName} already. Uninstall one of the two.`,
    })
  }
}

/** Looking at a definition can run its code, which may throw. */
function admit<Definition>(
  judge: (module: unknown) => Admission<Definition>,
  module: unknown,
): Admission<Definition> {
  try {
    return judge(module)
  } catch (error) {
    const reason = `It cannot be read: ${describeFailure(error)}.`
    return { isAdmitted: false, rejection: { code: 'plugin_definition_incomplete', reason } }
  }
}

type Imported =
  | { readonly isImported: true; readonly module: unknown }
  | { readonly isImported: false; readonly rejection: Rejection }

async function importWithin(load: () => Promise<unknown>, timeoutMs: number): Promise<Imported> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<Imported>((resolve) => {
    const reason = `Importing it did not end within ${timeoutMs / 1000} s.`
    const rejection = { code: 'plugin_import_timed_out', reason }
    timer = setTimeout(() => resolve({ isImported: false, rejection }), timeoutMs)
  })
  const loaded = load().then(
    (module): Imported => ({ isImported: true, module }),
    (error): Imported => {
      const reason = `Importing it fails: ${describeFailure(error)}.`
      return { isImported: false, rejection: { code: 'plugin_import_failed', reason } }
    },
  )
  const outcome = await Promise.race([loaded, timeout])
  clearTimeout(timer)
  return outcome
}
