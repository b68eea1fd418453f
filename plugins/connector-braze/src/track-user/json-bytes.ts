/** How many bytes an object takes in a body: a cheap bound for the usual small one, exact for a large one. */
import type { JsonValue } from '@sluice/connector-sdk'

// 225 objects below this bound, the most of any contract, never fill a body: only larger ones are worth an exact count.
const worthCounting = 16_000
// An escaped character takes up to six bytes.
const mostBytesPerCharacter = 6
const mostBytesPerNumber = 25

export function jsonBytes(value: JsonValue): number {
  const bound = boundOf(value)
  return bound < worthCounting ? bound : new TextEncoder().encode(JSON.stringify(value)).length + 1
}

function boundOf(value: JsonValue | undefined): number {
  if (typeof value === 'string') return value.length * mostBytesPerCharacter + 3
  if (typeof value !== 'object' || value === null) return mostBytesPerNumber
  let bound = 3
  if (Array.isArray(value)) {
    for (const inner of value) bound += boundOf(inner)
    return bound
  }
  const object = value as Readonly<Record<string, JsonValue | undefined>>
  for (const name in object) bound += name.length * mostBytesPerCharacter + 4 + boundOf(object[name])
  return bound
}
