/** What a segment asks of a record: groups joined by OR, the conditions of a group joined by AND, and exclusions. */
import { z } from '@sluice/connector-sdk'
import { type Condition, conditionSchema } from './condition.ts'

const maxGroups = 50
const maxConditions = 100

const groupSchema = z.strictObject({
  all: z.array(conditionSchema).min(1, 'Add a condition to this group or remove the group.'),
})

export type ConditionGroup = z.output<typeof groupSchema>

const groupsSchema = z.array(groupSchema).max(maxGroups, `Use at most ${maxGroups} groups.`)

interface ConditionTree {
  readonly any: readonly ConditionGroup[]
  readonly exclude?: readonly ConditionGroup[]
}

/** `{ any: [] }` asks nothing: every record meets it. A record that meets a group of `exclude` is out all the same. */
export const conditionsSchema = z
  .strictObject({ any: groupsSchema, exclude: groupsSchema.exactOptional() })
  .refine(
    (conditions) => everyCondition(conditions).length <= maxConditions,
    `Use at most ${maxConditions} conditions in all groups together.`,
  )

export type Conditions = z.output<typeof conditionsSchema>

/** All conditions of a tree. */
export function everyCondition({ any, exclude = [] }: ConditionTree): readonly Condition[] {
  return [...any, ...exclude].flatMap(({ all }) => all)
}

/** The attributes that a tree reads, each once. */
export function attributesOf(conditions: Conditions): readonly string[] {
  const names = everyCondition(conditions).flatMap((condition) => {
    const other = otherAttribute(condition)
    return other === undefined ? [condition.attribute] : [condition.attribute, other]
  })
  return [...new Set(names)]
}

/** The attribute that a condition compares its own with. */
export function otherAttribute(condition: Condition): string | undefined {
  if (!('value' in condition) || typeof condition.value !== 'object') return undefined
  return 'attribute' in condition.value ? condition.value.attribute : undefined
}

/** Whether what a record is asked changes as time passes. */
export function dependsOnNow(conditions: Conditions): boolean {
  return everyCondition(conditions).some(
    (condition) =>
      'value' in condition && typeof condition.value === 'object' && !('attribute' in condition.value),
  )
}
