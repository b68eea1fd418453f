/** Connectors in GraphQL: accounts at vendors, their settings, and a test of the connection. */
import { z } from 'zod'
import { within } from '../access/rules.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { LabelRef } from '../labels/schema.ts'
import { InvalidInput, NameTaken, NotFound, RevisionConflict } from '../problems/rules.ts'
import { isRecord } from '../workspaces/json.ts'
import { present } from '../workspaces/present.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import { secretNamesSet } from '../workspaces/secrets.ts'
import {
  beginAuthorization,
  completeAuthorization,
  needsAuthorization,
  type StartedAuthorization,
} from './authorization.ts'
import { readChoices } from './choices.ts'
import { FoundChoicesRef } from './choices-types.ts'
import { favouritesAmong } from './favourites.ts'
import {
  ActivateConnectorInput,
  BeginAuthorizationInput,
  CompleteAuthorizationInput,
  CreateConnectorInput,
  DeactivateConnectorInput,
  TestConnectionInput,
  UpdateConnectorInput,
} from './inputs.ts'
import { ChoicesUnavailable, type ConnectionTest, type ConnectorStatus, statusOf } from './rules.ts'
import {
  activateConnector,
  createConnector,
  deactivateConnector,
  testConnection,
  updateConnector,
} from './service.ts'

/** No action or parameter has a longer name. */
const maxName = 200

export const ConnectorStatusRef = builder.enumType('ConnectorStatus', {
  description: 'What state a connector is in.',
  values: {
    ACTIVE: { value: 'active', description: 'Its active actions run.' },
    INACTIVE: { value: 'inactive', description: 'None of its actions runs.' },
    DEPRECATED: {
      value: 'deprecated',
      description:
        'Its type should not be used any more, or its package is gone: see `isInstalled`. Without the package its actions stand still, and go on where they stopped when it is back.',
    },
  } as const satisfies Record<string, { readonly value: ConnectorStatus; readonly description: string }>,
})

export const ConnectorRef = builder.prismaNode('Connector', {
  id: { field: 'id', description: 'Its id.' },
  findUnique: (id, { access }) => ({ id, ...within(access) }),
  nullable: true,
  fields: (t) => ({
    workspace: t.relation('workspace', { description: 'The workspace it belongs to.' }),
    name: t.exposeString('name', { description: 'Its name, unique in the workspace.' }),
    type: t.exposeString('type'),
    isInstalled: t.boolean({
      description: 'Whether the package of its type is installed and can be used.',
      resolve: ({ type }, _args, { deps }) => deps.registry.connector(type) !== undefined,
    }),
    status: t.field({
      type: ConnectorStatusRef,
      description: 'What state it is in.',
      resolve: (row, _args, { deps }) => statusOf(row, deps.registry.connector(row.type)?.definition),
    }),
    settings: t.expose('settings', { type: 'JSON' }),
    secretsSet: t.stringList({
      description: 'The names of the secrets that are set. Their values never come out.',
      resolve: (row, _args, { deps }) => secretNamesSet(deps.workspaceKeys, row),
    }),
    isAuthorized: t.boolean({
      nullable: true,
      description:
        'Whether somebody has allowed the access at the vendor; null where it is not asked for. See `beginAuthorization`.',
      select: { type: true, settings: true, grant: { select: { connectorId: true } } },
      resolve: ({ grant, settings, type }, _args, { deps }) => {
        const definition = deps.registry.connector(type)?.definition
        return needsAuthorization(definition, isRecord(settings) ? settings : {}) ? grant !== null : null
      },
    }),
    notes: t.exposeString('notes'),
    labels: t.field({
      type: [LabelRef],
      description: 'Its labels, by name.',
      select: (_args, _context, nestedSelection) => ({
        labels: { select: { label: nestedSelection({}) }, orderBy: { label: { name: 'asc' } } },
      }),
      resolve: ({ labels }) => labels.map(({ label }) => label),
    }),
    isFavourite: t.loadable({
      type: 'Boolean',
      description: 'Whether it is a favourite of who asks. A token has those of its maker.',
      load: async (ids: string[], context) => {
        const favourites = await favouritesAmong(context, ids)
        return ids.map((id) => favourites.has(id))
      },
      resolve: ({ id }) => id,
    }),
    parameterChoices: t.field({
      type: FoundChoicesRef,
      description:
        "Asks the vendor what a parameter can be, where the parameter's form says `liveChoices`. Nothing is kept: each time it is read the vendor is asked anew.",
      args: {
        action: t.arg
          .string({ required: true, description: 'A type of its actions, for example `campaign`.' })
          .validate(z.string().max(maxName)),
        parameter: t.arg
          .string({ required: true, description: 'The name of the parameter, for example `campaignId`.' })
          .validate(z.string().max(maxName)),
      },
      errors: {
        types: [InvalidInput, NotFound, ChoicesUnavailable],
        union: { name: 'ParameterChoicesResult', description: 'The choices, or why there are none.' },
      },
      resolve: ({ id }, wanted, context) => readChoices(context, { connectorId: id, ...wanted }),
    }),
    isEnabled: t.exposeBoolean('isEnabled'),
    deletedAt: t.expose('deletedAt', { type: 'DateTime', nullable: true }),
    revision: t.exposeInt('revision'),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last changed.' }),
  }),
})

