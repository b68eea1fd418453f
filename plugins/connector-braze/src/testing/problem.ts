/** Why an object is refused, as Braze documents it and as Braze says it. */

export interface Problem {
  /** Missing where Braze documents none. */
  readonly code?: string
  /** Recorded where `../errors.ts` knows it; otherwise in the manner of the recorded ones. */
  readonly text: string
}

/** A problem whose sentence nobody has recorded. */
export function codeOnly(code: string): Problem {
  return { code, text: code }
}
