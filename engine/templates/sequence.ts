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
  const { first, rendered } = merge(parts)
  if (rendered.length === 0) {
    return (state) => (state.search === undefined ? first : searchIn(parts, state, state.search))
  }
  return (state) => {
    if (state.search !== undefined) return searchIn(parts, state, state.search)
    const { maxOutputLength } = state.limits
    // Sections look at the sum after each turn.
    state.steps += rendered.length
    let out = first
    for (const { render, behind, place } of rendered) {
      out += render(state) + behind
      if (out.length > maxOutputLength) {
        state.place = place
        throw new RenderFault('output_too_long')
      }
    }
    return out
  }
}

/** What is rendered, each with the text that follows it, behind the first text. */
function merge(parts: readonly Part[]) {
  let first = ''
  const rendered: { readonly render: Render; readonly place: SourcePlace; behind: string }[] = []
  for (const part of parts) {
    const last = rendered.at(-1)
    if (part.kind === 'rendered') rendered.push({ render: part.render, place: part.place, behind: '' })
    else if (last === undefined) first += part.text
    else last.behind += part.text
  }
  return { first, rendered }
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
