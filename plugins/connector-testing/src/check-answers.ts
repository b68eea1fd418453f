/** Whether every answer that a vendor can give becomes a verdict for every part. */
import {
  everyPart,
  type RequestPlan,
  type VendorResponse,
  type Verdict,
  type VerdictKind,
  verdictByStatus,
  worstFirst,
} from '@sluice/connector-sdk'
import fc from 'fast-check'
import { responseOf } from '../../../engine/sending/send-request.ts'
import { generatedAnswers } from './generated-answers.ts'
import { contextOf, groupsOf, planOf, type Subject } from './subject.ts'

const receivedAt = Date.UTC(2026, 4, 28, 10)

const bodies: readonly string[] = [
  '',
  '{}',
  'null',
  '[]',
  '"text"',
  '{"message":"success"}',
  '{"errors":[{}, null, 7]}',
  '{"errors":{"index":0}}',
  '{"message":"succ',
  '<html><body>Bad Gateway</body></html>',
]
const headers: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'retry-after': '7' },
  { 'retry-after': 'Thu, 28 May 2026 10:00:07 GMT', 'x-ratelimit-reset': 'soon' },
]
const statuses = [200, 201, 204, 400, 401, 403, 404, 408, 413, 415, 422, 429, 500, 502, 503, 504, 599]

export const answers: readonly VendorResponse[] = statuses.flatMap((status) =>
  bodies.flatMap((text) =>
    headers.map((each) => responseOf({ kind: 'answer', status, headers: each, text }, receivedAt)),
  ),
)

/** What a status can only mean, whatever stands in the body. */
const meanings: Readonly<Record<number, readonly VerdictKind[]>> = {
  401: ['setup'],
  429: ['throttled'],
  500: ['retry', 'unknown'],
  502: ['retry', 'unknown'],
  503: ['retry', 'unknown', 'throttled'],
  504: ['retry', 'unknown'],
}
const taken: readonly VerdictKind[] = ['delivered', 'deliveredWithWarning', 'accepted']
const codeForm = /^[a-z0-9]+(_[a-z0-9]+)+$/

/** The verdicts of an action's requests: for answers that vendors give, and for generated ones. */
export function checkAnswers(subject: Subject, runs = 300): readonly string[] {
  const requests = groupsOf(subject, subject.payloads).flatMap((group) => planOf(subject, group))
  return problemsOfAnswers(runs, (answer) =>
    requests.flatMap((request) => answerProblems(subject, request, answer)),
  )
}

function answerProblems(subject: Subject, request: RequestPlan, answer: VendorResponse): readonly string[] {
  const verdicts = attempt(() => interpreted(subject, request, answer))
  if (verdicts === null) return [`interpret throws for an answer ${answer.status}.`]
  if (verdicts.length !== request.parts.length) {
    return [
      `interpret gives ${verdicts.length} verdicts for ${request.parts.length} parts of an answer ${answer.status}.`,
    ]
  }
  // From, unlike the list's own methods, sees a place that was left empty.
  return Array.from(verdicts).flatMap((verdict) => [
    ...verdictProblems(verdict, answer, subject.connector.errorCatalogue),
    ...takenProblems(verdict, answer),
  ])
}

/** The same for the test of the connection, which is one request. */
export function checkTestConnection(
  subject: Pick<Subject, 'connector' | 'settings'>,
  runs = 300,
): readonly string[] {
  const { errorCatalogue, testConnection } = subject.connector
  const request = attempt(() => testConnection.plan(contextOf(subject)))
  if (request === null) return ['The plan of the connection test throws.']
  return problemsOfAnswers(runs, (answer) => {
    const verdict = attempt(() => testConnection.interpret(answer))
    if (verdict === null) return [`The connection test cannot read an answer ${answer.status}.`]
    return [
      ...verdictProblems(verdict, answer, errorCatalogue),
      // It may be a request that the vendor refuses for its content, once it has let the key pass.
      ...(answer.status >= 500 ? takenProblems(verdict, answer) : []),
    ]
  })
}

function problemsOfAnswers(
  runs: number,
  problemsOf: (answer: VendorResponse) => readonly string[],
): readonly string[] {
  const problems = new Set(answers.flatMap(problemsOf))
  const property = fc.property(generatedAnswers(receivedAt), (answer) => {
    for (const problem of problemsOf(answer)) problems.add(problem)
  })
  fc.assert(property, { numRuns: runs })
  return [...problems]
}

export function takenProblems({ kind }: Verdict, { status }: VendorResponse): readonly string[] {
  return status >= 300 && taken.includes(kind) ? [`An answer ${status} counts as ${kind}.`] : []
}

export function verdictProblems(
  verdict: Verdict,
  { status }: VendorResponse,
  catalogue: Readonly<Record<string, unknown>>,
): readonly string[] {
  if (!worstFirst.includes(verdict?.kind)) return [`An answer ${status} gets something that is no verdict.`]
  const { kind } = verdict
  const allowed = meanings[status]
  const code = 'code' in verdict ? verdict.code : undefined
  const wait = kind === 'throttled' ? (verdict.retryAfterMs ?? 0) : 0
  const isKept =
    code === undefined ||
    code === 'answer_unreadable' ||
    /^http_\d{3}$/.test(code) ||
    (codeForm.test(code) && code in catalogue)
  return [
    ...(allowed === undefined || allowed.includes(kind)
      ? []
      : [`An answer ${status} is ${kind} and not ${allowed.join(' or ')}.`]),
    ...(wait >= 0 && wait < Number.POSITIVE_INFINITY
      ? []
      : [`An answer ${status} is throttled for ${wait} ms.`]),
    ...(isKept ? [] : [`The code "${code}" is not in the error catalogue.`]),
  ]
}

function interpreted({ action }: Subject, request: RequestPlan, answer: VendorResponse): readonly Verdict[] {
  return action.interpret?.(request, answer) ?? everyPart(request, verdictByStatus(answer))
}

export function attempt<Result>(run: () => Result): Result | null {
  try {
    return run()
  } catch {
    // That it throws is the finding.
    return null
  }
}

export function distinct(problems: readonly string[]): readonly string[] {
  return [...new Set(problems)]
}
