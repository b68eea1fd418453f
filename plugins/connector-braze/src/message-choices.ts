/** The campaigns and Canvases of the workspace, to choose from: pages of 100, the newest first. */
import { type Choice, type LiveChoices, verdict } from '@sluice/connector-sdk'
import { isSuccess, readBody, verdictOfFailure } from './answers.ts'

/** Braze's pages are full but for the last. */
const pageLength = 100

const lists = {
  campaign: { path: '/campaigns/list', field: 'campaigns' },
  canvas: { path: '/canvas/list', field: 'canvases' },
} as const

export function messageChoices(kind: keyof typeof lists): LiveChoices {
  const { field, path } = lists[kind]
  return {
    plan: ({ cursor }) => ({
      method: 'GET',
      path,
      query: { page: cursor ?? '0', include_archived: 'false', sort_direction: 'desc' },
      parts: [],
    }),
    interpret(response, { cursor }) {
      if (!isSuccess(response)) return verdictOfFailure(response)
      const entries = readBody(response)?.[field]
      if (!Array.isArray(entries)) return verdict.unknown('unreadable_answer')
      const choices = entries.flatMap(choiceOf)
      if (entries.length < pageLength) return { kind: 'choices', choices }
      return { kind: 'choices', choices, next: String(Number(cursor ?? 0) + 1) }
    },
  }
}

function choiceOf(entry: unknown): readonly Choice[] {
  if (typeof entry !== 'object' || entry === null || !('id' in entry) || !('name' in entry)) return []
  const { id, name } = entry
  return typeof id === 'string' && typeof name === 'string' ? [{ id, label: name === '' ? id : name }] : []
}
