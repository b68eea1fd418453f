/** Roles and rights in GraphQL. */
import { builder } from '../graphql/builder.ts'
import type { Right, Role } from './rules.ts'

export const RoleRef = builder.enumType('Role', {
  description: 'What a person may do in a workspace; each role includes the one before it.',
  values: {
    VIEWER: { description: 'Sees configuration, deliveries and counts, no record of a source.' },
    EDITOR: {
      description: 'Edits the working copy, previews records, sends samples, pauses and resumes.',
    },
    PUBLISHER: { description: 'Publishes versions.' },
    ADMIN: { description: 'Manages people, tokens and settings of the workspace.' },
  } as const satisfies Record<Role, { readonly description: string }>,
})

export const RightRef = builder.enumType('Right', {
  description: 'What can be allowed: a role has some, an API token the ones among them that are its scopes.',
  values: {
    READ: { value: 'read', description: 'See configuration, deliveries and counts.' },
    PREVIEW: { value: 'preview', description: "See records: previews and dry runs, and a vendor's choices." },
    EDIT: { value: 'edit', description: 'Change the working copy.' },
    OPERATE: {
      value: 'operate',
      description: 'Pause and resume, test connections, send samples, prepare actions.',
    },
    PUBLISH: { value: 'publish', description: 'Make the working copy what runs.' },
    ADMINISTER: { value: 'administer', description: 'Manage people, tokens and the workspace itself.' },
  } as const satisfies Record<string, { readonly value: Right; readonly description: string }>,
})
