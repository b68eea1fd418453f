/** Encrypts what Temporal keeps: a second wall, since workflows carry ids only. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common'
import temporalProto from '@temporalio/proto'

const cipher = 'aes-256-gcm'
const encoding = new TextEncoder().encode('binary/sluice-encrypted')
const ivBytes = 12
const tagBytes = 16
/** Without it a shortened tag would be accepted. */
const options = { authTagLength: tagBytes }

/** Workers and the bundle of the workflows load it by its path. */
export const failureConverterPath = fileURLToPath(new URL('./failure-converter.ts', import.meta.url))

/** The data converter of every client and worker, under the installation's key (32 bytes). */
export function createDataConverter(masterKey: Uint8Array): DataConverter {
  return {
    payloadCodecs: [createCodec(masterKey)],
    failureConverterPath,
  }
}

function createCodec(masterKey: Uint8Array): PayloadCodec {
  const key = new Uint8Array(hkdfSync('sha256', masterKey, '', 'sluice:temporal', 32))
  const { Payload: Proto } = temporalProto.temporal.api.common.v1
  return {
    async encode(payloads) {
      return payloads.map((payload): Payload => {
        const iv = randomBytes(ivBytes)
        const sealing = createCipheriv(cipher, key, iv, options)
        const body = Buffer.concat([sealing.update(Proto.encode(payload).finish()), sealing.final()])
        return { metadata: { encoding }, data: Buffer.concat([iv, sealing.getAuthTag(), body]) }
      })
    },
    async decode(payloads) {
      return payloads.map((payload) => {
        const { data, metadata } = payload
        const isOurs =
          new TextDecoder().decode(metadata?.['encoding'] ?? new Uint8Array()) === 'binary/sluice-encrypted'
        if (!isOurs || data === null || data === undefined) return payload
        const opening = createDecipheriv(cipher, key, data.subarray(0, ivBytes), options)
        opening.setAuthTag(data.subarray(ivBytes, ivBytes + tagBytes))
        return Proto.decode(
          Buffer.concat([opening.update(data.subarray(ivBytes + tagBytes)), opening.final()]),
        )
      })
    },
  }
}
