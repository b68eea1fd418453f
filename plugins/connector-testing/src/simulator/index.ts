/** Simulated vendors over real HTTP, without vitest: one that behaves as told, and the parts to build a closer likeness. */

export {
  createFaults,
  type Fault,
  type FaultAnswer,
  type FaultScope,
  type FaultScript,
  type Faults,
  type FaultyRequest,
} from './faults.ts'
export { type HostedVendor, type HostedVendorOptions, hostVendor, type Later } from './host-vendor.ts'
export { escapeHtml, framePage, type PageFrame, table } from './page-frame.ts'
export { createRateWindow, type RateHeaders, type RateWindow, type RateWindowOptions } from './rate-window.ts'
export type { ReceivedWebhook } from './received-webhook.ts'
export type { ArrivedRequest, Reply } from './reply.ts'
export { createRequestLog, type LoggedRequest, type RequestLog } from './request-log.ts'
export { createRoutes, type Match } from './routes.ts'
export { type RunVendorOptions, runVendor } from './run-vendor.ts'
export {
  createVendorSimulator,
  type VendorAnswer,
  type VendorLimit,
  type VendorRequest,
  type VendorSimulator,
  type VendorSimulatorOptions,
} from './vendor-simulator.ts'
export {
  createWebhookReceiver,
  type WebhookAnswer,
  type WebhookReceiver,
  type WebhookReceiverOptions,
} from './webhook-receiver.ts'
