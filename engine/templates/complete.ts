/** What may be written at a place in a template. */
import type { TemplateAnalysis } from './compile-templates.ts'
import type { NameFact } from './frames.ts'
import { blockNames, helpers, inlineNames, signatureOf } from './helpers.ts'
import { partsOf } from './paths.ts'
import { nameOfType, nothing, type ValueType } from './values.ts'

export interface Completion {
  /** Replaces what stands between `start` and the place. */
  readonly text: string
  readonly start: number
  readonly kind: 'variable' | 'helper' | 'part' | 'option' | 'value' | 'template' | 'section'
  /** A signature or a type, to be shown beside it. */
  readonly detail: string
}

interface Surroundings {
  readonly analysis: TemplateAnalysis
  /** The names of all templates. */
  readonly templates: readonly string[]
  /** Known outside all sections. */
  readonly rootNames: readonly NameFact[]
}

/** Completions at an offset, in the order of their texts; none outside of tags. */
export function completeAt(
  { analysis, templates, rootNames }: Surroundings,
  offset: number,
): readonly Completion[] {
  const { source, name: own } = analysis.parsed
  const open = source.lastIndexOf('{{', offset - 1)
  const inside = open === -1 ? '' : source.slice(open + 2, offset)
  if (open === -1 || open + 2 > offset || inside.includes('}}')) return []
  const mark = /^[#^/!>&{=+<$]/.exec(inside)?.[0] ?? ''
  const written = inside.slice(mark.length)
  const word = /[^\s"'=[\](),{}]*$/.exec(written)?.[0] ?? ''
  const start = offset - word.length
  const complete = (kind: Completion['kind'], items: readonly (readonly [string, string])[]) =>
    items
      .filter(([text]) => text.startsWith(word))
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([text, detail]): Completion => ({ text, start, kind, detail }))

  if (mark === '!' || mark === '=' || mark === '+' || mark === '<' || mark === '$') return []
  if (mark === '/')
    return complete(
      'section',
      [...openSections(analysis, open)].map((name) => [name, 'closes the section']),
    )
  if (mark === '>') {
    const others = [...templates.filter((name) => name !== own), ...analysis.parsed.nested.keys()]
    return complete(
      'template',
      others.map((name) => [name, 'a template']),
    )
  }
  const before = written.slice(0, written.length - word.length)
  const [helperName = ''] = before.trim().split(/\s+/, 1)
  const helper = helpers.get(helperName)
  const option = /(?<name>[^\s"'=]+)=["']?$/.exec(before)?.groups?.['name']
  if (option !== undefined) {
    const values = helper?.options.find(({ name }) => name === option)?.values ?? []
    return complete(
      'value',
      values.map((value) => [value, `a value of ${option}`]),
    )
  }
  if (isInText(before)) return []
  const known = namesWithin(analysis, offset) ?? rootNames
  if (word.includes('.'))
    return partsAfter(word, known).map((part) => ({ ...part, start: offset - part.typed }))
  const variables = complete(
    'variable',
    known.map(({ name, type }) => [name, nameOfType(type)]),
  )
  if (before.trim() !== '') {
    const options = helper?.options.filter(({ name }) => !before.includes(`${name}=`)) ?? []
    return [
      ...variables,
      ...complete(
        'option',
        options.map(({ name, description }) => [`${name}=`, description]),
      ),
    ]
  }
  const names = mark === '#' ? blockNames : mark === '^' ? [] : inlineNames
  return [
    ...variables,
    ...complete(
      'helper',
      names.map((name) => [name, describe(name)]),
    ),
  ]
}

function describe(name: string): string {
  const helper = helpers.get(name)
  return helper === undefined ? '' : signatureOf(helper)
}

function isInText(before: string): boolean {
  let quote = ''
  for (const letter of before) {
    if (letter === quote) quote = ''
    else if (quote === '' && (letter === '"' || letter === "'")) quote = letter
  }
  return quote !== ''
}

/** The names that the innermost section around a place knows. */
function namesWithin({ scopes }: TemplateAnalysis, offset: number): readonly NameFact[] | undefined {
  const around = scopes.filter(({ start, end }) => start <= offset && offset <= end)
  return around.toSorted((left, right) => right.start - left.start)[0]?.names
}

function partsAfter(word: string, known: readonly NameFact[]) {
  const parts = word.split('.')
  const typed = parts.pop() ?? ''
  const [head = '', ...rest] = parts
  let type = known.find(({ name }) => name === head)?.type ?? nothing
  for (const part of rest) type = partType(type, part)
  return partsOf(type)
    .filter(({ name }) => name.startsWith(typed))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .map((part) => ({
      ...{ text: part.name, kind: 'part' as const, detail: nameOfType(part.type), typed: typed.length },
    }))
}

function partType(type: ValueType, name: string): ValueType {
  if (type.kind === 'list' && /^\d+$/.test(name)) return type.element
  return partsOf(type).find((part) => part.name === name)?.type ?? nothing
}

/** The names of sections that are open before a tag, the innermost first. */
function openSections({ parsed }: TemplateAnalysis, before: number): ReadonlySet<string> {
  const stack: string[] = []
  for (const { mark, end, from, to } of parsed.tags) {
    if (end > before) break
    const name = parsed.source.slice(from, to).trim().split(/\s/, 1)[0] ?? ''
    if (mark === '#' || mark === '^' || mark === '+') stack.push(name)
    else if (mark === '/') stack.splice(Math.max(stack.lastIndexOf(name), 0))
  }
  return new Set(stack.toReversed())
}
