/** GraphiQL, served from this machine: the page, its cookie and a policy that lets it load nothing from elsewhere. */
import type { BrowserSession } from '../access/browser-session.ts'

const policy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' blob:",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const firstQuery = `# Sluice: what is installed, and what may be asked. Ctrl-Enter runs it.
{
  connectorTypes {
    id
    name
    actions { type title }
  }
  sourceTypes {
    id
    name
  }
}
`

export function isPageRequest({ method, headers }: Request): boolean {
  return method === 'GET' && (headers.get('accept') ?? '').includes('text/html')
}

export async function graphiqlPage(session: BrowserSession): Promise<Response> {
  // Nine megabytes of source: loaded by the first who opens the page.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  const page = renderGraphiQL({
    title: 'Sluice',
    defaultQuery: firstQuery,
    subscriptionsProtocol: 'WS',
    credentials: 'same-origin',
  })
  return new Response(page, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'set-cookie': session.cookie(),
      'content-security-policy': policy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
  })
}
