/**
 * Builds packages under plugins/ as they are published: the folder `dist` of each is the package, with JavaScript and
 * declarations of all that its entries reach. What is published has no condition `sluice-source`, since it has no sources.
 */
import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'

const usage = `Usage: npm run build -- [FOLDER …]

Builds the folder dist of packages under plugins/, and of those that they need. It is the package:

  npm pack ./plugins/sdk/dist
  npm publish ./plugins/sdk/dist

  FOLDER    the folder of a package (all that have something to publish)
  --help    this text
`
const checkout = fileURLToPath(new URL('..', import.meta.url))
const plugins = join(checkout, 'plugins')
const tsc = join(checkout, 'node_modules/typescript/bin/tsc')

interface Entry {
  readonly 'sluice-source': string
  readonly types: string
  readonly default: string
}

interface Manifest {
  readonly name: string
  readonly files?: readonly string[]
  readonly exports: Readonly<Record<string, Entry>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

interface Package {
  readonly folder: string
  readonly manifest: Manifest
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean' } },
  })
  if (values.help === true) {
    process.stdout.write(usage)
    return 0
  }
  const all = await readPackages()
  const named = new Set(positionals.map((folder) => resolve(folder)))
  const wanted =
    named.size === 0
      ? all.filter(({ manifest }) => manifest.files?.includes('dist'))
      : all.filter(({ folder }) => named.has(folder))
  if (wanted.length < named.size) {
    process.stderr.write(
      `Not every one of these is a package of Sluice under plugins/: ${positionals.join(', ')}.\n`,
    )
    return 2
  }
  for (const each of inOrder(wanted, all)) await build(each)
  return 0
}

/** One that `npm run new:connector` made builds itself: its sources are never what a host loads. */
async function readPackages(): Promise<readonly Package[]> {
  const entries = await readdir(plugins, { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(plugins, name))
  const packages = await Promise.all(
    folders.map(async (folder) => ({
      folder,
      manifest: JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest,
    })),
  )
  return packages.filter(({ manifest }) => 'sluice-source' in (manifest.exports['.'] ?? {}))
}

/** Each after those that it depends on: their declarations are what its own are checked against. */
function inOrder(wanted: readonly Package[], all: readonly Package[]): ReadonlySet<Package> {
  const ordered = new Set<Package>()
  const add = (each: Package) => {
    const { dependencies = {}, devDependencies = {} } = each.manifest
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      const needed = all.find(({ manifest }) => manifest.name === name)
      if (needed?.manifest.files !== undefined && !ordered.has(needed)) add(needed)
    }
    ordered.add(each)
  }
  for (const each of wanted) add(each)
  return ordered
}

async function build({ folder, manifest }: Package): Promise<void> {
  const outDir = await mkdtemp(join(folder, 'dist-'))
  try {
    const entries = Object.values(manifest.exports)
    const config = join(outDir, 'tsconfig.json')
    await writeFile(config, JSON.stringify(configOf(folder, outDir, entries)))
    await promisify(execFile)(process.execPath, [tsc, '--project', config])
    await rm(config)
    await writeFile(join(outDir, 'package.json'), `${JSON.stringify(published(manifest), null, 2)}\n`)
    await copyFile(join(folder, 'README.md'), join(outDir, 'README.md'))
    // In one step: whoever reads the package meanwhile finds the old or the new one.
    const old = join(folder, 'dist')
    await rm(old, { recursive: true, force: true })
    await rename(outDir, old)
  } catch (error) {
    await rm(outDir, { recursive: true, force: true })
    throw new Error(`${manifest.name} cannot be built.\n${outputOf(error)}`)
  }
}

function configOf(folder: string, outDir: string, entries: readonly Entry[]) {
  return {
    extends: join(checkout, 'tsconfig.json'),
    files: entries.map((entry) => join(folder, entry['sluice-source'])),
    include: [],
    compilerOptions: {
      // Other packages as they are published: what is not built would not be there for a partner either.
      customConditions: [],
      declaration: true,
      noEmit: false,
      outDir,
      rewriteRelativeImportExtensions: true,
      rootDir: rootOf(folder, entries),
      typeRoots: [join(checkout, 'node_modules/@types')],
    },
  }
}

/** What stands for work in the repository is left out. */
function published({ exports, ...manifest }: Manifest): object {
  const left = new Set(['files', 'scripts', 'devDependencies'])
  const kept = Object.entries(manifest).filter(([name]) => !left.has(name))
  const within = (path: string) => path.replace(/^\.\/dist\//, './')
  const entries = Object.entries(exports).map(([name, entry]) => [
    name,
    { types: within(entry.types), default: within(entry.default) },
  ])
  return { ...Object.fromEntries(kept), exports: Object.fromEntries(entries) }
}

/** A package of its own sources alone has them at the top of dist; one that takes others along keeps the repository's folders. */
function rootOf(folder: string, entries: readonly Entry[]): string {
  const within = `./dist/plugins/${basename(folder)}/`
  return entries.some((entry) => entry.default.startsWith(within)) ? checkout : join(folder, 'src')
}

function outputOf(error: unknown): string {
  const stdout = error instanceof Error && 'stdout' in error ? error.stdout : ''
  return typeof stdout === 'string' && stdout !== '' ? stdout : String(error)
}

process.exitCode = await main()
