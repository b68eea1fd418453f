/** The parameters of Identify User. */
import { z } from '@sluice/connector-sdk'
import { issue, requiredText } from '../fields.ts'
import { identify } from '../identifiers.ts'
import { prioritization } from '../prioritization.ts'
import { isAliasWhole, someOf, userIdFields } from '../user-ids.ts'

const { aliasName, aliasLabel, email, phone } = userIdFields
const group = 'Profile to identify'

export const identifyUserParameters = z
  .object({
    externalId: requiredText(
      {
        title: 'External ID',
        description: 'Your own id of the user, which the profile gets.',
        group: 'User ID',
        examples: ['customer-1042'],
      },
      'external_id_missing',
    ),
    aliasName: aliasName.meta({ ...aliasName.meta(), group }),
    aliasLabel: aliasLabel.meta({ ...aliasLabel.meta(), group }),
    email: email.meta({
      title: 'E-mail',
      description: 'The e-mail address of the profile. Used when no alias is given.',
      group,
      examples: ['ann@example.com'],
    }),
    phone: phone.meta({
      title: 'Phone',
      description: 'The phone number of the profile. Used when neither alias nor e-mail is given.',
      group,
      examples: ['+31201234567'],
    }),
    prioritization: prioritization('unidentified', {
      title: 'Prioritization',
      description:
        'Which profile is meant when several share the e-mail or phone: one without an external ID first, one with first, or simply the most recently updated. Of several left it is the most recently updated.',
      group: 'Options',
    }),
  })
  .check((payload) => {
    const { externalId: _, ...ids } = payload.value
    if (!isAliasWhole(payload) || identify(ids) !== undefined) return
    payload.issues.push(issue('profile_id_missing', ['aliasName']))
  })
  .meta(someOf('aliasName', 'email', 'phone'))

export type IdentifyUser = z.output<typeof identifyUserParameters>
