/** The public surface of the test kit: what a connector's tests may import. */
export { type Conformance, conformance } from './conformance.ts'
