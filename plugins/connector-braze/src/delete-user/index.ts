/** Delete User: removes profiles from Braze for good. */
import { defineAction } from '@sluice/connector-sdk'
import { recipientOf } from '../identifiers.ts'
import { maxBytes } from '../max-bytes.ts'
import { interpretDeleteUser } from './interpret.ts'
import { deleteUserParameters } from './parameters.ts'
import { maxUsers, planDeleteUser } from './plan.ts'

export const deleteUser = defineAction({
  title: 'Delete User',
  description: 'Deletes user profiles. This cannot be undone.',
  version: 1,
  modes: ['upsert'],
  parameters: deleteUserParameters,
  limits: () => ({ weights: { users: maxUsers }, bytes: maxBytes, onePerRecipient: true }),
  weigh: () => ({ users: 1 }),
  recipient: recipientOf,
  plan: planDeleteUser,
  interpret: interpretDeleteUser,
})
