/** Every part is killed while records flow: the same as `npm run chaos`, with fixed seeds. */
import { it } from 'vitest'
import { batchTimeout, expectKept } from './expect-kept.ts'

it('every promise is kept under kills and faults', { timeout: batchTimeout }, () =>
  expectKept([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
)
