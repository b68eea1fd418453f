/** Hashes and normalisers, synchronous because `plan` is pure: many ad vendors want identifiers hashed. */
import { createHash, createHmac } from 'node:crypto'

/**
 * SHA-256 of a text, in lower-case hex.
 *
 * @example
 * ```ts
 * sha256(normalizeEmail(' Ann@Example.com ')) // hash of 'ann@example.com'
 * ```
 */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/**
 * MD5 of a text, in lower-case hex, for vendors that still ask for it.
 *
 * @example
 * ```ts
 * md5('ann@example.com')
 * ```
 */
export function md5(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex')
}

/**
 * HMAC-SHA-256 of a text, in lower-case hex.
 *
 * @example
 * ```ts
 * hmac('key', 'text')
 * ```
 */
export function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text, 'utf8').digest('hex')
}

/**
 * An e-mail address as ad vendors match it: trimmed, lower case.
 *
 * @example
 * ```ts
 * normalizeEmail(' Ann@Example.com ') // 'ann@example.com'
 * ```
 */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase()
}

/**
 * A phone number as digits with a leading plus. Without an international prefix the text's digits are
 * returned as they are: no country is guessed.
 *
 * @example
 * ```ts
 * normalizePhone('+31 (6) 1234-5678') // '+31612345678'
 * ```
 */
export function normalizePhone(phone: string): string {
  const trimmed = phone.trim()
  const digits = trimmed.replace(/\D/g, '')
  if (trimmed.startsWith('+')) return `+${digits}`
  return digits.startsWith('00') ? `+${digits.slice(2)}` : digits
}

/**
 * A person's name as ad vendors match it: trimmed, lower case, without punctuation or digits.
 *
 * @example
 * ```ts
 * normalizeName(" O'Neil ") // 'oneil'
 * ```
 */
export function normalizeName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}]/gu, '')
}
