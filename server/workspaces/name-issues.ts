/** What is wrong with a name that people gave. */
import { issuesOf } from '../problems/issues.ts'
import type { Issue } from '../problems/rules.ts'
import { nameSchema } from './rules.ts'

export function nameIssues(name: string): readonly Issue[] {
  return issuesOf(nameSchema.safeParse(name).error?.issues ?? [], ['name'])
}
