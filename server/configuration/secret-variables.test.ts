import { expect, test } from 'vitest'
import { variableNames } from '../env.ts'
import { isSecretVariable, proposedVariables } from './secret-variables.ts'

const connector = (owner: string, setting = 'apiKey') => ({ kind: 'connector', owner, setting }) as const

test.each([
  ['Braze EU', 'apiKey', 'SLUICE_SETTING_BRAZE_EU_API_KEY'],
  ['  Crédit-mutuel (2) ', 'OAuth2Token', 'SLUICE_SETTING_CREDIT_MUTUEL_2_OAUTH2_TOKEN'],
])('the %s of "%s" is called after them', (owner, setting, name) => {
  expect(proposedVariables([connector(owner, setting)])).toEqual([name])
})

test('names that would be the same are told apart, whatever else there is', () => {
  const owners = [connector('A b'), connector('A-b'), { ...connector('A b'), kind: 'connection' as const }]
  const names = proposedVariables(owners)
  expect(new Set(names).size).toBe(3)
  expect(proposedVariables([connector('C'), ...owners]).slice(1)).toEqual(names)
})

test('every proposed name may be used, however odd or long the owner is called', () => {
  const owners = ['ブレイズ', '', 'x'.repeat(200), 'ブ'].map((owner) => connector(owner))
  const names = proposedVariables(owners)
  expect(new Set(names).size).toBe(owners.length)
  expect(names.filter((name) => !isSecretVariable(name))).toEqual([])
})

test('no variable of Sluice, of the system or of a build may be asked for', () => {
  for (const name of [
    ...variableNames,
    'SLUICE_TOKEN',
    'HOME',
    'AWS_SECRET_ACCESS_KEY',
    'SLUICE_SETTING_',
    'SLUICE_SETTING_a',
  ]) {
    expect(isSecretVariable(name)).toBe(false)
  }
})
