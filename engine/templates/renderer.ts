/** A compiled template: renders one record within its limits, or says where it failed. */
import { whereNotJson } from './json-place.ts'
import type { TemplateLimits } from './limits.ts'
import { indexLines, lineAndColumn } from './lines.ts'
import { type FailureCode, failureMessages, RenderFault, type RenderResult } from './problem.ts'
import type { PlaceSearch, Render, RenderState, SourcePlace } from './render-state.ts'
import type { RenderMoment, TemplateKind, TemplateSource, TemplateValue } from './template.ts'

export interface CompiledTemplate {
  readonly name: string
  readonly kind: TemplateKind
  readonly format: TemplateSource['format']
  /** Renders the same whatever the record is. */
  readonly isConstant: boolean
  /** Places of the variables that it may read, with all that it includes; the values of others do not matter. */
  readonly reads: readonly number[]
  /** The values are those of the variables that it was compiled with, in their order. */
  render(values: readonly TemplateValue[], moment: RenderMoment): RenderResult
}

interface RendererOptions {
  readonly name: string
  readonly kind: TemplateKind
  readonly format: TemplateSource['format']
  readonly source: string
  readonly render: Render
  /** How deep sections nest. */
  readonly levels: number
  readonly limits: TemplateLimits
  readonly isConstant: boolean
  readonly reads: readonly number[]
}

const control = /\p{Cc}/u
const visible = /\S/

/** A template without sections never writes to it. */
const noLevels: never[] = []

export function createRenderer(options: RendererOptions): CompiledTemplate {
  const { name, kind, format, source, render, levels, limits, isConstant, reads } = options
  const start: SourcePlace = { template: name, source, offset: 0 }
  const isSingleLine = kind === 'header' || kind === 'url' || kind === 'urlParameters'
  // Written out, as it is made for every record.
  const newState = (values: readonly TemplateValue[], moment: RenderMoment): RenderState => ({
    values,
    moment,
    limits,
    elements: levels === 0 ? noLevels : new Array(levels),
    turns: levels === 0 ? noLevels : new Array(levels),
    sizes: levels === 0 ? noLevels : new Array(levels),
    steps: 0,
    place: start,
    search: undefined,
  })

  /** Where a character of the output comes from, found by rendering again. */
  const placeOf = (offset: number, values: readonly TemplateValue[], moment: RenderMoment): SourcePlace => {
    const search: PlaceSearch = { offset, passed: 0, found: undefined }
    render({ ...newState(values, moment), search })
    return search.found ?? { ...start, offset: source.length }
  }

  return {
    ...{ name, kind, format, isConstant, reads },
    render(values, moment) {
      const state = newState(values, moment)
      let text: string
      try {
        text = render(state)
      } catch (error) {
        if (!(error instanceof RenderFault)) throw error
        return failed(error.code, state.place)
      }
      // Nothing is no JSON, and no fault either: a record can have nothing to say.
      if (format === 'json' && !visible.test(text)) return { ok: true, text: '' }
      if (format === 'json' && !isJson(text)) {
        return failed('not_json', placeOf(whereNotJson(text) ?? 0, values, moment))
      }
      if (!isSingleLine) return { ok: true, text }
      const trimmed = text.trim()
      const broken = trimmed.search(control)
      if (broken === -1) return { ok: true, text: trimmed }
      return failed('line_break', placeOf(text.length - text.trimStart().length + broken, values, moment))
    },
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function failed(code: FailureCode, { template, source, offset }: SourcePlace): RenderResult {
  const place = lineAndColumn(indexLines(source), Math.min(offset, source.length))
  return { ok: false, failure: { code, template, ...place, message: failureMessages[code] } }
}
