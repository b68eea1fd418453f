/** The schema: loads every noun for its effect on the builder. A new noun adds one line. */
import './errors.ts'
import '../actions/schema.ts'
import '../connectors/schema.ts'
import '../deliveries/live-schema.ts'
import '../deliveries/schema.ts'
import '../marketplace/schema.ts'
import '../metrics/schema.ts'
import '../metrics/workspace-schema.ts'
import '../segments/schema.ts'
import '../sources/schema.ts'
import '../templates/schema.ts'
import '../versions/draft-schema.ts'
import '../versions/schema.ts'
import '../workspaces/schema.ts'
import { builder } from './builder.ts'

export const schema = builder.toSchema()
