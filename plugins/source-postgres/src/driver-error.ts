/** Turns what the driver says into a coded error for people. PostgreSQL quotes values, so no text of its own passes. */
import { SourceError } from '@sluice/connector-sdk'
import type { ServerAddress } from './settings.ts'

/** What may be named in a message, and whether there had been a connection. */
export interface ErrorScene {
  readonly server: Pick<ServerAddress, 'host' | 'port' | 'database' | 'user' | 'statementTimeoutMs'>
  readonly phase: 'connecting' | 'reading'
}

export function toSourceError(error: unknown, scene: ErrorScene): SourceError {
  if (error instanceof SourceError) return error
  const code = codeOf(error)
  if (/^[0-9A-Z]{5}$/.test(code)) return ofServer(code, scene)
  return scene.phase === 'connecting' ? ofConnecting(error, code, scene) : lost(scene)
}

function ofServer(state: string, scene: ErrorScene): SourceError {
  const { database, user } = scene.server
  const named = `“${database}”`
  switch (state) {
    case '28P01':
      return new SourceError('bad_settings', `The server refused the password of the role “${user}”.`)
    case '3D000':
      return new SourceError('not_found', `There is no database ${named} on the server.`)
    case '42P01':
    case '3F000':
      return new SourceError('not_found', `A table that the query reads is not in ${named}, or no longer.`)
    case '42501':
      return new SourceError(
        'not_allowed',
        `The role “${user}” may not read what the query needs of ${named}.`,
      )
    case '42703':
    case '42883':
    case '42804':
      return new SourceError(
        'bad_query',
        `The query does not fit ${named} (SQLSTATE ${state}). Have its columns changed?`,
      )
    case '22023':
      return new SourceError(
        'bad_query',
        `The server does not know a name in the query, for example its time zone (SQLSTATE ${state}).`,
      )
    case '25006':
      return new SourceError(
        'not_allowed',
        `Reading ${named} would write to it, which is not allowed. Does a view call a function that writes?`,
      )
    case '55P03':
      return new SourceError('locked', `A table in ${named} is locked by another session. It is tried again.`)
    case '57014':
      return new SourceError(
        'broken_stream',
        `The server cancelled the query: it took longer than ${scene.server.statementTimeoutMs / 1000} s, or someone cancelled it. An index on the cursor and key columns makes it faster.`,
      )
    case '08P01':
      return new SourceError('bad_query', 'The query has more or fewer parameters than values.')
    case 'XX001':
    case 'XX002':
      return new SourceError('bad_file', `The server found damaged data in ${named} (SQLSTATE ${state}).`)
  }
  switch (state.slice(0, 2)) {
    case '28':
      return new SourceError(
        'not_allowed',
        `The server does not let the role “${user}” in from here (SQLSTATE ${state}).`,
      )
    case '08':
    case '57':
      return scene.phase === 'connecting' ? unreachable(scene, `SQLSTATE ${state}`) : lost(scene)
    case '53':
      if (state === '53300') return unreachable(scene, 'it has too many connections')
      return new SourceError(
        'out_of_memory',
        `The server ran out of memory or disk for the query (SQLSTATE ${state}). An index on the cursor and key columns saves it the sorting.`,
      )
    case '25':
    case '40':
    case '58':
    case 'XX':
      return new SourceError(
        'broken_stream',
        `The server gave up reading ${named} before its end (SQLSTATE ${state}).`,
      )
    default:
      return new SourceError('bad_query', `The server refused the query on ${named} (SQLSTATE ${state}).`)
  }
}

/** Node's and OpenSSL's codes for certificates that prove nothing. */
const certificateCode = /CERT|SELF_SIGNED|UNABLE_TO_|^ERR_TLS|^ERR_SSL|^ERR_OSSL|^HOSTNAME_MISMATCH|CRL/

function ofConnecting(error: unknown, code: string, scene: ErrorScene): SourceError {
  const driverText = error instanceof Error ? error.message : ''
  if (driverText === 'The server does not support SSL connections') {
    return new SourceError(
      'bad_settings',
      'The server offers no TLS. Turn it on there, or choose “disable” if the network is safe.',
    )
  }
  if (driverText.startsWith('SASL') || driverText.startsWith('Unknown authenticationOk')) {
    return new SourceError(
      'bad_settings',
      `The role “${scene.server.user}” cannot sign in with a password here.`,
    )
  }
  if (certificateCode.test(code)) {
    return new SourceError(
      'bad_settings',
      `The certificate of the server could not be verified (${code}). Is the CA certificate the right one, and the host named as in the certificate?`,
    )
  }
  return unreachable(scene, code === '' ? 'no answer' : code)
}

function unreachable({ server }: ErrorScene, reason: string): SourceError {
  return new SourceError(
    'unreachable',
    `The server ${server.host}:${server.port} cannot be reached now (${reason}).`,
  )
}

function lost({ server }: ErrorScene): SourceError {
  return new SourceError(
    'broken_stream',
    `The connection to “${server.database}” broke before the end was read.`,
  )
}

function codeOf(error: unknown): string {
  // Node tries several addresses of a name, and then has several errors.
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  if (!(error instanceof Error) || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}
