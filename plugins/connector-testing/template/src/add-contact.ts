/** Add contact: creates contacts or changes what they have. */
import { defineAction, everyPart, type Verdict, verdict, verdictByStatus, z } from '@sluice/connector-sdk'

const mostContacts = 100

export const addContact = defineAction({
  title: 'Add contact',
  description: 'Creates a contact, or changes the one with this id.',
  version: 1,
  modes: ['upsert'],
  parameters: z.object({
    id: z
      .string()
      .trim()
      .min(1, 'contact_id_missing')
      .meta({
        title: 'Id',
        description: 'Your own id of the contact.',
        examples: ['customer-1042'],
      }),
    email: z.email('invalid_email').nullish().meta({
      title: 'E-mail',
      description: 'The e-mail address. An empty one is removed.',
    }),
  }),
  limits: () => ({ weights: { contacts: mostContacts }, bytes: 1_000_000, onePerRecipient: true }),
  weigh: () => ({ contacts: 1 }),
  recipient: ({ id }) => id,
  // Pure: the same items make the same request. The default by HTTP status reads most answers.
  plan: (items) => [
    {
      method: 'POST',
      path: '/contacts',
      body: {
        kind: 'json',
        value: { contacts: items.map(({ payload: { email = null, id } }) => ({ id, email })) },
      },
      parts: items.map((_, item) => ({ item, part: 0, effect: 'set' })),
    },
  ],
  // A 200 may name contacts that were not taken: { "failed": [0, 2] }.
  interpret(request, response) {
    const failed = failedIn(response.json)
    if (response.status !== 200 || failed.size === 0) return everyPart(request, verdictByStatus(response))
    return request.parts.map(
      (_, index): Verdict => (failed.has(index) ? verdict.refused('invalid_contact') : verdict.delivered),
    )
  },
})

const answer = z.object({ failed: z.array(z.number()) })

function failedIn(json: unknown): ReadonlySet<number> {
  return new Set(answer.safeParse(json).data?.failed)
}
