/** Begins with the test files that take minutes, so that the last of them does not run alone. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Whole starts, killed parts, and schedules by the thousand. */
const long = [/\/test\/(start|chaos)\//, /\/engine\/delivering\/(switched-off|simulation)\.test\.ts$/]

export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => long.some((form) => form.test(moduleId))
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}
