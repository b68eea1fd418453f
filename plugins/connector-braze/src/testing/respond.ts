/** Answers requests as Braze does, and lets what they write take effect, at once or late. */
import type { ArrivedRequest, Later, Reply } from '@sluice/connector-testing/simulator'
import { createApi } from './api.ts'
import type { ApplicationLog } from './application-log.ts'
import type { BrazeSimulatorOptions } from './options.ts'
import type { Outcome, Taken } from './outcome.ts'
import type { ProfileStore } from './profile-store.ts'
import type { Workspace } from './workspace.ts'

export interface RespondDeps {
  readonly store: ProfileStore
  readonly workspace: Workspace
  readonly applications: ApplicationLog
  readonly options: Required<BrazeSimulatorOptions>
  readonly later: Later
  /** Told how many objects a request has written. */
  readonly onObjects: (objects: number) => void
}

export function createRespond({ store, workspace, applications, options, later, onObjects }: RespondDeps) {
  const api = createApi({ store, workspace, options })

  function applied(
    { sequence, path, arrivedAt }: ArrivedRequest,
    outcome: Outcome,
  ): (() => void) | undefined {
    const { store: takeEffect, taken = nothing, objects } = outcome
    if (takeEffect === undefined) return undefined
    const applyNow = () => {
      takeEffect()
      applications.add({ sequence, path, arrivedAt, appliedAt: options.now(), ...taken })
    }
    return () => {
      onObjects(objects)
      if (options.applyDelayMs > 0) later(options.applyDelayMs, applyNow)
      else applyNow()
    }
  }

  return (request: ArrivedRequest): Reply => {
    const { headers, outcome } = api(request)
    return { status: outcome.status, body: outcome.body, headers, apply: applied(request, outcome) }
  }
}

const nothing: Taken = { attributes: [], events: [], purchases: [] }
