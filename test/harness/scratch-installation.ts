/**
 * An installation outside the repository: a host with a package.json of its own, in which npm installs packed tarballs,
 * without a registry. And a partner's package, made and packed as a partner makes and packs it.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { loadRegistry } from '../../server/registry/load-registry.ts'
import type { Registry } from '../../server/registry/registry.ts'

const checkout = fileURLToPath(new URL('../..', import.meta.url))
const modules = join(checkout, 'node_modules')
/** What npm would get from its registry beside the packages of this repository. */
const fromRegistry = ['zod', 'fast-check', 'pure-rand'].map((name) => join(modules, name))

/** A package as it is packed: files by path, next to a package.json with these fields. */
export interface ScratchPackage {
  readonly name: string
  readonly manifest: object
  readonly files: Readonly<Record<string, string>>
}

export interface ScratchInstallation {
  /** The partner's package: its folder, beside which are the tools that a partner has. */
  readonly partner: string
  /** Packs packages that are written into folders of their own; returns their tarballs by name. */
  pack(packages: readonly ScratchPackage[]): Promise<Readonly<Record<string, string>>>
  /** Packs the partner's package, which builds it. */
  packPartner(): Promise<string>
  /** Adds or replaces packages of the host, by name. */
  install(tarballs: Readonly<Record<string, string>>): Promise<void>
  uninstall(...names: readonly string[]): Promise<void>
  /** What the installation offers when it is started now. */
  start(): Promise<Registry>
  remove(): Promise<void>
}

const quiet = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']

/** Runs a program; its output stands in the failure. */
async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { cwd })
  return stdout
}

const npm = (cwd: string, ...args: readonly string[]) => run('npm', args, cwd)
const script = (path: string, ...args: readonly string[]) =>
  run(process.execPath, ['--import', 'tsx/esm', path, ...args], checkout)

export async function createScratchInstallation(id: string): Promise<ScratchInstallation> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'sluice-installed-')))
  const tarballs = join(root, 'tarballs')
  const partner = join(root, 'partner', `connector-${id}`)
  let host = join(root, 'host-0')
  let starts = 0
  await mkdir(tarballs)
  await mkdir(host)
  // The tools that a partner has installed.
  await mkdir(join(root, 'node_modules'))
  for (const name of ['.bin', '@types', 'tsx', 'typescript', 'vitest']) {
    await symlink(join(modules, name), join(root, 'node_modules', name))
  }

  async function packFolders(folders: readonly string[], ...options: readonly string[]) {
    const args = ['pack', '--json', '--pack-destination', tarballs, ...options, ...folders]
    const packed = JSON.parse(await npm(root, ...args)) as { name: string; filename: string }[]
    return Object.fromEntries(packed.map(({ filename, name }) => [name, join(tarballs, filename)]))
  }
  async function addTo(folder: string, added: Readonly<Record<string, string>>, ...options: string[]) {
    const path = join(folder, 'package.json')
    const manifest = JSON.parse(await readFile(path, 'utf8')) as { dependencies: Record<string, string> }
    for (const [name, tarball] of Object.entries(added)) manifest.dependencies[name] = `file:${tarball}`
    await writeFile(path, JSON.stringify(manifest))
    await npm(folder, 'install', ...quiet, ...options)
  }

  await script('plugins/build.ts', 'plugins/sdk', 'plugins/connector-testing')
  const ours = ['sdk', 'connector-testing'].map((name) => join(checkout, 'plugins', name, 'dist'))
  const published = await packFolders([...ours, ...fromRegistry], '--ignore-scripts')
  const manifest = { private: true, sluice: { role: 'host' }, dependencies: {} }
  await writeFile(join(host, 'package.json'), JSON.stringify(manifest))
  const { '@sluice/connector-sdk': sdk = '', zod = '' } = published
  await addTo(host, { '@sluice/connector-sdk': sdk, zod })
  await script('plugins/new-connector.ts', '--folder', join(root, 'partner'), id)
  await writeFile(join(root, 'partner/package.json'), JSON.stringify({ private: true, dependencies: {} }))
  // Its tools are there already, and none of them is packed.
  await addTo(join(root, 'partner'), published, '--legacy-peer-deps')

  return {
    partner,
    install: (added) => addTo(host, added),
    async pack(packages) {
      const folders = await Promise.all(
        packages.map(async ({ files, manifest: fields, name }) => {
          const folder = join(root, 'packages', name)
          await mkdir(folder, { recursive: true })
          await writeFile(join(folder, 'package.json'), JSON.stringify({ name, ...fields }))
          for (const [path, text] of Object.entries(files)) {
            await mkdir(join(folder, path, '..'), { recursive: true })
            await writeFile(join(folder, path), text)
          }
          return folder
        }),
      )
      return packFolders(folders)
    },
    async packPartner() {
      const [tarball = ''] = Object.values(await packFolders([partner]))
      return tarball
    },
    async uninstall(...names) {
      await npm(host, 'uninstall', ...names, ...quiet)
    },
    async start() {
      // A process that starts anew loads what is installed now; this one would know the modules of a path already.
      starts += 1
      const next = join(root, `host-${starts}`)
      await rename(host, next)
      host = next
      // Where the host's own code stands: below node_modules, so that the test runner leaves its import to Node.
      const loader = join(host, 'server/node_modules/load.mjs')
      await mkdir(join(loader, '..'), { recursive: true })
      await writeFile(loader, 'export const load = (name) => import(name)\n')
      return loadRegistry({
        hostFolder: host,
        loader: pathToFileURL(loader).href,
        timeoutMs: 4_000,
        nodeOptions: ['--conditions=sluice-source', '--import', 'tsx/esm'],
      })
    },
    remove: () => rm(root, { recursive: true }),
  }
}
