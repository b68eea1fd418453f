/** Failures with their messages and stacks encrypted: loaded by path, in workers and in the sandbox. */
import { DefaultFailureConverter } from '@temporalio/common'

export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true })
