/** What went wrong, by the class of its fault: no value, no key, no text of a vendor. */

export interface ErrorClass {
  /** Whose codes they are. */
  readonly connectorType: string
  readonly reporter: 'SLUICE' | 'VENDOR'
  readonly outcome: 'REJECTED' | 'REFUSED' | 'EXHAUSTED' | 'UNKNOWN'
  readonly code: string
  /** Empty where no parameter is at fault. */
  readonly parameterPath: string
  /** Empty where no template failed. */
  readonly template: string
  readonly templateLine: number
  readonly templateColumn: number
  /** Records. */
  readonly count: bigint
  readonly firstAt: Date
  readonly lastAt: Date
}

/** Some of an owner's classes, and how much there is in all. */
export interface ErrorPage {
  readonly count: bigint
  readonly classCount: number
  readonly classes: readonly ErrorClass[]
}

export const noErrors: ErrorPage = { count: 0n, classCount: 0, classes: [] }
