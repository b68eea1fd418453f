/** The schema is the documentation of the API: nothing in it goes without a description. */
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql'
import { expect, it } from 'vitest'
import { schema } from './schema.ts'

interface Described {
  readonly name: string
  readonly description?: string | null | undefined
}

function partsOf(type: GraphQLNamedType): readonly Described[] {
  if (isEnumType(type))
    return type.getValues().map((value) => ({ ...value, name: `${type.name}.${value.name}` }))
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) => ({ ...field, name: `${type.name}.${field.name}` }))
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return []
  return Object.values(type.getFields()).flatMap((field) => [
    { ...field, name: `${type.name}.${field.name}` },
    ...field.args.map((arg) => ({ ...arg, name: `${type.name}.${field.name}(${arg.name})` })),
  ])
}

it('describes every type, field, argument and enum value', () => {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  )
  const undescribed = types
    .flatMap((type): readonly Described[] => [type, ...partsOf(type)])
    .filter(({ description }) => (description ?? '').trim() === '')
  expect(undescribed.map(({ name }) => name)).toEqual([])
})
