/** The GraphQL types of trying an action: what a dry run shows, and how sending one row went. */
import type { DryRunRequest } from '../../engine/delivering/dry-run.ts'
import { builder } from '../graphql/builder.ts'
import { TemplatePlaceRef } from '../templates/place-type.ts'
import type { ActionDryRun, DryRunRecord } from './dry-run.ts'
import type { SampleExchange, SentSample } from './send-sample.ts'

const DryRunRequestRef = builder.objectRef<DryRunRequest>('DryRunRequest').implement({
  description: 'A request as it goes over the wire, with masks for secrets.',
  fields: (t) => ({
    method: t.exposeString('method', { description: 'The HTTP method.' }),
    url: t.exposeString('url', {
      nullable: true,
      description: "Where it goes; null where the connector's settings make no address of its own host.",
    }),
    headers: t.field({
      type: 'JSON',
      description: 'The headers that are set for it, by name.',
      resolve: ({ headers }) => ({ ...headers }),
    }),
    body: t.exposeString('body', { nullable: true, description: 'The body as text; null when it has none.' }),
  }),
})

const DryRunRecordRef = builder.objectRef<DryRunRecord>('DryRunRecord').implement({
  description: 'A row that meets the segment, and what becomes of it.',
  fields: (t) => ({
    key: t.stringList({
      description: 'Its values of the key columns, which name it to `sendSample`.',
      resolve: ({ key }) => [...key],
    }),
    attributes: t.field({
      type: 'JSON',
      description: 'The attributes that the segment and the mappings read, by name.',
      resolve: ({ record }) => record,
    }),
    errorCode: t.string({
      nullable: true,
      description: 'Why it would not be sent; null when it would.',
      resolve: ({ fault }) => fault?.code ?? null,
    }),
    parameterPath: t.string({
      nullable: true,
      description: 'The parameter that is wrong; null where nothing is, and for the record as a whole.',
      resolve: ({ fault }) => fault?.path ?? null,
    }),
    templatePlace: t.field({
      type: TemplatePlaceRef,
      nullable: true,
      description: 'Where a template could not render it; null where none failed.',
      resolve: ({ fault }) => fault?.templatePlace ?? null,
    }),
    requests: t.intList({
      description: 'Places in the list of requests, from 0.',
      resolve: ({ requests }) => [...requests],
    }),
  }),
})

export const ActionDryRunRef = builder.objectRef<ActionDryRun>('ActionDryRun').implement({
  description: 'What an action would send.',
  fields: (t) => ({
    records: t.field({
      type: [DryRunRecordRef],
      description: 'The rows, in the order of change.',
      resolve: ({ records }) => records,
    }),
    requests: t.field({
      type: [DryRunRequestRef],
      description: 'The requests that carry them.',
      resolve: ({ requests }) => requests,
    }),
  }),
})

const SampleExchangeRef = builder.objectRef<SampleExchange>('SampleExchange').implement({
  description: 'A request for the row, and what came back.',
  fields: (t) => ({
    request: t.field({
      type: DryRunRequestRef,
      description: 'What was sent.',
      resolve: ({ request }) => request,
    }),
    status: t.int({
      nullable: true,
      description: 'The HTTP status of the answer; null when there was none.',
      resolve: ({ answer }) => answer?.status ?? null,
    }),
    answer: t.string({
      nullable: true,
      description: 'The answer as text, with masks for secrets, cut after 64 Ki characters.',
      resolve: ({ answer }) => answer?.body ?? null,
    }),
    errorCode: t.exposeString('errorCode', {
      nullable: true,
      description: 'Why there was no answer; `not_sent` where an earlier request ended it.',
    }),
  }),
})

export const SentSampleRef = builder.objectRef<SentSample>('SentSample').implement({
  description: 'How sending one row went.',
  fields: (t) => ({
    verdict: t.exposeString('verdict', {
      description: 'What it came to, for example `delivered`, `refused` or `rejected`.',
    }),
    errorCode: t.exposeString('errorCode', { nullable: true, description: 'What failed, for programs.' }),
    parameterPath: t.exposeString('parameterPath', {
      nullable: true,
      description: 'The parameter that is wrong, where the row was rejected for one.',
    }),
    templatePlace: t.field({
      type: TemplatePlaceRef,
      nullable: true,
      description: 'Where a template could not render it, where that is why it was rejected.',
      resolve: ({ templatePlace }) => templatePlace,
    }),
    exchanges: t.field({
      type: [SampleExchangeRef],
      description: 'The requests that it took; none when it was rejected before sending.',
      resolve: ({ exchanges }) => exchanges,
    }),
  }),
})
