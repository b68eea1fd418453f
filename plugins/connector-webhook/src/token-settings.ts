/** What the settings say about tokens: how they are asked for, where the answer has them, and where they go. */
import {
  type PublicSettings,
  type SecretRef,
  type SecretText,
  secretRef,
  type TokenAnswer,
  type TokenPlace,
  type TokenRequest,
} from '@sluice/connector-sdk'

/** A setting that headers and body of a token request may name. */
const named = /\{\{\s*(clientId|clientSecret|username|password)\s*\}\}/
const secretOnes: ReadonlySet<string> = new Set(['clientSecret', 'password'])

export function placeOf({ tokenName, tokenPlace, tokenPrefix }: PublicSettings): TokenPlace {
  switch (tokenPlace) {
    case 'query':
      return { in: 'query', name: String(tokenName) }
    case 'templates':
      return { in: 'templates' }
    default:
      return {
        in: 'header',
        name: tokenName === undefined ? 'authorization' : String(tokenName).toLowerCase(),
        prefix: String(tokenPrefix ?? 'Bearer'),
      }
  }
}

export function requestOf(settings: PublicSettings): TokenRequest {
  const { tokenContentType, tokenHeaders } = settings
  const headers = Object.entries(secretTexts(settings, tokenHeaders) ?? {})
  return {
    headers: Object.fromEntries(headers.map(([name, text]) => [name.toLowerCase(), text] as const)),
    contentType: tokenContentType === 'json' ? 'json' : 'form',
  }
}

export function answerOf({
  accessTokenField,
  expiresInField,
  refreshTokenField,
}: PublicSettings): TokenAnswer {
  return {
    accessToken: String(accessTokenField ?? 'access_token'),
    expiresIn: String(expiresInField ?? 'expires_in'),
    refreshToken: String(refreshTokenField ?? 'refresh_token'),
  }
}

/** Texts by their names, in which settings are named: the host fills the secret ones in. */
export function secretTexts(
  settings: PublicSettings,
  texts: unknown,
): Readonly<Record<string, SecretText>> | undefined {
  if (typeof texts !== 'object' || texts === null) return undefined
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, secretText(settings, String(text))] as const),
  )
}

function secretText(settings: PublicSettings, text: string): SecretText {
  return text
    .split(named)
    .map((piece, index): string | SecretRef => {
      if (index % 2 === 0) return piece
      return secretOnes.has(piece) ? secretRef(piece) : String(settings[piece] ?? '')
    })
    .filter((piece) => piece !== '')
}
