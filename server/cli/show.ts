/** What differs, in lines for people: colours only where somebody looks. */
import { styleText } from 'node:util'
import type { Change, Comparison } from './api.ts'

export type Colour = 'green' | 'red' | 'yellow' | 'dim'
export type Paint = (colour: Colour, text: string) => string

export function paintFor(stream: NodeJS.WriteStream, variables: NodeJS.ProcessEnv): Paint {
  const isColoured = stream.isTTY === true && (variables['NO_COLOR'] ?? '') === ''
  return (colour, text) => (isColoured ? styleText(colour, text, { validateStream: false }) : text)
}

const words: Readonly<Record<string, string>> = {
  LABELS: 'label',
  ATTRIBUTES: 'attribute',
  CONNECTIONS: 'connection',
  DATA_SOURCES: 'data source',
  SEGMENTS: 'segment',
  CONNECTORS: 'connector',
  ACTIONS: 'action',
}

const marks = {
  CREATED: ['green', '+'],
  UPDATED: ['yellow', '~'],
  DELETED: ['red', '-'],
} as const satisfies Readonly<Record<Change['change'], readonly [Colour, string]>>

/** Longer values say little in a line. */
const longestValue = 200

export function describe({ changes, others }: Comparison, paint: Paint): readonly string[] {
  const lines = changes.flatMap(({ part, name, change, fields }) => {
    const [colour, mark] = marks[change]
    return [
      paint(colour, `${mark} ${words[part] ?? part} "${name}"`),
      ...fields.map((field) => `    ${fieldLine(field)}`),
    ]
  })
  const rest = others.map(({ part, name }) =>
    paint('dim', `  ${words[part] ?? part} "${name}" is in the workspace only`),
  )
  return [...lines, ...rest]
}

function fieldLine({ path, change, before, after }: Change['fields'][number]): string {
  const name = path.join('.')
  switch (change) {
    case 'ADDED':
      return `${name}: ${short(after)}`
    case 'REMOVED':
      return `${name}: no more ${short(before)}`
    case 'UPDATED':
      return `${name}${lineChange(before, after) ?? `: ${short(before)} -> ${short(after)}`}`
  }
}

/** Of texts of several lines the first one that differs; undefined where that is not what they are. */
function lineChange(before: unknown, after: unknown): string | undefined {
  if (typeof before !== 'string' || typeof after !== 'string' || !/\n/.test(before + after)) return undefined
  const [old, now] = [before.split('\n'), after.split('\n')]
  const index = now.findIndex((line, at) => line !== old[at])
  const place = index < 0 ? now.length : index
  return `, from line ${place + 1}: ${short(old[place] ?? '')} -> ${short(now[place] ?? '')}`
}

function short(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text
}

export function countOf({ changes }: Pick<Comparison, 'changes'>): string {
  const count = (change: Change['change']) => changes.filter((each) => each.change === change).length
  return `${count('CREATED')} to create, ${count('UPDATED')} to change, ${count('DELETED')} to delete`
}
