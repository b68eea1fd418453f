/** Finds the host's dependencies that say they are plugins, without running any of their code. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { z } from 'zod'
import { type Role, roles, type UnavailablePlugin } from './registry.ts'

/** A package that declares a role we know. Its code has not been looked at. */
export interface FoundPlugin {
  readonly packageName: string
  readonly packageVersion: string
  readonly role: Role
}

export interface Discovery {
  readonly found: readonly FoundPlugin[]
  readonly unavailable: readonly UnavailablePlugin[]
}

const hostManifest = z.object({ dependencies: z.record(z.string(), z.string()).default({}) })
const manifest = z.object({
  version: z.string().default('0.0.0'),
  sluice: z.object({ role: z.unknown() }).optional(),
})

/** `hostFolder` is the folder with the host's package.json; dependencies are looked up from there, as Node does. */
export async function discoverPlugins(hostFolder: string): Promise<Discovery> {
  const host = hostManifest.parse(JSON.parse(await readFile(join(hostFolder, 'package.json'), 'utf8')))
  const inspected = await Promise.all(
    Object.keys(host.dependencies).map((packageName) => inspect(hostFolder, packageName)),
  )
  return {
    found: inspected.flatMap((each) => (each.kind === 'plugin' ? [each.plugin] : [])),
    unavailable: inspected.flatMap((each) => (each.kind === 'unavailable' ? [each.plugin] : [])),
  }
}

type Inspected =
  | { readonly kind: 'plugin'; readonly plugin: FoundPlugin }
  | { readonly kind: 'unavailable'; readonly plugin: UnavailablePlugin }
  | { readonly kind: 'other' }

async function inspect(hostFolder: string, packageName: string): Promise<Inspected> {
  const text = await readManifest(hostFolder, packageName)
  if (text === undefined) {
    return unavailable({
      packageName,
      code: 'plugin_not_installed',
      reason: `The package ${packageName} is a dependency, but it is not installed. Run npm install.`,
    })
  }
  const parsed = manifest.safeParse(parseJson(text))
  if (!parsed.success) {
    return unavailable({
      packageName,
      code: 'plugin_manifest_unreadable',
      reason: `The package.json of ${packageName} cannot be read. Install the package again.`,
    })
  }
  const { version: packageVersion, sluice } = parsed.data
  if (sluice === undefined) return { kind: 'other' }
  const role = roles.find((known) => known === sluice.role)
  if (role !== undefined) return { kind: 'plugin', plugin: { packageName, packageVersion, role } }
  return unavailable({
    packageName,
    packageVersion,
    code: 'plugin_role_unknown',
    reason: `The package.json of ${packageName} declares a "sluice.role" that this version does not know. It knows ${roles.join(' and ')}.`,
  })
}

/** Read from the folder, not through `exports`: few packages export their package.json. */
async function readManifest(hostFolder: string, packageName: string): Promise<string | undefined> {
  const lookup = createRequire(join(hostFolder, 'package.json')).resolve.paths(packageName) ?? []
  for (const folder of lookup) {
    try {
      return await readFile(join(folder, packageName, 'package.json'), 'utf8')
    } catch (error) {
      // Not in this folder: Node looks in the next one above.
      if (!isMissing(error)) return ''
    }
  }
  return undefined
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOENT' || code === 'ENOTDIR'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The schema refuses it, and says so.
    return undefined
  }
}

function unavailable(plugin: UnavailablePlugin): Inspected {
  return { kind: 'unavailable', plugin }
}
