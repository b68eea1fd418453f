/** What a mapping sends of a row that a template renders: a text, or the JSON that it is. */
import type { AttributeColumn, Columns } from '../reading/columns.ts'
import type { Place } from '../templates/problem.ts'
import type { RenderMoment, TemplateValue } from '../templates/template.ts'
import type { ActionTemplates } from './action-templates.ts'
import type { Refusal } from './convert.ts'

/** What renders of one delivery share. */
export interface DeliveryMoment {
  /** Its creation, epoch milliseconds. */
  readonly createdAt: number
  /** The same for the same row, use and count in every pass. */
  uuid(rows: Columns, row: number, use: string, count: number): string
  /** What stands for the access token until the request is sent; without one it renders nothing. */
  readonly tokenSign?: string | undefined
}

export interface RowTemplates {
  readonly templates: ActionTemplates
  readonly columns: readonly AttributeColumn[]
  readonly moment: DeliveryMoment
}

/** Null when it renders nothing: then the parameter is left out, as for an attribute that is null. */
export type RowRenderer = (rows: Columns, row: number) => string | null | Refusal

/** @param use the place that is filled: two places with the same template get UUIDs of their own */
export function rowRenderer(
  name: string,
  use: string,
  { templates, columns, moment }: RowTemplates,
): RowRenderer {
  const { compiled, variables } = templates
  const template = compiled.get(name)
  if (template === undefined) return () => null
  const reads = template.reads
    .filter((slot) => slot < variables.length)
    .map((slot) => ({
      slot,
      column: columns.findIndex((column) => column.name === variables[slot]?.attribute),
    }))
  // One list for all records: a render keeps nothing of it.
  const values: TemplateValue[] = [...variables.map(() => null), moment.tokenSign]
  let at: { readonly rows: Columns; readonly row: number } = { rows: [], row: 0 }
  let count = 0
  const now: RenderMoment = {
    now: moment.createdAt,
    uuid() {
      count += 1
      return moment.uuid(at.rows, at.row, use, count)
    },
  }
  return (rows, row) => {
    for (const { slot, column } of reads) values[slot] = rows[column]?.[row] ?? null
    at = { rows, row }
    count = 0
    const rendered = template.render(values, now)
    if (rendered.ok) return rendered.text === '' ? null : rendered.text
    const { code, line, column, template: within } = rendered.failure
    return { refused: code, place: { template: within, line, column } satisfies Place }
  }
}
