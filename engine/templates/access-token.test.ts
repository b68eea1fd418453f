/** The access token in a template: its sign is written wherever a text can be, and nothing is made of it. */
import { describe, expect, it } from 'vitest'
import { digest } from '../../server/templates/digest.ts'
import { accessToken } from './access-token.ts'
import { checkVariables } from './check-variables.ts'
import { compileTemplates } from './compile-templates.ts'
import { completeTemplate } from './editor.ts'
import { guideMoment, guideValues, guideVariables } from './guide-record.ts'

const sign = 'Zk3-sign_of-this_delivery0'
const variables = [...guideVariables, accessToken]

function compiled(source: string) {
  const templates = [
    { name: 'Body', kind: 'body', source },
    { name: 'Inner', kind: 'custom', source: '<{{webhook_access_token}}>' },
  ] as const
  return compileTemplates({ templates, variables, deps: { digest } })
}

describe('the variable', () => {
  it.each([
    ['{{webhook_access_token}}', sign],
    ['{{{webhook_access_token}}}', sign],
    ['{"t": {{webhook_access_token.toJson}}}', `{"t": "${sign}"}`],
    ['{{#webhook_access_token}}({{.}}){{/webhook_access_token}}', `(${sign})`],
    ['{{#arrs}}{{webhook_access_token}},{{/arrs}}', `${sign},${sign},${sign},`],
    ['{{#tally}}{{webhook_access_token}}{{/tally}}', sign],
    ['{{#escapeJson}}{{webhook_access_token}}{{/escapeJson}}', sign],
    ['{{#encodeUrl}}{{webhook_access_token}}{{/encodeUrl}}', sign],
    ['{{#escapeXml}}{{webhook_access_token}}{{/escapeXml}}', sign],
    ['{{#if gone else="{webhook_access_token}"}}no{{/if}}', sign],
    ['{{>Inner}}', `<${sign}>`],
  ])('%s renders %s', (source, expected) => {
    const result = compiled(source)
    if (!result.ok) throw new Error(JSON.stringify(result.problems))
    expect(result.problems).toEqual([])
    expect(result.templates.get('Body')?.render([...guideValues, sign], guideMoment())).toEqual({
      ...{ ok: true, text: expected },
    })
  })

  it.each([
    ['{{webhook_access_token.toList}}', '1:24', 'make nothing of it'],
    ['{{webhook_access_token.toJson.toList}}', '1:31', 'make nothing of it'],
    ['{{webhook_access_token.length}}', '1:24', 'make nothing of it'],
    ['{{substring webhook_access_token 1}}', '1:13', 'make nothing of it'],
    ['{{hash webhook_access_token.toJson algorithm="MD5"}}', '1:8', 'make nothing of it'],
    ['{{join ["a", webhook_access_token]}}', '1:14', 'make nothing of it'],
    ['{{#isEq webhook_access_token str}}{{/isEq}}', '1:9', 'make nothing of it'],
    ['{{#md5}}{{webhook_access_token}}{{/md5}}', '1:11', '"md5" would hide the access token'],
    ['{{#sha1}}{{#bln}}{{webhook_access_token}}{{/bln}}{{/sha1}}', '1:20', '"sha1" would hide'],
    ['{{#sha256}}{{>Inner}}{{/sha256}}', '1:4', '"sha256" would hide'],
    [
      '{{#webhook_access_token}}{{#encodeBase64}}{{.}}{{/encodeBase64}}{{/webhook_access_token}}',
      ...(['1:45', '"encodeBase64" would hide'] as const),
    ],
    [
      '{{#sha1}}{{#if gone else="{webhook_access_token}"}}{{/if}}{{/sha1}}',
      ...(['1:26', '"sha1" would hide'] as const),
    ],
  ])('%s is refused', (source, place, message) => {
    const result = compiled(source)
    expect(result.ok).toBe(false)
    expect(result.problems).toMatchObject([{ code: 'wrong_argument', severity: 'error' }])
    const [{ column, line, message: said } = { column: 0, line: 0, message: '' }] = result.problems
    expect(`${line}:${column}`).toBe(place)
    expect(said).toContain(message)
  })

  it('is offered where variables are, and behind it what it can do', () => {
    const offered = (marked: string) => {
      const templates = [{ name: 'Body', kind: 'body', source: marked.replace('|', '') } as const]
      const input = { templates, variables, deps: { digest } }
      return completeTemplate(input, 'Body', marked.indexOf('|')).map(({ text }) => text)
    }
    expect(offered('{{webhook_|')).toContain(accessToken.name)
    expect(offered('{{webhook_access_token.|')).toEqual(['toJson'])
  })

  it('is no name for anything else', () => {
    expect(checkVariables([accessToken])).toEqual([])
    expect(checkVariables([{ name: accessToken.name, type: 'string' }])).toMatchObject([
      { code: 'bad_variable', message: expect.stringContaining('rename the variable') },
    ])
  })
})
