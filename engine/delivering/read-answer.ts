/** Reads answers with the connector's code: verdicts, and what is for later: captured values, the handle of a job. */
import {
  type Captured,
  everyPart,
  type RequestPlan,
  type VendorResponse,
  type Verdict,
  verdict,
  verdictByStatus,
} from '@sluice/connector-sdk'
import type { CompiledLane } from '../compile.ts'
import type { Interpret } from '../sending/send-request.ts'
import type { PartVerdict } from './outcome-of.ts'
import { capturedIn } from './stages.ts'

/** Reads the answer to one request. */
export interface Reader {
  /** Undefined where the HTTP status decides. */
  readonly interpret: Interpret | undefined
  /** What the answer hands on for each part; empty before it is read. */
  readonly captured: readonly Captured[]
  jobOf(place: number): Pick<PartVerdict, 'job'>
}

const longestHandle = 2_000
const noJob = {}

export function readerOf({ lane }: { readonly lane: CompiledLane }): Reader {
  const { capture, job } = lane.actionDefinition
  if (capture === undefined && job === undefined) {
    return { interpret: interpretOf(lane), captured: [], jobOf: () => noJob }
  }
  let captured: readonly Captured[] = []
  let handle = ''
  return {
    get captured() {
      return captured
    },
    jobOf: (place) => (handle === '' ? noJob : { job: { handle, place } }),
    interpret(request, response) {
      if (capture !== undefined) captured = capturedIn(capture, request, response)
      const verdicts = interpretOf(lane)?.(request, response) ?? everyPart(request, verdictByStatus(response))
      if (job === undefined || !verdicts.some((each) => each?.kind === 'accepted')) return verdicts
      handle = handleIn(job.submit, request, response)
      // A job that cannot be asked: nobody can tell what becomes of what it took.
      return handle === '' ? verdicts.map(withoutJob) : verdicts
    },
  }
}

function withoutJob(each: Verdict): Verdict {
  return each?.kind === 'accepted' ? verdict.unknown('job_handle_missing') : each
}

function handleIn(
  submit: (request: RequestPlan, response: VendorResponse) => unknown,
  request: RequestPlan,
  response: VendorResponse,
): string {
  try {
    const handle = submit(request, response)
    return typeof handle === 'string' && handle.length <= longestHandle ? handle : ''
  } catch {
    // Plugin code: its message may hold values.
    return ''
  }
}

function interpretOf({ actionDefinition }: CompiledLane): Interpret | undefined {
  const { interpret } = actionDefinition
  if (interpret === undefined) return undefined
  return (request, response) => {
    try {
      return interpret(request, response)
    } catch {
      // Plugin code that can't read an answer leaves it open whether the vendor took it.
      return everyPart(request, verdict.unknown('answer_unreadable'))
    }
  }
}
