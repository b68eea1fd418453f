/** Values that are the same for every record of a delivery: constants, metadata, outputs of `prepare`. */
import type { Value } from './convert.ts'
import type { Mapping } from './mapping.ts'
import { type DeliveryFacts, metadataValue, type VersionMetadata } from './metadata.ts'

type FixedOrigin = Exclude<Mapping['from'], { readonly kind: 'attribute' | 'template' }>

/** Gives the value of an origin that no record has a part in; undefined where nothing was prepared under its name. */
export type FixedValues = (from: FixedOrigin) => Value | undefined

export function fixedValues(version: VersionMetadata, delivery: DeliveryFacts): FixedValues {
  return (from) => {
    switch (from.kind) {
      case 'constant':
        return from.value
      case 'metadata':
        return metadataValue(from.field, version, delivery)
      case 'prepared':
        return Object.hasOwn(delivery.prepared, from.output) ? delivery.prepared[from.output] : undefined
    }
  }
}
