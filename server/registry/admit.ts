/** Decides whether an imported plugin may be used: runs the checks in order and stops at the first that finds something. */
import { type Connector, isBranded, type Source } from '@sluice/connector-sdk'
import { checkAuth } from './auth-shape.ts'
import {
  checkActions,
  checkApiRange,
  checkChoices,
  checkDataKinds,
  checkId,
  checkLimits,
  checkMigrations,
  checkRateLimits,
  formsOf,
  parameterForms,
} from './checks.ts'
import { describeFailure } from './failure.ts'
import {
  findHiddenSecrets,
  findSecretParameters,
  findUnlabelledFields,
  findUnrenderableForms,
} from './form-checks.ts'
import { findIconProblems } from './icon.ts'
import { findMissingInConnector, findMissingInSource, isConnector, isSource } from './shapes.ts'

export interface Rejection {
  readonly code: string
  readonly reason: string
}

export type Admission<Definition> =
  | { readonly isAdmitted: true; readonly definition: Definition }
  | { readonly isAdmitted: false; readonly rejection: Rejection }

interface Check<Subject> {
  /** Stable, see docs/errors.md. */
  readonly code: string
  find(subject: Subject): readonly string[]
}

const connectorChecks: readonly Check<Connector>[] = [
  { code: 'plugin_api_mismatch', find: checkApiRange },
  { code: 'plugin_id_malformed', find: checkId },
  { code: 'plugin_takes_no_records', find: checkDataKinds },
  { code: 'plugin_icon_unsafe', find: ({ icon }) => findIconProblems(icon) },
  { code: 'plugin_action_incomplete', find: checkActions },
  { code: 'plugin_action_incomplete', find: checkMigrations },
  { code: 'plugin_action_incomplete', find: checkChoices },
  { code: 'plugin_form_unrenderable', find: (connector) => findUnrenderableForms(formsOf(connector)) },
  { code: 'plugin_field_unlabelled', find: (connector) => findUnlabelledFields(formsOf(connector)) },
  { code: 'plugin_secret_misplaced', find: ({ settings }) => findHiddenSecrets(settings) },
  { code: 'plugin_secret_misplaced', find: ({ actions }) => findSecretParameters(parameterForms(actions)) },
  { code: 'plugin_auth_unknown_setting', find: checkAuth },
  { code: 'plugin_limits_insane', find: checkLimits },
  { code: 'plugin_limits_insane', find: checkRateLimits },
]

const sourceChecks: readonly Check<Source>[] = [
  { code: 'plugin_api_mismatch', find: checkApiRange },
  { code: 'plugin_id_malformed', find: checkId },
  { code: 'plugin_icon_unsafe', find: ({ icon }) => findIconProblems(icon) },
  { code: 'plugin_form_unrenderable', find: (source) => findUnrenderableForms(settingsForm(source)) },
  { code: 'plugin_field_unlabelled', find: (source) => findUnlabelledFields(settingsForm(source)) },
  { code: 'plugin_secret_misplaced', find: ({ settings }) => findHiddenSecrets(settings) },
]

/** `module` is what importing the package gave. */
export function admitConnector(module: unknown): Admission<Connector> {
  const definition = defaultExportOf(module)
  if (!isBranded(definition, 'connector')) return reject(notBranded('defineConnector'))
  if (!isConnector(definition)) return reject(incomplete(findMissingInConnector(definition)))
  return judge(definition, connectorChecks)
}

export function admitSource(module: unknown): Admission<Source> {
  const definition = defaultExportOf(module)
  if (!isBranded(definition, 'source')) return reject(notBranded('defineSource'))
  if (!isSource(definition)) return reject(incomplete(findMissingInSource(definition)))
  return judge(definition, sourceChecks)
}

function judge<Definition>(
  definition: Definition,
  checks: readonly Check<Definition>[],
): Admission<Definition> {
  for (const { code, find } of checks) {
    const found = findSafely(() => find(definition))
    if (found.length > 0) return reject({ code, reason: found.join(' ') })
  }
  return { isAdmitted: true, definition }
}

/** A definition can run code when it is looked at: a getter that throws is a finding too. */
function findSafely(find: () => readonly string[]): readonly string[] {
  try {
    return find()
  } catch (error) {
    return [`It cannot be checked: ${describeFailure(error)}.`]
  }
}

function reject(rejection: Rejection): { readonly isAdmitted: false; readonly rejection: Rejection } {
  return { isAdmitted: false, rejection }
}

function notBranded(define: string): Rejection {
  return {
    code: 'plugin_export_unknown',
    reason: `Its default export is not made by ${define}(…) of @sluice/connector-sdk.`,
  }
}

function incomplete(problems: readonly string[]): Rejection {
  return { code: 'plugin_definition_incomplete', reason: problems.join(' ') }
}

function settingsForm({ settings }: Source) {
  return [{ name: 'settings', schema: settings }]
}

function defaultExportOf(module: unknown): unknown {
  return typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined
}
