/** The settings of a webhook connector: where it sends, and how it authenticates there. */
import { type PublicSettings, z } from '@sluice/connector-sdk'
import { authenticationFields } from './authentication-fields.ts'
import { checkAuthentication } from './check-authentication.ts'

export const settings = z
  .object({
    url: z
      .url({ protocol: /^https?$/, error: 'Give the address as a URL, such as https://hooks.example.com/v1' })
      .check(({ value, issues }) => {
        if (!URL.canParse(value)) return
        const { hash, password, search, username } = new URL(value)
        if (hash === '' && search === '' && username === '' && password === '') return
        issues.push({
          code: 'custom',
          message:
            'Give the address without user, password, "?" and "#". Users and keys are settings of their own; parameters are mapped.',
          input: undefined,
        })
      })
      .meta({
        title: 'URL',
        description:
          'Address of the API. Nothing is sent to another host; what follows may come from the action and its records.',
        examples: ['https://hooks.example.com/v1'],
      }),
    ...authenticationFields,
  })
  .check(checkAuthentication)

/** Scheme, host and port: the paths are below `basePath`. */
export function baseUrl({ url }: PublicSettings): string {
  return new URL(String(url)).origin
}

/** The path of the setting, without its last slash. */
export function basePath({ url }: PublicSettings): string {
  return new URL(String(url)).pathname.replace(/\/+$/, '')
}
