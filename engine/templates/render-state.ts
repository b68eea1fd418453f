/** What one render has at hand and how much it has used. */
import type { TemplateLimits } from './limits.ts'
import { RenderFault } from './problem.ts'
import type { RenderMoment, TemplateValue } from './template.ts'
import type { Value } from './values.ts'

/** A place in a source, made once per node; it becomes a line and a column only when something fails. */
export interface SourcePlace {
  readonly template: string
  readonly source: string
  readonly offset: number
}

export interface RenderState {
  readonly values: readonly TemplateValue[]
  readonly moment: RenderMoment
  readonly limits: TemplateLimits
  /** What the enclosing sections are at, from the outermost: their elements, turns (from 0) and numbers of turns. */
  readonly elements: Value[]
  readonly turns: number[]
  readonly sizes: number[]
  steps: number
  /** Of what is at work and may fail. */
  place: SourcePlace
  /** Set while the place of an offset in the output is looked for. */
  search: PlaceSearch | undefined
}

export interface PlaceSearch {
  readonly offset: number
  /** Characters that have been rendered. */
  passed: number
  found: SourcePlace | undefined
}

export type Read = (state: RenderState) => Value
export type Render = (state: RenderState) => string

/** Accounts for work that grows with the record. */
export function spend(state: RenderState, steps: number): void {
  state.steps += steps
  if (state.steps > state.limits.maxSteps) throw new RenderFault('too_many_steps')
}

/** What a hash costs, in steps. */
export const stepsPerHash = 8

/** Accounts for a text that is worked on, and refuses one that is too long. */
export function spendText(state: RenderState, text: string): string {
  if (text.length > state.limits.maxOutputLength) throw new RenderFault('output_too_long')
  if (text.length > 63) spend(state, text.length >> 6)
  return text
}
