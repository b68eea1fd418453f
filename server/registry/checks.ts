/** What a plugin must fulfil, one function a check. Each returns what is wrong, in words for the plugin's author. */
import { apiVersion, type Connector, type Source } from '@sluice/connector-sdk'
import semver from 'semver'
import { exampleSettings } from './example-settings.ts'
import type { NamedForm } from './form-checks.ts'
import { problemsOf } from './problems-of.ts'
import { findMissingInAction, findMissingInLimits, isAction, rateLimitShape } from './shapes.ts'

const kebabCase = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const longestId = 64

export function checkId({ id }: Connector | Source): readonly string[] {
  if (kebabCase.test(id) && id.length <= longestId) return []
  return [
    `The id "${id}" must be kebab-case, at most ${longestId} characters: letters a to z, digits, dashes.`,
  ]
}

export function checkApiRange({ api }: Connector | Source): readonly string[] {
  if (semver.validRange(api) === null) return [`"api" is not a semver range. Write "^${apiVersion}".`]
  if (semver.satisfies(apiVersion, api)) return []
  return [
    `It was written for version ${api} of the contract; this Sluice has ${apiVersion}. Install a version of the plugin that fits.`,
  ]
}

/** Events and visitors are for hosts that have them. */
export function checkDataKinds({ dataKinds = ['records'] }: Connector): readonly string[] {
  if (dataKinds.includes('records')) return []
  return [`It takes ${dataKinds.join(' and ')} only; Sluice has records of data sources.`]
}

export function checkActions({ actions }: Connector): readonly string[] {
  const entries = Object.entries(actions)
  if (entries.length === 0) return ['It has no actions.']
  return entries.flatMap(([type, action]) => [
    ...(kebabCase.test(type) ? [] : [`The action's name "${type}" must be kebab-case.`]),
    ...findMissingInAction(action).map((problem) => `Action "${type}": ${problem}`),
  ])
}

/** Saved mappings of every earlier version must find their way to this one. */
export function checkMigrations({ actions }: Connector): readonly string[] {
  return Object.entries(actions).flatMap(([type, { migrations = {}, version }]) => {
    const wanted = Array.from({ length: version - 1 }, (_, index) => String(index + 1))
    const given = Object.keys(migrations)
    return [
      ...wanted
        .filter((step) => !given.includes(step))
        .map((step) => `Action "${type}": migrations.${step} is missing: its version is ${version}.`),
      ...given
        .filter((step) => !wanted.includes(step))
        .map((step) => `Action "${type}": migrations.${step} leads to no version: the last is ${version}.`),
    ]
  })
}

export function checkChoices({ actions }: Connector): readonly string[] {
  return Object.entries(actions).flatMap(([type, { choices = {}, parameters }]) =>
    Object.keys(choices)
      .filter((name) => !Object.hasOwn(parameters.shape, name))
      .map((name) => `Action "${type}": choices names the parameter "${name}", which does not exist.`),
  )
}

/** Asked with the settings' own examples, because limits may depend on them. */
export function checkLimits({ actions, settings }: Connector): readonly string[] {
  return Object.entries(actions).flatMap(([type, action]) => {
    try {
      const problems = findMissingInLimits(action.limits(exampleSettings(settings)))
      return problems.map((problem) => `Limits of action "${type}": ${problem}`)
    } catch {
      return [
        `The limits of action "${type}" cannot be read. Give the settings examples that limits(…) works with.`,
      ]
    }
  })
}

export function checkRateLimits({ rateLimits }: Connector): readonly string[] {
  return rateLimits.flatMap((limit, index) =>
    problemsOf(rateLimitShape, limit).map((problem) => `rateLimits.${index}.${problem}`),
  )
}

export function formsOf({ settings, actions }: Connector): readonly NamedForm[] {
  return [{ name: 'settings', schema: settings }, ...parameterForms(actions)]
}

export function parameterForms(actions: Connector['actions']): readonly NamedForm[] {
  return Object.entries(actions).flatMap(([type, action]) =>
    isAction(action) ? [{ name: type, schema: action.parameters }] : [],
  )
}
