/** What an answer to a preparation comes to: created, not created, or not known. Pure. */
import type { ConnectorDefinition, Prepare, Prepared, Verdict } from '@sluice/connector-sdk'
import { z } from 'zod'
import { keptCode } from '../../engine/sending/codes.ts'
import { isStorable } from '../workspaces/rules.ts'

export type PreparationEnd =
  | { readonly state: 'DONE'; readonly outputs: Readonly<Record<string, string>> }
  | { readonly state: 'UNKNOWN' | 'FAILED'; readonly errorCode: string }

/** Outputs are ids: nobody needs longer ones. In UTF-16 units. */
const longestOutput = 1_000

const answerSchema = z.looseObject({
  kind: z.string(),
  code: z.string().optional(),
  outputs: z.unknown().optional(),
})

/** `status` is the answer's: some of them leave it open whether it was applied. */
export function preparationEnd(
  { outputs: names, isDeduplicated }: Pick<Prepare, 'outputs' | 'isDeduplicated'>,
  catalogue: ConnectorDefinition['errorCatalogue'],
  status: number,
  answer: Prepared | Verdict,
): PreparationEnd {
  // What plugin code returns is not checked by its types once it is installed.
  const read = answerSchema.safeParse(answer)
  if (!read.success) return unreadable
  const { code = 'answer_unreadable', kind, outputs } = read.data
  const errorCode = keptCode(kind === 'throttled' ? 'throttled' : code, catalogue)
  switch (kind) {
    case 'prepared': {
      const found = outputsSchema(names).safeParse(outputs)
      return found.success ? { state: 'DONE', outputs: found.data } : unreadable
    }
    case 'rejected':
    case 'refused':
    case 'setup':
    case 'throttled':
      return { state: 'FAILED', errorCode }
    case 'retry':
      // A gateway that gives up says nothing of what stands behind it.
      return { state: isDeduplicated === true || !isOpen(status) ? 'FAILED' : 'UNKNOWN', errorCode }
    default:
      // Delivered without outputs is as unreadable as what is no verdict at all.
      return { state: 'UNKNOWN', errorCode }
  }
}

const unreadable: PreparationEnd = { state: 'UNKNOWN', errorCode: 'answer_unreadable' }

function isOpen(status: number): boolean {
  return status === 408 || status >= 500
}

function outputsSchema(names: readonly string[]): z.ZodType<Readonly<Record<string, string>>> {
  const output = z.string().min(1).max(longestOutput).refine(isStorable)
  return z.strictObject(Object.fromEntries(names.map((name) => [name, output])))
}
