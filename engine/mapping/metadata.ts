/** What Sluice knows about a delivery beside its records: a mapping can send it. */
import type { Target } from './target.ts'

export const metadataFields = [
  'connector.id',
  'connector.name',
  'action.id',
  'action.name',
  'segment.id',
  'segment.name',
  'version.number',
  'delivery.id',
  'time',
] as const
export type MetadataField = (typeof metadataFields)[number]

type FieldOfDelivery = 'delivery.id' | 'time'

/** What the version says; the same for all its deliveries. */
export type VersionMetadata = Readonly<Record<Exclude<MetadataField, FieldOfDelivery>, string | number>>

/** What one delivery adds. A repeated plan is the same plan: none of it changes from pass to pass. */
export interface DeliveryFacts {
  readonly id: string
  /** Its creation, epoch milliseconds: the metadata `time`. */
  readonly createdAt: number
  /** The outputs of the action's `prepare`, by name; empty where it has none. */
  readonly prepared: Readonly<Record<string, string>>
  /** What templates write where the access token is to stand; the same in every pass, and to be guessed by nobody. */
  readonly tokenSign?: string
}

/** The value that a mapping of `field` sends for every record of the delivery. */
export function metadataValue(
  field: MetadataField,
  version: VersionMetadata,
  { id, createdAt }: DeliveryFacts,
): string | number | Date {
  switch (field) {
    case 'delivery.id':
      return id
    case 'time':
      return new Date(createdAt)
    default:
      return version[field]
  }
}

/** Whether a field can take the form of a target: names and ids are texts and nothing else. */
export function metadataCanBecome(field: MetadataField, target: Target): boolean {
  switch (target.kind) {
    case 'json':
    case 'string':
      return true
    case 'array':
      return metadataCanBecome(field, target.element)
    case 'number':
      return field === 'version.number'
    case 'instant':
    case 'day':
      return field === 'time'
    case 'boolean':
      return false
  }
}
