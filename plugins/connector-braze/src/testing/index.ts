/** The Braze simulator: everything that a test, demo or bench may import. */
export type {
  FaultAnswer,
  FaultScope,
  FaultyRequest,
  LoggedRequest,
} from '@sluice/connector-testing/simulator'
export type { Application } from './application-log.ts'
export type { Fault } from './faults.ts'
export type { BrazeSimulatorOptions, ErrorStyle, ObjectLimit, RateLimitHeaders } from './options.ts'
export type { MessageKind, MessageState, SentMessage } from './outbox.ts'
export type { Alias } from './profile.ts'
export type { ProfileView } from './profile-view.ts'
export { type BrazeSimulator, createBrazeSimulator } from './simulator.ts'
export type { SubscriptionState } from './subscriptions.ts'
