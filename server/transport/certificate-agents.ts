/** One agent for each client certificate, so that a connection is never used with another account's. */
import { createHash } from 'node:crypto'
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import type { Agent } from 'undici'
import type { ClientCertificate } from '../../engine/sending/credential.ts'

export interface CertificateAgents {
  /** Null where certificate, key or passphrase do not go together. */
  of(certificate: ClientCertificate): Agent | null
  close(): Promise<void>
}

const mostAgents = 32

/** The one that was used longest ago makes room; its requests in flight are finished. */
export function createCertificateAgents(
  agentFor: (context: SecureContext) => Agent,
  most = mostAgents,
): CertificateAgents {
  const agents = new Map<string, Agent>()
  return {
    of(certificate) {
      const name = createHash('sha256').update(JSON.stringify(certificate)).digest('hex')
      const known = agents.get(name)
      const agent = known ?? make(agentFor, certificate)
      if (agent === null) return null
      agents.delete(name)
      agents.set(name, agent)
      const oldest = agents.entries().next()
      if (agents.size > most && !oldest.done) {
        const [oldestName, unused] = oldest.value
        agents.delete(oldestName)
        void unused.close()
      }
      return agent
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.close()))
    },
  }
}

function make(
  agentFor: (context: SecureContext) => Agent,
  { authority, certificate, key, passphrase }: ClientCertificate,
): Agent | null {
  try {
    const context = createSecureContext({
      cert: certificate,
      key,
      passphrase,
      // An own list replaces Node's: the vendor's token endpoint may have an ordinary certificate.
      ca: authority === undefined ? undefined : [...rootCertificates, authority],
    })
    return agentFor(context)
  } catch {
    // What OpenSSL says may quote the key.
    return null
  }
}
