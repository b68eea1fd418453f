/** Whether people find what they need: titles, descriptions, and a complete page in the marketplace. */
import { type Connector, z } from '@sluice/connector-sdk'

export function checkPage({
  actions,
  categories,
  changelog = [],
  docs,
  icon,
  name,
  settings,
  vendor,
}: Connector): readonly string[] {
  const missing = (is: boolean, what: string) => (is ? [] : [`${what} is missing.`])
  return [
    ...missing(hasText(name), 'The name'),
    ...missing(hasText(vendor), 'The vendor'),
    ...missing(categories.length > 0, 'A category'),
    ...missing(hasText(icon), 'The icon'),
    ...missing(changelog.length > 0, 'What the version brings, in the changelog,'),
    ...missing(hasText(docs.summary), 'The summary'),
    ...missing(docs.links.length > 0, "A link to the vendor's documents"),
    ...missing(docs.requirements.length > 0, 'What an account needs'),
    ...problemsOfForm('settings', settings),
    ...Object.entries(actions).flatMap(([type, { description, parameters, title }]) => [
      ...missing(hasText(title), `The title of "${type}"`),
      ...missing(hasText(description), `The description of "${type}"`),
      ...problemsOfForm(type, parameters),
    ]),
  ]
}

function problemsOfForm(form: string, schema: z.ZodObject): readonly string[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return Object.entries(properties).flatMap(([name, field]) => {
    const { description, title, when } = typeof field === 'object' ? field : {}
    const unknown = Object.keys(typeof when === 'object' ? { ...when } : {}).filter(
      (other) => !Object.hasOwn(properties, other),
    )
    return [
      ...(hasText(title) && hasText(description)
        ? []
        : [`The field "${name}" of "${form}" needs a title and a description.`]),
      ...unknown.map((other) => `The field "${name}" of "${form}" depends on "${other}", which it has not.`),
    ]
  })
}

function hasText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}
