/** Whether what comes after a first answer holds: stages and what they capture, and jobs. */
import { type JobState, verdictByStatus } from '@sluice/connector-sdk'
import { answers, attempt, distinct, verdictProblems } from './check-answers.ts'
import { contextOf, groupsOf, planOf, type Subject } from './subject.ts'

const handle = 'handle-1'

/** Stages are numbers from 0 to 9, and `capture` reads any answer. */
export function checkStages(subject: Subject): readonly string[] {
  const { capture } = subject.action
  const requests = groupsOf(subject, subject.payloads).flatMap((group) => planOf(subject, group))
  const isFit = (stage: number) => Number.isInteger(stage) && stage >= 0 && stage <= 9
  const odd = requests.filter(({ stage = 0 }) => !isFit(stage))
  if (odd.length > 0) return ['A stage is no whole number from 0 to 9.']
  if (capture === undefined) return []
  return distinct(
    requests.flatMap((request) =>
      answers.flatMap((answer) => {
        const found = attempt(() => capture(request, answer))
        if (found === null) return [`capture throws for an answer ${answer.status}.`]
        return found.length === request.parts.length
          ? []
          : [`capture gives ${found.length} records for ${request.parts.length} parts.`]
      }),
    ),
  )
}

/** Each item is in one request, and every answer about a job is understood. */
export function checkJob(subject: Subject): readonly string[] {
  const { job } = subject.action
  if (job === undefined) return []
  const groups = groupsOf(subject, subject.payloads).map((group) => planOf(subject, group))
  const context = contextOf(subject)
  const { errorCatalogue } = subject.connector
  /** The host reads the others itself. */
  const about = answers.filter((answer) => ['delivered', 'refused'].includes(verdictByStatus(answer).kind))
  const plans = [job.poll, ...(job.collect === undefined ? [] : [job.collect])].map((each) =>
    attempt(() => each.plan(handle, context)),
  )
  return distinct([
    ...groups.flatMap((requests) => {
      const carried = requests.flatMap(({ parts }) => [...new Set(parts.map(({ item }) => item))])
      const isApart = new Set(carried).size === carried.length
      return isApart && requests.every(({ stage }) => stage === undefined)
        ? []
        : ['An item of an action with jobs is in several requests, or in one with a stage.']
    }),
    ...plans.flatMap((plan) => (plan?.path.startsWith('/') === true ? [] : ['A job cannot be asked for.'])),
    ...groups.flat().flatMap((request) =>
      answers.flatMap((answer) => {
        const found = attempt(() => ({ handle: job.submit(request, answer) }))
        return found === null ? [`job.submit throws for an answer ${answer.status}.`] : []
      }),
    ),
    ...about.flatMap((answer) => {
      const state = attempt(() => job.poll.interpret(answer))
      if (state === null) return [`job.poll throws for an answer ${answer.status}.`]
      return stateProblems(state).concat(
        state?.kind === 'failed' ? verdictProblems(state.verdict, answer, errorCatalogue) : [],
      )
    }),
    ...about.flatMap((answer) => {
      const results = attempt(() => job.collect?.interpret(answer) ?? [])
      if (results === null) return [`job.collect throws for an answer ${answer.status}.`]
      return results.flatMap(({ verdict }) => verdictProblems(verdict, answer, errorCatalogue))
    }),
  ])
}

function stateProblems(state: JobState): string[] {
  return ['running', 'done', 'failed'].includes(state?.kind)
    ? []
    : ['A job is neither running, done nor failed.']
}
