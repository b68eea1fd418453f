/** What is wrong with notes that people gave. */
import { issuesOf } from '../problems/issues.ts'
import type { Issue } from '../problems/rules.ts'
import { notesSchema } from './rules.ts'

export function notesIssues(notes: string): readonly Issue[] {
  return issuesOf(notesSchema.safeParse(notes).error?.issues ?? [], ['notes'])
}
