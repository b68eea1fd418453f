/** The choices that a vendor has for a parameter: asked now, page by page, and kept nowhere. */
import type { Choice, ChoicesPage, LiveChoices, Verdict } from '@sluice/connector-sdk'
import { z } from 'zod'
import { actionOfType } from '../../engine/action-of-type.ts'
import { suggestion } from '../../engine/rules/nearest-name.ts'
import type { Account } from '../../engine/sending/account.ts'
import { keptCode } from '../../engine/sending/codes.ts'
import { withoutSecrets } from '../actions/mask-secrets.ts'
import type { Context } from '../context.ts'
import { createTestSender } from '../http/test-sender.ts'
import { InvalidInput } from '../problems/rules.ts'
import { ChoicesUnavailable, describeVerdict } from './rules.ts'
import { vendorAccount } from './service.ts'

export interface WantedChoices {
  readonly connectorId: string
  /** A type of the connector's actions. */
  readonly action: string
  readonly parameter: string
}

export interface FoundChoices {
  readonly choices: readonly Choice[]
  /** False where the vendor has more than are asked for. */
  readonly isComplete: boolean
}

const mostPages = 20
const mostChoices = 2_000
/** After so long no further page is asked for, in milliseconds: people wait. */
const patienceMs = 15_000
/** What is shown of a name; an id that is longer is none. In UTF-16 units. */
const longest = 500

const choiceSchema = z.object({ id: z.string().min(1).max(longest), label: z.string() })
const pageSchema = z.object({
  kind: z.literal('choices'),
  choices: z.array(choiceSchema),
  next: z.string().max(longest).optional(),
})

export async function readChoices(context: Context, wanted: WantedChoices): Promise<FoundChoices> {
  const account = await vendorAccount(context, wanted.connectorId, 'preview')
  const live = liveChoicesOf(account, wanted)
  const { clock } = context.deps
  const startedAt = clock().getTime()
  const choices: Choice[] = []
  let cursor: string | null = null
  for (let page = 0; page < mostPages && choices.length < mostChoices; page += 1) {
    if (clock().getTime() - startedAt > patienceMs) break
    const found = await readPage(context, account, live, cursor)
    choices.push(...found.choices.map((choice) => shown(choice, account)))
    if (found.next === undefined || found.choices.length === 0) {
      return { choices: choices.slice(0, mostChoices), isComplete: choices.length <= mostChoices }
    }
    cursor = found.next
  }
  return { choices: choices.slice(0, mostChoices), isComplete: false }
}

function liveChoicesOf({ definition }: Account, { action, parameter }: WantedChoices): LiveChoices {
  const type = actionOfType(definition.actions, action)
  if (type === undefined) {
    const message = `The connector type "${definition.id}" has no action "${action}". ${suggestion(action, Object.keys(definition.actions))}`
    throw new InvalidInput([{ path: ['action'], code: 'unknown_action_type', message }])
  }
  const { choices = {} } = type
  const live = Object.hasOwn(choices, parameter) ? choices[parameter] : undefined
  if (live !== undefined) return live
  const names = Object.keys(choices)
  const hint = names.length === 0 ? 'No parameter of the action has.' : suggestion(parameter, names)
  const message = `"${parameter}" has no choices that the vendor could be asked for. ${hint}`
  throw new InvalidInput([{ path: ['parameter'], code: 'not_applicable', message }])
}

async function readPage(
  { deps }: Context,
  account: Account,
  live: LiveChoices,
  cursor: string | null,
): Promise<z.output<typeof pageSchema>> {
  const { definition, settings } = account
  let answer: ChoicesPage | Verdict
  try {
    const asked = { settings, cursor }
    const sent = await createTestSender(deps)(live.plan(asked), account)
    if (!sent.ok) throw new ChoicesUnavailable(sent.code, sent.message)
    answer = live.interpret(sent.response, asked)
  } catch (error) {
    if (error instanceof ChoicesUnavailable) throw error
    // A plugin's code failed: that is an answer about the connector, not about us.
    deps.log.warn({ err: error, connectorType: definition.id }, 'choices could not be read')
    throw unreadable(definition.name)
  }
  const page = pageSchema.safeParse(answer)
  if (page.success) return page.data
  if (answer.kind === 'choices') throw unreadable(definition.name)
  const { errorCode, message, ok } = describeVerdict(answer, definition.name)
  if (ok) throw unreadable(definition.name)
  throw new ChoicesUnavailable(keptCode(errorCode ?? answer.kind, definition.errorCatalogue), message)
}

/** The vendor may quote what it was given. */
function shown({ id, label }: Choice, { secrets }: Account): Choice {
  const known = Object.values(secrets)
  return { id: withoutSecrets(id, known), label: withoutSecrets(label, known).slice(0, longest) }
}

function unreadable(vendor: string): ChoicesUnavailable {
  return new ChoicesUnavailable(
    'answer_unreadable',
    `The answer of ${vendor} could not be read. Write the value by hand; update the package, or tell its maintainers.`,
  )
}
