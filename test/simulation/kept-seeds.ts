/** Seeds of schedules that once showed a defect. They are played with every run of the tests. */
export const keptSeeds: readonly number[] = []
