/** The public surface of the test kit: what a connector's tests may import. */
export { type Conformance, conformance } from './conformance.ts'
export type { TestAnswer, TestRequest, TestResponses } from './request-tape.ts'
export { type TestActionOptions, type TestedAction, testAction, testNow } from './test-action.ts'
export type { TestRecord } from './test-table.ts'
export type { TestTemplate } from './test-version.ts'
