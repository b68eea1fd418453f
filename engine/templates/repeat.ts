/** Content that renders about one value, or once for each element or row. */
import type { Frame, Operand } from './frames.ts'
import { rowFrame, turnFrame, valueFrame } from './frames.ts'
import { RenderFault } from './problem.ts'
import { type Render, type RenderState, type SourcePlace, spend } from './render-state.ts'
import { isList, nothing, type Value, type VariableGroup } from './values.ts'

type Content = (frame: Frame) => Render

export function renderOnce(
  operand: Operand,
  frame: Frame,
  test: (state: RenderState) => boolean,
  content: Content,
): Render {
  const { level } = frame
  const { read } = operand
  const render = content(valueFrame(frame, operand.type))
  return (state) => {
    if (!test(state)) return ''
    state.elements[level] = read(state)
    return render(state)
  }
}

/** Through several lists as if they were one. */
export function repeatEach(
  lists: readonly Operand[],
  frame: Frame,
  alias: string | undefined,
  place: SourcePlace,
  content: Content,
): Render {
  const { level } = frame
  const type = lists.map((list) => list.type).find(({ kind }) => kind === 'list')
  const render = content(turnFrame(frame, type?.kind === 'list' ? type.element : nothing, alias))
  const [only] = lists
  const readList = (state: RenderState): readonly Value[] => {
    const value = only?.read(state)
    if (lists.length === 1) return isList(value) ? value : []
    return lists.flatMap(({ read }) => {
      const list = read(state)
      return isList(list) ? [...list] : []
    })
  }
  return (state) => {
    const list = readList(state)
    return repeat(state, level, list.length, render, list, place)
  }
}

export function repeatRows(
  group: VariableGroup,
  frame: Frame,
  alias: string | undefined,
  place: SourcePlace,
  content: Content,
): Render {
  const { level } = frame
  const render = content(rowFrame(frame, group, alias))
  const slots = [...group.variables.values()].flatMap(({ type, slot }) =>
    type.kind === 'list' ? [slot] : [],
  )
  return (state) => {
    let rows: number | undefined
    for (const slot of slots) {
      const list = state.values[slot]
      if (!isList(list)) continue
      state.place = place
      if (rows !== undefined && rows !== list.length) throw new RenderFault('unequal_lengths')
      rows = list.length
    }
    return repeat(state, level, rows ?? 0, render, undefined, place)
  }
}

function repeat(
  state: RenderState,
  level: number,
  size: number,
  render: Render,
  list: readonly Value[] | undefined,
  place: SourcePlace,
): string {
  let out = ''
  for (let turn = 0; turn < size; turn += 1) {
    state.turns[level] = turn
    state.sizes[level] = size
    state.elements[level] = list?.[turn]
    out += render(state)
    state.place = place
    if (out.length > state.limits.maxOutputLength) throw new RenderFault('output_too_long')
    spend(state, 1)
  }
  return out
}
