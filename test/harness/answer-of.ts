/** What a mutation answers, be it what it has done or a problem. */
import { expect } from 'vitest'
import type { TestApp } from './app.ts'

/** `selection` is what is read of the result; of problems all that they say is read anyway. */
export async function answerOf(
  app: Pick<TestApp, 'ask'>,
  verb: string,
  input: object,
  selection = '',
  token?: string,
) {
  const { data, errors } = await app.ask(
    `mutation ($input: ${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}Input!) {
      ${verb}(input: $input) {
        __typename
        ... on Problem { code message }
        ... on InvalidInput { issues { path code } }
        ${selection}
      }
    }`,
    { input },
    token,
  )
  expect(errors).toBeUndefined()
  return data[verb]
}
