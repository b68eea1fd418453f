/** A role that is started by itself finds its database and Temporal in the environment; only `npm start` embeds them. */
import { type Env, EnvError, type EnvProblem } from './env.ts'

export function requireExternal(
  env: Env,
  role: string,
): { readonly databaseUrl: string; readonly temporalAddress: string } {
  const { databaseUrl, temporalAddress } = env
  if (databaseUrl !== undefined && temporalAddress !== undefined) return { databaseUrl, temporalAddress }
  const missing = (name: string): EnvProblem => ({
    name,
    wrong: `is not set, and the role "${role}" needs it`,
    remedy: 'Set it, or use "npm start", which brings its own.',
  })
  throw new EnvError([
    ...(databaseUrl === undefined ? [missing('DATABASE_URL')] : []),
    ...(temporalAddress === undefined ? [missing('TEMPORAL_ADDRESS')] : []),
  ])
}
