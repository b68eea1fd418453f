/** Most bytes of a body. Braze takes 4 MB. */
export const maxBytes = 3_800_000
