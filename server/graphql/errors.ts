/** The problems that all nouns share, as GraphQL types: every one implements `Problem`. */
import { Forbidden, type Role } from '../access/rules.ts'
import {
  type DomainError,
  InvalidInput,
  type Issue,
  NameTaken,
  NotFound,
  RevisionConflict,
} from '../problems/rules.ts'
import { builder } from './builder.ts'
import { encodeGlobalId } from './global-id.ts'

export const ProblemRef = builder.interfaceRef<DomainError>('Problem').implement({
  description: 'Why something was not done.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Stable, for programs; all are listed in docs/errors.md.' }),
    message: t.exposeString('message', { description: 'For people: what is wrong and what to do.' }),
  }),
})

export const IssueRef = builder.objectRef<Issue>('Issue').implement({
  description: 'One thing that is wrong with an input.',
  fields: (t) => ({
    path: t.stringList({
      description: 'Where in the input, outermost first; empty: the input as a whole.',
      resolve: ({ path }) => path.map(String),
    }),
    code: t.exposeString('code', { description: 'Stable, for programs; all are listed in docs/errors.md.' }),
    message: t.exposeString('message', { description: 'For people: what is wrong and what to do.' }),
    line: t.int({
      nullable: true,
      description: 'In a template: the line, from 1.',
      resolve: ({ line }) => line ?? null,
    }),
    column: t.int({
      nullable: true,
      description: 'In a template: the column in the line, from 1, in UTF-16 code units.',
      resolve: ({ column }) => column ?? null,
    }),
  }),
})

builder.objectType(InvalidInput, {
  name: 'InvalidInput',
  description: 'The input cannot be taken. It lists everything that is wrong with it.',
  interfaces: [ProblemRef],
  fields: (t) => ({
    issues: t.field({
      type: [IssueRef],
      description: 'All of them, not the first one only.',
      resolve: ({ issues }) => issues,
    }),
  }),
})

builder.objectType(NotFound, {
  name: 'NotFound',
  description: 'What an id names does not exist, or the token does not cover its workspace.',
  interfaces: [ProblemRef],
  fields: (t) => ({
    type: t.exposeString('entity', { description: 'The type that was looked for.' }),
    id: t.id({
      description: 'The id that was looked for.',
      resolve: ({ entity, entityId }) => encodeGlobalId(entity, entityId),
    }),
  }),
})

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

builder.objectType(Forbidden, {
  name: 'Forbidden',
  description: "The caller's role in the workspace, or the token's scopes, do not allow this.",
  interfaces: [ProblemRef],
  fields: (t) => ({
    role: t.expose('role', { type: RoleRef, description: 'The role that the caller has.' }),
    requiredRole: t.expose('requiredRole', {
      type: RoleRef,
      description: 'The least role that may do it. Where the caller has it, a scope of the token is missing.',
    }),
  }),
})

builder.objectType(RevisionConflict, {
  name: 'RevisionConflict',
  description: 'The edit was made on an older state of the entity, so it was not made.',
  interfaces: [ProblemRef],
  fields: (t) => ({
    currentRevision: t.exposeInt('currentRevision', { description: 'The revision to repeat the edit with.' }),
    current: t.node({
      description: 'The entity as it is now.',
      id: ({ entity, entityId }) => ({ type: entity, id: entityId }),
    }),
  }),
})

builder.objectType(NameTaken, {
  name: 'NameTaken',
  description: 'Another entity of the same kind has this name.',
  interfaces: [ProblemRef],
  fields: (t) => ({
    name: t.exposeString('takenName', { description: 'The name that is taken.' }),
  }),
})
