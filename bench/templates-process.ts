/** The measurements of `templates`. */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { compileTemplates } from '../engine/templates/compile-templates.ts'
import type { TemplateValue, TemplateVariable } from '../engine/templates/template.ts'
import { digest } from '../server/templates/digest.ts'
import { median } from './median.ts'

const rounds = 5
const different = 1_000

const variables: readonly TemplateVariable[] = [
  { name: 'id', type: 'string' },
  { name: 'email', type: 'string' },
  { name: 'country', type: 'string' },
  { name: 'orders', type: 'number' },
  { name: 'consent', type: 'boolean' },
  { name: 'seen', type: 'date' },
  { name: 'tags', type: 'stringArray' },
  { name: 'items.name', type: 'stringArray' },
  { name: 'items.price', type: 'numberArray' },
]

const plain =
  '{"id":"{{id}}","email":"{{email}}","country":"{{country}}","orders":{{orders}},"consent":{{consent}}}'
const section = (name: string) =>
  `{"id":"{{id}}","items":[{{#items}}{"place":{{iter.index}},"name":${name},"price":{{price}}}{{#iter.hasNext}},{{/iter.hasNext}}{{/items}}]`
const sections = `${section('"{{name}}"')}}`
const helpers = `${section('{{name.toJson}}')},"seen":"{{formatDate seen pattern="yyyy-MM-dd HH:mm"}}","tags":"{{join tags on=";"}}"}`
const hashed = plain.replace('{{email}}', '{{#sha256}}{{email}}{{/sha256}}')

const moment = { now: Date.UTC(2026, 0, 2), uuid: () => '00000000-0000-4000-8000-000000000000' }

/** Many records in turn, so that nothing can be kept from one render to the next. */
const records: readonly (readonly TemplateValue[])[] = Array.from({ length: different }, (_, index) => [
  ...[`customer-${index}`, `customer-${index}@example.com`, 'NL', index % 50, index % 2 === 0],
  new Date(Date.UTC(2026, 0, 1) + index * 61_000),
  ['new', 'loyal', 'paper'],
  Array.from({ length: 10 }, (_, place) => `item "${place}" of ${index}`),
  Array.from({ length: 10 }, (_, place) => place + index / 4),
])

function compile(source: string, format: { readonly format?: 'json' } = {}) {
  const compiled = compileTemplates({
    templates: [{ name: 'Body', kind: 'body', source, ...format }],
    variables,
    deps: { digest },
  })
  const template = compiled.ok ? compiled.templates.get('Body') : undefined
  if (template === undefined)
    throw new Error(`The template has problems: ${JSON.stringify(compiled.problems)}`)
  return template
}

function rendersPerSecond(
  source: string,
  renders: number,
  format: { readonly format?: 'json' } = {},
): number {
  const template = compile(source, format)
  const rates: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const elapsedMs = clock()
    let characters = 0
    for (let index = 0; index < renders; index += 1) {
      const result = template.render(records[index % different] ?? [], moment)
      if (!result.ok) throw new Error(result.failure.message)
      // Looking at a character makes V8 put the text together, which sending it would do.
      characters += result.text.length + result.text.charCodeAt(result.text.length - 1)
    }
    if (characters === 0) throw new Error('Nothing was rendered.')
    // The first round is V8's to learn.
    if (round > 0) rates.push((renders / elapsedMs()) * 1_000)
  }
  return Math.round(median(rates))
}

/** Sections, helpers and variables, as in a large body. */
function largeTemplate(): string {
  let source = ''
  for (let index = 0; source.length < 20_000; index += 1) {
    source += `  "field_${index}": {{orders.toInteger}}, {{#if consent}}"a{{join tags on=", "}}"{{/if}},\n`
    source += `{{#items}}\n  "{{name}}": {{price}}{{#iter.hasNext}},{{/iter.hasNext}}\n{{/items}}\n`
    source += `  "seen": "{{formatDate seen pattern="yyyy-MM-dd'T'HH:mm"}}",\n`
  }
  return source
}

function compileTimes() {
  const source = largeTemplate()
  const times = Array.from({ length: 201 }, () => {
    const elapsedMs = clock()
    compile(source)
    return elapsedMs()
  })
  return { firstCompileMs: tenths(times[0] ?? 0), compileMs: tenths(median(times)) }
}

function clock(): () => number {
  const startedAt = performance.now()
  const before = process.cpuUsage()
  // The wall's time counts waiting for other processes, the processor's what V8 does beside: the work took less than either.
  return () => {
    const { user, system } = process.cpuUsage(before)
    return Math.min(performance.now() - startedAt, (user + system) / 1_000)
  }
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}

const { values } = parseArgs({ options: { renders: { type: 'string', default: '0' } } })
const renders = Number(values.renders)
const times = compileTimes()
const figures = {
  plain: rendersPerSecond(plain, renders),
  sections: rendersPerSecond(sections, renders),
  helpers: rendersPerSecond(helpers, renders),
  hashed: rendersPerSecond(hashed, renders),
  checked: rendersPerSecond(plain, renders, { format: 'json' }),
  ...times,
  rssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
}
process.stdout.write(`${JSON.stringify(figures)}\n`)
