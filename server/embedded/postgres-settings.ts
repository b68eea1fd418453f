// How the embedded PostgreSQL is set: sized for a small machine, reached over loopback only, its log without values.

const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // A rejected statement's message and details may hold values: only the server's own doings are logged.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_checkpoints: 'off',
  logging_collector: 'off',
}

/** Command line of `postgres`; it overrides what stands in postgresql.conf. */
export function postgresArguments(data: string, port: number): string[] {
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return ['-D', data, '-p', String(port), ...given]
}
