/** The parameters of Delete User. */
import { z } from '@sluice/connector-sdk'
import { prioritization } from '../prioritization.ts'
import { checkUserIds, someOf, userIdFields } from '../user-ids.ts'

export const deleteUserParameters = z
  .object({
    ...userIdFields,
    prioritization: prioritization('identified', {
      title: 'Deletion prioritization',
      description:
        'Which profile goes when several share the e-mail or phone: one with an external ID first, one without first, or simply the most recently updated. Of several left the most recently updated goes.',
      group: 'Options',
    }),
  })
  .check(checkUserIds)
  .meta(someOf('externalId', 'brazeId', 'aliasName', 'email', 'phone'))

export type DeleteUser = z.output<typeof deleteUserParameters>
