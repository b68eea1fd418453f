/** The public surface of the SDK: everything a connector or source package may import. */
export { z } from 'zod'
export { type ActionDefinition, defineAction } from './action.ts'
export {
  type Auth,
  basic,
  bearer,
  header,
  type MutualTlsAuth,
  mutualTls,
  noAuth,
  query,
} from './auth.ts'
export { apiVersion, type Branded, isBranded } from './brand.ts'
export type { Choice, ChoicesContext, ChoicesPage, LiveChoices } from './choices.ts'
export {
  type Connector,
  type ConnectorDefinition,
  defineConnector,
  type ErrorClass,
} from './connector.ts'
export type {
  Body,
  Effect,
  JsonValue,
  JsonWithSecrets,
  Part,
  RequestPlan,
  VendorResponse,
} from './exchange.ts'
export { type FieldMeta, type PublicSettings, secret, secretNames } from './form.ts'
export { hmac, md5, normalizeEmail, normalizeName, normalizePhone, sha256 } from './hashing.ts'
export type { JobDefinition, JobResult, JobState } from './job.ts'
export { type JwtAuth, jwt } from './jwt.ts'
export type { ActionLimits, RateLimit } from './limits.ts'
export type { ActionMapping, MappingMigration, MappingOrigin } from './mappings.ts'
export {
  type AuthorizationCodeAuth,
  authorizationCode,
  type ClientCredentialsAuth,
  clientCredentials,
  type FromSettings,
  type OAuth2Client,
  type PasswordGrantAuth,
  passwordGrant,
  type TokenAnswer,
  type TokenRequest,
} from './oauth2.ts'
export {
  type ChangelogEntry,
  type DataKind,
  type Deprecation,
  dataKinds,
  type PageLink,
  type Terms,
} from './page.ts'
export type { Change, PlanContext, PlannedItem } from './plan.ts'
export type { Prepare, PrepareContext, Prepared } from './prepare.ts'
export {
  mayReferToSecrets,
  referredSecret,
  type SecretRef,
  type SecretText,
  secretRef,
} from './secret-ref.ts'
export { type HmacAuth, hmacSignature, type SignedPart } from './signing.ts'
export {
  type ConnectContext,
  type Dialect,
  defineSource,
  type FileContext,
  type OrderedStatement,
  type RecordBatch,
  type SelectedColumn,
  type Source,
  type SourceColumn,
  type SourceConnection,
  type SourceDefinition,
  SourceError,
  type SourceErrorCode,
  type SourceTable,
  type Statement,
  sourceErrorCodes,
  type TextPlace,
} from './source.ts'
export { type Captured, captured } from './stages.ts'
export type { TokenPlace } from './token-place.ts'
export { type AttributeType, type AttributeValue, attributeTypes, Decimal } from './values.ts'
export {
  type Accepted,
  type Delivered,
  type DeliveredWithWarning,
  everyPart,
  type Refused,
  type Rejected,
  type Retry,
  retryAfterMs,
  type Setup,
  type Throttled,
  type Unknown,
  type Verdict,
  type VerdictKind,
  verdict,
  verdictByStatus,
  worstFirst,
  worstVerdict,
} from './verdicts.ts'