const ConnectionTestRef = builder.objectRef<ConnectionTest>('ConnectionTest').implement({
  description: 'How a test of a connection ended.',
  fields: (t) => ({
    ok: t.exposeBoolean('ok', { description: 'Whether the connection works.' }),
    verdict: t.exposeString('verdict', {
      nullable: true,
      description: "The kind of the vendor's answer, for example `setup`; null when there was none.",
    }),
    errorCode: t.exposeString('errorCode', { nullable: true, description: 'What failed, for programs.' }),
    message: t.exposeString('message', { description: 'For people: how it ended and what to do.' }),
  }),
})

const StartedAuthorizationRef = builder.objectRef<StartedAuthorization>('StartedAuthorization').implement({
  description: 'Where somebody allows the access, and until when.',
  fields: (t) => ({
    url: t.exposeString('url', { description: 'Open it in a browser: the page of the vendor.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'Until when `completeAuthorization` takes the answer.',
    }),
  }),
})

builder.prismaObjectField(WorkspaceRef, 'connectors', (t) =>
  t.relation('connectors', {
    description: 'Its connectors, by name.',
    query: { where: present, orderBy: { name: 'asc' } },
  }),
)

builder.prismaObjectFields(LabelRef, (t) => ({
  connectors: t.field({
    type: [ConnectorRef],
    description: 'The connectors that bear it, by name.',
    select: (_args, _context, nestedSelection) => ({
      connectors: {
        where: { connector: present },
        select: { connector: nestedSelection({}) },
        orderBy: { connector: { name: 'asc' } },
      },
    }),
    resolve: ({ connectors }) => connectors.map(({ connector }) => connector),
  }),
}))

builder.queryField('connector', (t) =>
  t.prismaField({
    type: ConnectorRef,
    nullable: true,
    description: 'A connector by its id; null when there is none, or the token does not cover it.',
    args: { id: t.arg.id({ required: true, description: 'The connector.' }).validate(globalId('Connector')) },
    resolve: (query, _root, { id }, { db, access }) =>
      db.connector.findUnique({ ...query, where: { id, ...within(access) } }),
  }),
)

builder.mutationFields((t) => ({
  createConnector: t.prismaField({
    type: ConnectorRef,
    description: 'Creates a connector. It is inactive until it is activated.',
    errors: { types: [InvalidInput, NotFound, NameTaken] },
    args: { input: t.arg({ type: CreateConnectorInput, required: true, description: 'The connector.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await createConnector(context, input)
      return context.db.connector.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  updateConnector: t.prismaField({
    type: ConnectorRef,
    description:
      'Changes a connector in the working copy. Settings run with the next publish; secrets are used at once.',
    errors: { types: [InvalidInput, NotFound, NameTaken, RevisionConflict] },
    args: { input: t.arg({ type: UpdateConnectorInput, required: true, description: 'The changes.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await updateConnector(context, input)
      return context.db.connector.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  activateConnector: t.prismaField({
    type: ConnectorRef,
    description: 'Lets its active actions run, with the next publish.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict] },
    args: { input: t.arg({ type: ActivateConnectorInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await activateConnector(context, input)
      return context.db.connector.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  deactivateConnector: t.prismaField({
    type: ConnectorRef,
    description: 'Keeps its actions from running, with the next publish.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict] },
    args: { input: t.arg({ type: DeactivateConnectorInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await deactivateConnector(context, input)
      return context.db.connector.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  testConnection: t.field({
    type: ConnectionTestRef,
    description: 'Sends the harmless request that the connector declares for it, with the saved settings.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: TestConnectionInput, required: true, description: 'Which one.' }) },
    resolve: (_root, { input }, context) => testConnection(context, input),
  }),
  beginAuthorization: t.field({
    type: StartedAuthorizationRef,
    description:
      'Begins to allow access at a vendor that asks its users (OAuth 2): returns the page to open. The vendor then sends the browser to `redirectUri` with `state` and `code`, which go to `completeAuthorization`.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: BeginAuthorizationInput, required: true, description: 'Which one.' }) },
    resolve: (_root, { input }, context) => beginAuthorization(context, input),
  }),
  completeAuthorization: t.prismaField({
    type: ConnectorRef,
    description:
      "Completes what `beginAuthorization` began: fetches the vendor's tokens and keeps them, encrypted. They are used at once and renewed by themselves. A state works once.",
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: CompleteAuthorizationInput, required: true, description: 'The answer.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await completeAuthorization(context, input)
      return context.db.connector.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
}))
