/** One action of a connector with what its checks are given: settings without secrets, and payloads. */
import type {
  ActionDefinition,
  ActionLimits,
  Connector,
  PlanContext,
  PlannedItem,
  PublicSettings,
  RequestPlan,
} from '@sluice/connector-sdk'
import { secretNames } from '@sluice/connector-sdk'
import { cut } from '../../../engine/planning/cut.ts'

export type Payload = Readonly<Record<string, unknown>>

export interface Subject {
  readonly connector: Connector
  readonly type: string
  readonly action: ActionDefinition
  readonly settings: PublicSettings
  /** Parsed by the action's parameters. */
  readonly payloads: readonly Payload[]
}

/** The creation of a delivery; any instant will do. */
const now = Date.UTC(2026, 4, 28, 10)

export function contextOf({ connector, settings }: Pick<Subject, 'connector' | 'settings'>): PlanContext {
  return { settings: withoutSecrets(connector, settings), now }
}

/** Plans frozen items, so that a plan that changes what it is given throws; they go round the modes of the action. */
export function planOf(subject: Subject, payloads: readonly Payload[]): readonly RequestPlan[] {
  const { modes, prepare } = subject.action
  const items = payloads.map(
    (payload, index): PlannedItem<Payload> =>
      Object.freeze({
        payload: frozen(payload),
        change: modes[index % modes.length] ?? 'upsert',
        key: `key-${index}`,
      }),
  )
  const context = contextOf(subject)
  return subject.action.plan(
    items,
    prepare === undefined ? context : { ...context, prepared: standIns(prepare.outputs) },
  )
}

/** As if the action's preparation had given them. */
function standIns(outputs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(outputs.map((name) => [name, `prepared-${name}`]))
}

export function limitsOf({ action, connector, settings }: Subject): ActionLimits {
  return action.limits(withoutSecrets(connector, settings))
}

/** Payloads in groups within the limits, in order: what a host gives to one plan. */
export function groupsOf(subject: Subject, payloads: readonly Payload[]): readonly (readonly Payload[])[] {
  const { action } = subject
  const items = payloads.map((payload) => ({
    payload,
    weight: action.weigh(payload),
    recipient: action.recipient(payload),
  }))
  return cut(items, limitsOf(subject)).map((slice) => slice.map(({ payload }) => payload))
}

/** Settings that throw where a secret is read: plugin code never sees one. */
function withoutSecrets({ settings: form }: Connector, settings: PublicSettings): PublicSettings {
  const secrets = new Set(secretNames(form))
  return new Proxy(settings, {
    get(target, name) {
      if (typeof name === 'string' && secrets.has(name)) {
        throw new Error(`It reads the secret setting "${name}", which the host never gives to plugin code.`)
      }
      return Reflect.get(target, name)
    },
  })
}

function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || value instanceof Date)
    return value
  for (const inner of Object.values(value)) frozen(inner)
  return Object.freeze(value)
}
