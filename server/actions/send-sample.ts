/** Sends one row of an action's source to the vendor, for real, and shows what came back. Kept nowhere. */
import { type Verdict, worstVerdict } from '@sluice/connector-sdk'
import { type DryRunRequest, dryRun } from '../../engine/delivering/dry-run.ts'
import { sendItems } from '../../engine/delivering/send-items.ts'
import type { Authorize } from '../../engine/sending/authorize.ts'
import type { HttpResult } from '../../engine/sending/transport.ts'
import type { Place } from '../../engine/templates/problem.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { InvalidInput } from '../problems/rules.ts'
import { requireConnectors } from '../workspaces/service.ts'
import { maskedAccount, planDeps } from './dry-run.ts'
import { withoutSecrets } from './mask-secrets.ts'
import { notPrepared } from './rules.ts'
import { sampleWithKey, workingLane } from './working-lane.ts'

export interface SampleExchange {
  readonly request: DryRunRequest
  /** Null where no answer came, and where the request was not sent for how an earlier one ended. */
  readonly answer: { readonly status: number; readonly body: string } | null
  /** Why there is no answer; null where there is one. */
  readonly errorCode: string | null
}

export interface SentSample {
  readonly verdict: Verdict['kind']
  readonly errorCode: string | null
  /** The parameter that is wrong, where the row was rejected for one. */
  readonly parameterPath: string | null
  /** Where a template could not render it. */
  readonly templatePlace: Place | null
  readonly exchanges: readonly SampleExchange[]
}

export interface SendSample {
  readonly id: string
  readonly key: readonly string[]
}

/** A body longer than that is cut: people read it. In UTF-16 units. */
const shownBody = 64 * 1024

export async function sendSample(context: Context, { id, key }: SendSample): Promise<SentSample> {
  const { authorize, clock, transport } = context.deps
  const working = await workingLane(context, id, 'operate')
  if (!working.isPrepared) throw new InvalidInput([notPrepared])
  await requireConnectors(context, working.workspaceId)
  const { item } = await sampleWithKey(context.deps, working, key)
  const planning = planDeps(working)
  const shown = dryRun({ ...planning, account: maskedAccount(working) }, [item])
  const { fault = null } = shown.items[0] ?? {}
  if (item.kind !== 'sendable' || fault !== null) {
    const { code, path = null, templatePlace = null } = fault ?? { code: 'not_sent' }
    return { verdict: 'rejected', errorCode: code, parameterPath: path, templatePlace, exchanges: [] }
  }

  // Before it is sent: of what reached the vendor it can always be told who sent it.
  const { workspaceId } = working
  await context.db.$transaction((tx) =>
    recordChange(tx, context, { workspaceId, verb: 'sendSample', entity: 'Action', entityId: id }),
  )
  const proofs: string[] = []
  const results: HttpResult[] = []
  let last: HttpResult | null = null
  const [parts = []] = await sendItems(
    {
      ...planning,
      account: { ...maskedAccount(working), secrets: working.secrets },
      now: () => clock().getTime(),
      authorize: noting(authorize, proofs),
      async transport(request) {
        last = await transport(request)
        return last
      },
      // Nothing of it is kept, so nothing can be repeated.
      noteStarted: async () => {},
      onRequest() {
        results.push(last ?? { kind: 'not-allowed', code: 'host_not_allowed' })
        last = null
      },
    },
    [item],
  )
  const worst = worstVerdict(parts.map(({ verdict }) => verdict))
  return {
    verdict: worst.kind,
    errorCode: 'code' in worst ? worst.code : null,
    parameterPath: 'path' in worst ? (worst.path ?? null) : null,
    templatePlace: null,
    exchanges: shown.requests.map((request, index) => ({
      request,
      ...shownResult(results[index], [...Object.values(working.secrets), ...proofs]),
    })),
  }
}

/** Remembers tokens and signatures, which the vendor may quote too. */
function noting(authorize: Authorize, proofs: string[]): Authorize {
  return async (...given) => {
    const authorized = await authorize(...given)
    if (authorized.kind === 'ready') proofs.push(authorized.proof)
    return authorized
  }
}

function shownResult(
  result: HttpResult | undefined,
  secrets: readonly string[],
): Pick<SampleExchange, 'answer' | 'errorCode'> {
  if (result === undefined) return { answer: null, errorCode: 'not_sent' }
  if (result.kind !== 'answer') return { answer: null, errorCode: result.code }
  const body = withoutSecrets(result.text, secrets).slice(0, shownBody)
  return { answer: { status: result.status, body }, errorCode: null }
}
