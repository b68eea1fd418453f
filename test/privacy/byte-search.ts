/** Looks for many byte strings at once: a database's folder is large, and one pass a form would take minutes. */
import type { Form } from './forms.ts'

export interface Search {
  readonly longest: number
  /** The names of the forms that are in the bytes. */
  in(bytes: Buffer): ReadonlySet<string>
}

const gramBytes = 4

/**
 * Of every form the first few grams of four bytes are known by their hash. As many are taken as bytes are skipped
 * at a time, so that one of them is met wherever the form begins; then the bytes are compared.
 */
export function createSearch(forms: readonly Form[]): Search {
  const step = Math.min(...forms.map(({ bytes }) => bytes.length)) - gramBytes + 1
  if (step < 1) throw new Error('A form is too short to be found for certain.')
  const candidates = new Map<number, { readonly form: Form; readonly offset: number }[]>()
  const isKnown = new Uint8Array(0x1_00_00)
  for (const form of forms) {
    for (let offset = 0; offset < step; offset += 1) {
      const gram = form.bytes.readUInt32LE(offset)
      candidates.set(gram, [...(candidates.get(gram) ?? []), { form, offset }])
      isKnown[hashOf(gram)] = 1
    }
  }
  return {
    longest: Math.max(...forms.map(({ bytes }) => bytes.length)),
    in(bytes) {
      const found = new Set<string>()
      for (let at = 0; at + gramBytes <= bytes.length; at += step) {
        const gram = bytes.readUInt32LE(at)
        if (isKnown[hashOf(gram)] === 0) continue
        for (const { form, offset } of candidates.get(gram) ?? []) {
          const start = at - offset
          if (start < 0 || start + form.bytes.length > bytes.length) continue
          if (form.bytes.equals(bytes.subarray(start, start + form.bytes.length))) found.add(form.name)
        }
      }
      return found
    },
  }
}

function hashOf(gram: number): number {
  return Math.imul(gram, 0x9e37_79b1) >>> 16
}
