/** Generates what workers run workflows from. Runs after `npm ci`; needs no download. */
import { generateWorkflowBundle } from './bundle.ts'

await generateWorkflowBundle()
