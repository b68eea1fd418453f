/** People of a workspace: members with tokens straight from the database, or signed up as a browser does it. */
import { randomUUID } from 'node:crypto'
import { type Role, rights } from '../../server/access/rules.ts'
import { createToken, hashToken } from '../../server/access/token.ts'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import type { TestApp } from './app.ts'

export interface TestMember {
  readonly userId: string
  readonly memberId: string
  /** With all scopes: it may what the role may. */
  readonly token: string
}

/** Without signing in: for tests of what roles may. */
export async function addMember(
  { db }: Pick<TestApp, 'db'>,
  workspace: { readonly id: string },
  role: Role,
): Promise<TestMember> {
  const workspaceId = decodeGlobalId(workspace.id).id
  const user = await db.user.create({ data: { name: `A ${role}`, email: `${randomUUID()}@example.com` } })
  const member = await db.member.create({ data: { workspaceId, userId: user.id, role } })
  const token = createToken()
  await db.apiToken.create({
    data: {
      workspaceId,
      name: role,
      scopes: [...rights],
      hash: hashToken(token),
      createdById: user.id,
    },
  })
  return { userId: user.id, memberId: member.id, token }
}

/** What a browser sends along: the cookies it got, and the page it is on. */
export interface Browser {
  readonly url: string
  post(path: string, body: object): Promise<Response>
  get(path: string): Promise<Response>
  ask(query: string, variables?: object): Promise<BrowserAnswer>
  cookies(): string
}

export interface BrowserAnswer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the document's
  readonly data?: any
  readonly errors?: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[]
}

/** Keeps cookies, follows no redirection. */
export function openBrowser(url: string, origin = url): Browser {
  const jar = new Map<string, string>()
  async function send(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers)
    if (jar.size > 0) headers.set('cookie', cookies())
    headers.set('origin', origin)
    const response = await fetch(new URL(path, url), { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = cookie.split('; ')
      const [name = '', value = ''] = pair.split(/=(.*)/)
      if (value === '' || attributes.includes('Max-Age=0')) jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }
  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const post = (path: string, body: object) =>
    send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  return {
    url,
    post,
    get: (path) => send(path, {}),
    async ask(query, variables = {}) {
      const response = await post('/graphql', { query, variables })
      return { status: response.status, ...((await response.json()) as object) }
    },
    cookies,
  }
}

export const goodPassword = 'correct horse battery'

/** Invites somebody as the owner of the installation; the token of the invitation. */
export async function invite(
  app: Pick<TestApp, 'ask'>,
  workspace: { readonly id: string },
  email: string,
  role: Role,
): Promise<string> {
  const { data, errors } = await app.ask(
    `mutation ($input: InviteMemberInput!) {
      inviteMember(input: $input) { ... on CreatedInvitation { token } ... on Problem { code message } }
    }`,
    { input: { workspaceId: workspace.id, email, role } },
  )
  const token: unknown = data?.inviteMember?.token
  if (typeof token !== 'string') throw new Error(`Not invited: ${JSON.stringify(errors ?? data)}`)
  return token
}
