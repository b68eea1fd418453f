/** The parameters that are fields of a Braze profile, as form fields and by Braze's names. */
import { type FieldMeta, z } from '@sluice/connector-sdk'
import { toDay, toInstant } from '../dates.ts'
import { formatted, text, trimmed } from '../fields.ts'
import { toGender } from './gender.ts'

const group = 'User attributes'

const subscription = (meta: FieldMeta) =>
  z
    .enum(['opted_in', 'subscribed', 'unsubscribed'], { error: 'invalid_subscription_state' })
    .nullish()
    .meta({ ...meta })
const flag = (meta: FieldMeta) =>
  z
    .boolean()
    .nullish()
    .meta({ ...meta })
const instant = (title: string, description: string) =>
  formatted({ title, description, group, examples: ['2026-05-28T10:00:00Z'] }, 'invalid_date', toInstant)
const degrees = (meta: FieldMeta, most: number) =>
  z
    .number()
    .min(-most, 'invalid_location')
    .max(most, 'invalid_location')
    .nullish()
    .meta({ ...meta })

export const standardFields = {
  firstName: text({ title: 'First name', description: 'The first name.', group }),
  lastName: text({ title: 'Last name', description: 'The last name.', group }),
  country: trimmed({
    title: 'Country',
    description: 'Country code of two letters (ISO 3166-1).',
    group,
    examples: ['NL'],
  }),
  language: trimmed({
    title: 'Language',
    description: 'Language code of two letters (ISO 639-1).',
    group,
    examples: ['nl'],
  }),
  dob: formatted(
    {
      title: 'Date of birth',
      description: 'A date or an ISO instant; the day that the text names is sent, in no other time zone.',
      group,
      examples: ['1990-05-28'],
    },
    'invalid_dob',
    toDay,
  ),
  gender: formatted(
    {
      title: 'Gender',
      description:
        'M, F, O (other), N (not applicable) or P (prefers not to say), or those words. Any other text rejects the record.',
      group,
      examples: ['F'],
    },
    'invalid_gender',
    toGender,
  ),
  homeCity: text({ title: 'Home city', description: 'The city the user lives in.', group }),
  timeZone: trimmed({
    title: 'Time zone',
    description: 'An IANA name. Braze leaves out a name that it does not know.',
    group,
    examples: ['Europe/Amsterdam'],
  }),
  emailSubscribe: subscription({
    title: 'E-mail subscription',
    description: 'State of the e-mail subscription: opted_in, subscribed or unsubscribed.',
    group,
  }),
  pushSubscribe: subscription({
    title: 'Push subscription',
    description: 'State of the push subscription: opted_in, subscribed or unsubscribed.',
    group,
  }),
  emailOpenTrackingDisabled: flag({
    title: 'E-mail open tracking disabled',
    description: 'True when opens of e-mails must not be tracked.',
    group,
  }),
  emailClickTrackingDisabled: flag({
    title: 'E-mail click tracking disabled',
    description: 'True when clicks in e-mails must not be tracked.',
    group,
  }),
  dateOfFirstSession: instant('Date of first session', 'When the user first used the app.'),
  dateOfLastSession: instant('Date of last session', 'When the user last used the app.'),
  markedEmailAsSpamAt: instant('Marked e-mail as spam at', 'When the user marked an e-mail as spam.'),
  latitude: degrees(
    { title: 'Latitude', description: 'Latitude of the current location, with the longitude.', group },
    90,
  ),
  longitude: degrees(
    { title: 'Longitude', description: 'Longitude of the current location, with the latitude.', group },
    180,
  ),
}

/** Braze's names of the fields that are sent one to one, in the order in which they are sent. */
export const brazeNames = {
  firstName: 'first_name',
  lastName: 'last_name',
  email: 'email',
  phone: 'phone',
  country: 'country',
  language: 'language',
  dob: 'dob',
  gender: 'gender',
  homeCity: 'home_city',
  timeZone: 'time_zone',
  emailSubscribe: 'email_subscribe',
  pushSubscribe: 'push_subscribe',
  emailOpenTrackingDisabled: 'email_open_tracking_disabled',
  emailClickTrackingDisabled: 'email_click_tracking_disabled',
  dateOfFirstSession: 'date_of_first_session',
  dateOfLastSession: 'date_of_last_session',
  markedEmailAsSpamAt: 'marked_email_as_spam_at',
} as const
