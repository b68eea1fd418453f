// Prisma's schema engine as WebAssembly: it compares schema and database without the engine that the CLI
// would download. For developing and tests only; importing this file compiles 3 MB.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import { Pool } from 'pg'
import { catalogueAdapter } from './catalogue-adapter.ts'
import { MigrationError } from './migration-error.ts'

export type SchemaEngine = bindings.SchemaEngine

/** The little of the standard that is used; only the browser's type library describes it. */
declare const WebAssembly: {
  instantiate(
    code: Uint8Array,
    imports: Readonly<Record<string, object>>,
  ): Promise<{ readonly instance: { readonly exports: Readonly<Record<string, unknown>> } }>
}

// The package's own entry imports the .wasm file, which Node 20 cannot. The bindings hold one instance a
// process, so it is made once, while this module loads.
await loadWasm()

/** Runs work with an engine bound to a database, and lets go of both. */
export async function withSchemaEngine<Result>(
  databaseUrl: string,
  work: (engine: SchemaEngine) => Promise<Result>,
): Promise<Result> {
  const pool = new Pool({ connectionString: databaseUrl, max: 2, connectionTimeoutMillis: 10_000 })
  try {
    const factory = bindMigrationAwareSqlAdapterFactory(catalogueAdapter(pool))
    const engine = await bindings.SchemaEngine.new({ datamodels: undefined }, () => undefined, factory)
    try {
      return await work(engine)
    } finally {
      engine.free()
    }
  } finally {
    await pool.end()
  }
}

async function loadWasm(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm')
  const code = await readFile(entry.replace(/\.js$/, '_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(code, { './schema_engine_bg.js': { ...bindings } })
  const setWasm: unknown = Reflect.get(bindings, '__wbg_set_wasm')
  const start = instance.exports['__wbindgen_start']
  if (typeof setWasm !== 'function' || typeof start !== 'function') {
    throw new MigrationError('engine_unusable', 'The installed @prisma/schema-engine-wasm has another form.')
  }
  setWasm(instance.exports)
  start()
  // Without it a panic would be an uncaught exception that says nothing.
  const panics = {
    set_message(text: string): never {
      throw new MigrationError('engine_panicked', text)
    },
  }
  Reflect.set(globalThis, 'PRISMA_WASM_PANIC_REGISTRY', panics)
}
