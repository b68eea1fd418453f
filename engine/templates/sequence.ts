/** Texts and rendered parts in a row, which is what every content is. */
import { RenderFault } from './problem.ts'
import type { PlaceSearch, Render, RenderState, SourcePlace } from './render-state.ts'

export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly place: SourcePlace }
  /** A leaf is looked at as a whole when the place of a character is sought; others look within themselves. */
  | {
      readonly kind: 'rendered'
      readonly render: Render
      readonly isLeaf: boolean
      readonly place: SourcePlace
    }

export function sequence(parts: readonly Part[]): Render {
  const texts = ['']
  const renders: Render[] = []
  const places: SourcePlace[] = []
  for (const part of parts) {
    if (part.kind === 'text') texts[texts.length - 1] += part.text
    else {
      renders.push(part.render)
      places.push(part.place)
      texts.push('')
    }
  }
  const [first = ''] = texts
  if (renders.length === 0) {
    return (state) => (state.search === undefined ? first : searchIn(parts, state, state.search))
  }
  const behind = texts.slice(1)
  return (state) => {
    if (state.search !== undefined) return searchIn(parts, state, state.search)
    let out = first
    for (let index = 0; index < renders.length; index += 1) {
      out += renders[index]?.(state) ?? ''
      out += behind[index] ?? ''
      if (out.length > state.limits.maxOutputLength) {
        state.place = places[index] ?? state.place
        throw new RenderFault('output_too_long')
      }
    }
    return out
  }
}

/** Renders again, counting, until it knows which part the sought character comes from. */
function searchIn(parts: readonly Part[], state: RenderState, search: PlaceSearch): string {
  let out = ''
  for (const part of parts) {
    const before = search.passed
    if (part.kind === 'text') {
      out += part.text
      search.passed = before + part.text.length
      note(search, before, { ...part.place, offset: part.place.offset + search.offset - before })
    } else {
      if (part.isLeaf) state.search = undefined
      const text = part.render(state)
      state.search = search
      out += text
      if (part.isLeaf) {
        search.passed = before + text.length
        note(search, before, part.place)
      }
    }
  }
  return out
}

function note(search: PlaceSearch, before: number, place: SourcePlace): void {
  if (search.found === undefined && before <= search.offset && search.offset < search.passed)
    search.found = place
}
