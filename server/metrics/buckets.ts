/** The buckets of time in which is counted what actions do: minutes, hours and days of UTC, and how long each is kept. */
import { Prisma } from '../../prisma/generated/client/client.ts'

/** The three that count what is done now, to be joined: whoever counts writes all of them, so that they agree. */
export const bucketsOfNow = Prisma.sql`(VALUES
  ('MINUTE'::metric_grain, date_trunc('minute', now(), 'UTC')),
  ('HOUR'::metric_grain, date_trunc('hour', now(), 'UTC')),
  ('DAY'::metric_grain, date_trunc('day', now(), 'UTC'))
) AS bucket(grain, start)`
