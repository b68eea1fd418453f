/** The exports that there are, by the name in their address. */
import { actionErrors } from './action-errors.ts'
import { actionMetrics } from './action-metrics.ts'
import { connectorMetrics } from './connector-metrics.ts'
import type { ExportKind } from './export-kind.ts'
import { metrics } from './metrics.ts'

export const exportKinds = {
  'connector-metrics': connectorMetrics,
  'action-metrics': actionMetrics,
  metrics,
  'action-errors': actionErrors,
} as const satisfies Readonly<Record<string, ExportKind>>

export type ExportName = keyof typeof exportKinds
