/** The Braze simulator: everything that a test, demo or bench may import. */
export type { Application } from './application-log.ts'
export type { Fault, FaultAnswer, FaultScope, Faults, FaultyRequest } from './faults.ts'
export type { BrazeSimulatorOptions, ErrorStyle, RateLimitHeaders } from './options.ts'
export type { Alias } from './profile.ts'
export type { ProfileView } from './profile-view.ts'
export type { LoggedRequest } from './request-log.ts'
export { type BrazeSimulator, createBrazeSimulator } from './simulator.ts'
export type { SubscriptionState } from './subscriptions.ts'
