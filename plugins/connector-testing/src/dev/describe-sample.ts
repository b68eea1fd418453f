/** What a connector makes of its sample, for people: each request with its answer, and what becomes of each record. */
import type { Connector, Verdict } from '@sluice/connector-sdk'
import type { TestAnswer, TestRequest } from '../request-tape.ts'
import { testAction } from '../test-action.ts'
import type { Sample } from './sample.ts'

const taken: TestAnswer = { status: 200, body: {} }

export async function describeSample(connector: Connector, sample: Sample): Promise<string> {
  const parts: string[] = []
  for (const [type, { responses = [], ...options }] of sample) {
    const scripted = answersOf(responses)
    const answers: TestAnswer[] = []
    const { requests, thrown, verdicts } = await testAction(connector, type, {
      ...options,
      responses(request, index) {
        const answer = scripted(request, index)
        answers.push(answer)
        return answer
      },
    })
    parts.push(
      `=== ${type}: ${count(verdicts.length, 'record')}, ${count(requests.length, 'request')}`,
      ...requests.map((request, index) => exchange(request, answers[index] ?? taken)),
      verdicts.map((verdict, index) => `record ${index}: ${verdictText(verdict)}`).join('\n'),
      // A group that fails is tried in halves, each of which fails again.
      ...new Set(thrown.map((error) => `The connector threw ${placed(error)}`)),
    )
  }
  return `${parts.join('\n\n')}\n`
}

/** Beyond those that are given the vendor takes all. */
function answersOf(responses: readonly TestAnswer[]) {
  return (_request: TestRequest, index: number): TestAnswer => responses[index] ?? taken
}

function exchange(
  request: TestRequest & { readonly records: readonly number[] },
  answer: TestAnswer,
): string {
  const { body, headers, method, records, url } = request
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [
    `--> ${method} ${url} (${records.length === 1 ? 'record' : 'records'} ${records.join(', ')})`,
    ...head,
    ...(body === null ? [] : ['', pretty(body)]),
    '',
    `<-- ${answerText(answer)}`,
  ].join('\n')
}

function answerText(answer: TestAnswer): string {
  if (answer === 'unreached') return 'not reached: no byte was sent'
  if (answer === 'lost') return 'no answer: it may have been applied'
  const { body, headers = {}, status } = answer
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [String(status), ...head, ...(body === undefined ? [] : [pretty(body)])].join('\n')
}

function verdictText({ kind, ...rest }: Verdict): string {
  const told = Object.entries(rest).map(([name, value]) => (name === 'code' ? value : `${name} ${value}`))
  return [kind, ...told].join(', ')
}

/** With where it was thrown, as far as the first line of a file. */
function placed(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const lines = (error.stack ?? String(error)).split('\n')
  const first = lines.findIndex((line) => /^\s+at .*[\\/]/.test(line))
  return lines.slice(0, first + 1 || 1).join('\n')
}

function pretty(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
