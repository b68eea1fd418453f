/** What the configuration of every noun has in common: names, texts that can be stored, paths of problems. */
import { z } from 'zod'
import { DomainError, type Issue } from '../problems/rules.ts'

const maxNameLength = 200
const maxNotesLength = 10_000

/** How many things one mutation or one filter names. */
export const mostNamed = 100

/** Texts that PostgreSQL keeps as they are: it refuses NUL, and half a surrogate pair would change. */
export function isStorable(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text)
}

/** A name that people gave. */
export const nameSchema = z
  .string()
  .min(1, 'Give it a name.')
  .max(maxNameLength, `A name has at most ${maxNameLength} characters.`)
  .refine((name) => !/\p{Cc}|\p{Surrogate}/u.test(name), {
    error: 'A name has no line breaks or control characters.',
    params: { code: 'invalid_text' },
  })

/** What people should know about something, in their own words. */
export const notesSchema = z
  .string()
  .max(maxNotesLength, `Notes have at most ${maxNotesLength} characters.`)
  .refine(isStorable, {
    error: 'Remove the NUL characters and broken surrogate pairs from the notes.',
    params: { code: 'invalid_text' },
  })

/** The name of a workspace, for its own mutations. */
export const workspaceSchema = z.object({ name: nameSchema })

/** A path that the engine wrote, for example `any[0].all[1].operator`, step by step. */
export function stepsOf(path: string): Issue['path'] {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '')
  return steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step))
}

/** Connectors are switched off, so that a segment would reach nobody. */
export class ConnectorsDisabled extends DomainError {
  override readonly name = 'ConnectorsDisabled'
  readonly code = 'connectors_disabled'
  constructor() {
    super('Connectors are switched off in this workspace. Switch them on with `enableConnectors` first.')
  }
}

/** What is asked is for the owner of the installation. */
export class NotPermitted extends DomainError {
  override readonly name = 'NotPermitted'
  readonly code = 'not_permitted'
  constructor() {
    super('This is for the owner of the installation. Ask with the token in its data folder.')
  }
}
