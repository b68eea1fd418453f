/** Whether any value, in any parameter, becomes a plan or a rejection that repeats no value: never an exception. */
import fc from 'fast-check'
import { checkRequests, partProblems } from './check-plan.ts'
import { groupsOf, type Payload, planOf, type Subject } from './subject.ts'

const canary = 'canary-5f0c2b'

const oddities: readonly unknown[] = [
  null,
  undefined,
  '',
  ' ',
  canary,
  `${canary}@example.com`,
  'x'.repeat(100_000),
  '日本語 😀 \u0000 \u202e',
  '\ud800 lone',
  '__proto__',
  0,
  -0,
  -1,
  1.5,
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  10n ** 30n,
  true,
  new Date(0),
  new Date(8.64e15),
  new Date(Number.NaN),
  [],
  [null],
  ['a', 1, null],
  {},
  { nested: { deep: canary } },
  { inc: 1 },
  { $add: ['x'] },
  '2026-02-30',
  '2026-05-28T10:00:00Z',
]

/** Payloads as records might make them: a valid one, of which some parameters have something odd. */
export function checkValues(subject: Subject, runs = 300): readonly string[] {
  const names = Object.keys(subject.action.parameters.shape)
  const problems = new Set<string>()
  const change = fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(fc.constantFrom(...oddities), fc.anything()),
    {
      maxKeys: 4,
    },
  )
  const record = fc.tuple(fc.constantFrom(...subject.payloads), change)
  const property = fc.property(fc.array(record, { minLength: 1, maxLength: 8 }), (records) => {
    for (const problem of problemsOf(
      subject,
      records.map(([payload, odd]) => ({ ...structuredClone(payload), ...odd })),
    )) {
      problems.add(problem)
    }
  })
  fc.assert(property, { numRuns: runs })
  return [...problems]
}

function problemsOf(subject: Subject, records: readonly object[]): readonly string[] {
  const accepted: Payload[] = []
  for (const record of records) {
    const parsed = attempt('The check of the parameters', () => subject.action.parameters.safeParse(record))
    if (typeof parsed === 'string') return [parsed]
    if (parsed.success) accepted.push(parsed.data as Payload)
    else if (parsed.error.issues.some(({ message }) => message.includes(canary))) {
      return ['The message of a rejection repeats the value.']
    }
  }
  const problems = attempt('weigh, recipient or plan', () => [
    ...groupsOf(subject, accepted).flatMap((group) => partProblems(group, planOf(subject, group))),
    ...checkRequests({ ...subject, payloads: accepted }),
  ])
  return typeof problems === 'string' ? [problems] : problems
}

function attempt<Result>(what: string, run: () => Result): Result | string {
  try {
    return run()
  } catch (error) {
    return `${what} throws: ${error instanceof Error ? error.message : 'something that is no Error'}`
  }
}
