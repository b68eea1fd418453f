/** Roles for which "read only" says little: a transaction does not keep them from the server's files and programs. */
import { SourceError } from '@sluice/connector-sdk'
import type { Session } from './session.ts'
import type { ServerAddress } from './settings.ts'

const isMighty = `
SELECT r.rolsuper OR EXISTS (
         SELECT 1 FROM pg_catalog.pg_roles m
          WHERE m.rolname IN ('pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files')
            AND pg_has_role(r.oid, m.oid, 'MEMBER'))
  FROM pg_catalog.pg_roles r WHERE r.rolname = CURRENT_USER`

/** SQL that a person wrote may call any function that the role may. */
export async function refuseMightyRole(
  session: Session,
  { user }: Pick<ServerAddress, 'user'>,
): Promise<void> {
  const { rows } = await session.run(isMighty)
  if (rows[0]?.[0] === 'f') return
  throw new SourceError(
    'not_allowed',
    `The role “${user}” is a superuser, or reaches the server's files or programs. SQL that people write is run by a role that may read tables and no more.`,
  )
}
