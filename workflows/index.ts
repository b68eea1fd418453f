/** What the workflow bundler sees. */
export { deliver } from './deliver.ts'
export { runLane } from './run-lane.ts'
export { syncSource } from './sync-source.ts'
