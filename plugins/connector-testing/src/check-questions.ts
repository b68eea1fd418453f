/** What an action asks the vendor beside its deliveries, for choices and to prepare: pure, and every answer is read. */
import {
  type ChoicesPage,
  type Prepared,
  type RequestPlan,
  type VendorResponse,
  type Verdict,
  verdict as verdicts,
} from '@sluice/connector-sdk'
import { answers, attempt, distinct, takenProblems, verdictProblems } from './check-answers.ts'
import { contextOf, type Subject } from './subject.ts'

/** One of the questions, with what it is asked with filled in. */
interface Question {
  readonly name: string
  plan(): RequestPlan
  interpret(response: VendorResponse): ChoicesPage | Prepared | Verdict
  /** What is wrong with an answer that is no verdict; undefined for a verdict. */
  problemOf(read: ChoicesPage | Prepared | Verdict): string | null | undefined
}

/** All problems of the action's `choices` and its `prepare`. */
export function checkQuestions(subject: Subject): readonly string[] {
  return questionsOf(subject).flatMap((question) =>
    distinct([...planProblems(subject, question), ...answerProblems(subject, question)]).map(
      (problem) => `${question.name}: ${problem}`,
    ),
  )
}

function questionsOf(subject: Subject): readonly Question[] {
  const { choices = {}, prepare } = subject.action
  const { settings } = contextOf(subject)
  const ofChoices = Object.entries(choices).map(([name, live]): Question => {
    const context = { settings, cursor: null }
    return {
      name: `choices.${name}`,
      plan: () => live.plan(context),
      interpret: (response) => live.interpret(response, context),
      problemOf: choicesProblem,
    }
  })
  if (prepare === undefined) return ofChoices
  const context = { settings, actionName: 'An action', key: 'a-key' }
  return [
    ...ofChoices,
    {
      name: 'prepare',
      plan: () => prepare.plan(context),
      interpret: (response) => prepare.interpret(response),
      problemOf: (read) => preparedProblem(prepare.outputs, read),
    },
  ]
}

function planProblems(subject: Subject, { plan }: Question): readonly string[] {
  const request = attempt(plan)
  if (request === null) return ['plan throws.']
  const base = subject.connector.baseUrl(contextOf(subject).settings)
  const isOwn =
    URL.canParse(base + request.path) && new URL(base + request.path).origin === new URL(base).origin
  return [
    ...(request.parts.length === 0 ? [] : ['its request carries parts of items.']),
    ...(request.path.startsWith('/') && isOwn ? [] : [`the path "${request.path}" leads elsewhere.`]),
    ...(JSON.stringify(attempt(plan)) === JSON.stringify(request) ? [] : ['another plan the second time.']),
  ]
}

function answerProblems({ connector }: Subject, { interpret, problemOf }: Question): readonly string[] {
  return answers.flatMap((answer) => {
    const read = attempt(() => interpret(answer))
    if (read === null) return [`interpret throws for an answer ${answer.status}.`]
    const problem = problemOf(read)
    if (problem === undefined) {
      const verdict = read as Verdict
      return [
        ...verdictProblems(verdict, answer, connector.errorCatalogue),
        ...takenProblems(verdict, answer),
      ]
    }
    // What is read out of a failure would be believed.
    const believed = takenProblems(verdicts.delivered, answer)
    return problem === null ? believed : [problem, ...believed]
  })
}

function choicesProblem(read: ChoicesPage | Prepared | Verdict): string | null | undefined {
  if (read.kind !== 'choices') return undefined
  const isSound = read.choices.every(
    ({ id, label }) => typeof id === 'string' && id !== '' && typeof label === 'string',
  )
  return isSound ? null : 'a choice lacks its id or its label.'
}

function preparedProblem(
  names: readonly string[],
  read: ChoicesPage | Prepared | Verdict,
): string | null | undefined {
  if (read.kind !== 'prepared') return undefined
  const isComplete = names.every(
    (name) => typeof read.outputs[name] === 'string' && read.outputs[name] !== '',
  )
  return isComplete && Object.keys(read.outputs).length === names.length
    ? null
    : `its outputs are not ${names.join(', ')}.`
}
