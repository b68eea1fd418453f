/** The problems that all nouns share, as GraphQL types: every one implements `Problem`. */
import { Forbidden } from '../access/rules.ts'
import { RoleRef } from '../access/types.ts'
import { bothSides, type ConflictingField } from '../problems/both-sides.ts'
import {
  type DomainError,
  InUse,
  InvalidInput,
  type Issue,
  NameTaken,
  NotFound,
  RevisionConflict,
  type User,
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

const ConflictingFieldRef = builder.objectRef<ConflictingField>('ConflictingField').implement({
  description: 'A field that the edit wanted to be other than it is. Secrets are left out.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name in the input.' }),
    yours: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What the edit wanted.',
      resolve: ({ yours }) => yours ?? null,
    }),
    theirs: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What is there now.',
      resolve: ({ theirs }) => theirs ?? null,
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
    fields: t.field({
      type: [ConflictingFieldRef],
      description: 'Both sides, for each field of the edit that differs from what is there now.',
      resolve: (conflict, _args, context) => bothSides(context, conflict),
    }),
  }),
})

const UserRef = builder.objectRef<User>('EntityUse').implement({
  description: 'Something that uses what was to be deleted.',
  fields: (t) => ({
    nodeId: t.id({
      description: 'Its id; `node` reads it.',
      resolve: ({ entity, id }) => encodeGlobalId(entity, id),
    }),
    name: t.exposeString('name', { description: 'Its name.' }),
  }),
})

builder.objectType(InUse, {
  name: 'InUse',
  description: 'What is to be deleted is needed by something else.',
  interfaces: [ProblemRef],
  fields: (t) => ({
    users: t.field({
      type: [UserRef],
      description: 'All that use it: take it out of them first.',
      resolve: ({ users }) => users,
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
