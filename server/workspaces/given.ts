/** GraphQL's optional fields: null and absent both mean that nothing was said. */

export type Given<Input> = {
  [Field in keyof Input as undefined extends Input[Field]
    ? never
    : null extends Input[Field]
      ? never
      : Field]: Input[Field]
} & {
  [Field in keyof Input as undefined extends Input[Field]
    ? Field
    : null extends Input[Field]
      ? Field
      : never]?: NonNullable<Input[Field]>
}

/** Only the fields that say something. */
export function givenOnly<Input extends object>(input: Input): Given<Input> {
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined && value !== null),
  ) as Given<Input>
}
