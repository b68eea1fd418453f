/** The GraphQL type of a place in a template. */
import type { Place } from '../../engine/templates/problem.ts'
import { builder } from '../graphql/builder.ts'

export const TemplatePlaceRef = builder.objectRef<Place>('TemplatePlace').implement({
  description: 'A place in a template.',
  fields: (t) => ({
    template: t.exposeString('template', { description: 'The name of the template.' }),
    line: t.exposeInt('line', { description: 'The line, from 1.' }),
    column: t.exposeInt('column', { description: 'The column in the line, from 1, in UTF-16 code units.' }),
  }),
})
