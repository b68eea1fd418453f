/** The helper `hash`: Java's message digests, and with a secret its message authentication codes. */

import type { CompiledCall, InlineHelper } from './helper.ts'
import { RenderFault } from './problem.ts'
import { spend, spendText, stepsPerHash } from './render-state.ts'
import { writerOf } from './text-of.ts'

/** Names of Java's algorithms, in capitals and without hyphens, with Node's. */
const digests: ReadonlyMap<string, string> = new Map([
  ['MD5', 'md5'],
  ['SHA', 'sha1'],
  ['SHA1', 'sha1'],
  ['SHA224', 'sha224'],
  ['SHA256', 'sha256'],
  ['SHA384', 'sha384'],
  ['SHA512', 'sha512'],
  ['SHA512/224', 'sha512-224'],
  ['SHA512/256', 'sha512-256'],
  ['SHA3224', 'sha3-224'],
  ['SHA3256', 'sha3-256'],
  ['SHA3384', 'sha3-384'],
  ['SHA3512', 'sha3-512'],
])

const digestNames = ['MD5', 'SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512', 'SHA-512/224', 'SHA-512/256']
const sha3Names = ['SHA3-224', 'SHA3-256', 'SHA3-384', 'SHA3-512']
const macNames = ['HmacMD5', 'HmacSHA1', 'HmacSHA224', 'HmacSHA256', 'HmacSHA384', 'HmacSHA512']

export const hash: InlineHelper = {
  ...{ name: 'hash', usage: 'inline' },
  description:
    'The hash of the values, joined; with useSecretKey="true" the first value is the key of an HMAC.',
  parameters: [{ name: 'value', description: 'what is hashed', isRequired: true, isRepeated: true }],
  options: [
    {
      ...{ name: 'algorithm', isRequired: true, isConstant: true },
      description: "Java's name, for example SHA-256, or HmacSHA256 with a secret key.",
    },
    {
      ...{ name: 'encodingCharset', values: ['UTF-8', 'US-ASCII'], default: 'UTF-8' },
      description: 'How the text becomes bytes.',
    },
    {
      name: 'binaryEncoding',
      values: ['base64', 'hex'],
      default: 'base64',
      description: 'How the hash is written.',
    },
    {
      ...{ name: 'binaryEncodingOptions', values: ['lowercase', 'uppercase'], default: 'lowercase' },
      description: 'Letters of a hash in hex.',
    },
    { name: 'joinOn', description: 'What stands between two values.', default: '' },
    {
      name: 'useSecretKey',
      values: ['true', 'false'],
      default: 'false',
      description: 'Whether the first value is a key.',
    },
  ],
  example: {
    template: '{{hash algorithm="SHA-256" binaryEncoding="hex" str}}',
    result: '185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969',
  },
  compile(call) {
    const { args, options, place, context } = call
    const option = (name: string, usual: string) => String(options.get(name)?.literal ?? usual)
    const hasKey = option('useSecretKey', 'false') === 'true'
    const algorithm = algorithmOf(call, hasKey)
    const encoding = option('binaryEncoding', 'base64') === 'hex' ? 'hex' : 'base64'
    const isUpper = encoding === 'hex' && option('binaryEncodingOptions', 'lowercase') === 'uppercase'
    const isAscii = option('encodingCharset', 'UTF-8') === 'US-ASCII'
    if (hasKey && args.length < 2) {
      context.problem(
        'missing_argument',
        place.offset,
        '"hash" with a secret key needs the key and a value behind it.',
      )
    }
    const joinOn = options.get('joinOn')
    const readers = args.map(({ type, read }) => ({ read, write: writerOf(type) }))
    return (state) => {
      const [first = '', ...rest] = readers.map(({ read, write }) => write(read(state), state))
      const by = joinOn === undefined ? '' : writerOf(joinOn.type)(joinOn.read(state), state)
      const joined = spendText(state, (hasKey ? rest : [first, ...rest]).join(by))
      const text = isAscii ? asciiOf(joined) : joined
      const digest = { algorithm, text, encoding } as const
      if (hasKey && first === '') {
        state.place = place
        throw new RenderFault('no_key')
      }
      spend(state, stepsPerHash)
      const key = isAscii ? asciiOf(first) : first
      const hashed = context.deps.digest(hasKey ? { ...digest, key } : digest)
      return isUpper ? hashed.toUpperCase() : hashed
    }
  },
}

/** Other characters become question marks, as in Java. */
function asciiOf(text: string): string {
  return text.replace(/[^ -~\s]/gu, '?')
}

/** Node's name; an unknown one is reported. */
function algorithmOf({ options, context }: CompiledCall, hasKey: boolean): string {
  const option = options.get('algorithm')
  const name = String(option?.literal ?? '')
  const known = hasKey ? macNames : [...digestNames, ...sha3Names]
  const plain = name.toUpperCase().replaceAll('-', '')
  const isMac = plain.startsWith('HMAC')
  const algorithm = digests.get(isMac ? plain.slice(4) : plain)
  if (algorithm !== undefined && isMac === hasKey) return algorithm
  const hint = isMac && !hasKey ? 'It needs useSecretKey="true".' : context.suggest(name, known)
  context.problem(
    'wrong_argument',
    option?.start ?? 0,
    `"${name}" is no algorithm of hash${hasKey ? ' with a secret key' : ''}. ${hint}`,
  )
  return 'sha256'
}
