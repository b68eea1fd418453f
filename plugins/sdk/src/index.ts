/** The public surface of the SDK: everything a connector or source package may import. */
export { z } from 'zod'
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
export {
  type ActionDefinition,
  type ActionLimits,
  type Body,
  type Change,
  type Choice,
  type ChoicesContext,
  type ChoicesPage,
  type Connector,
  type ConnectorDefinition,
  defineAction,
  defineConnector,
  type Effect,
  type ErrorClass,
  type JobDefinition,
  type JsonValue,
  type JsonWithSecrets,
  type LiveChoices,
  type Part,
  type PlanContext,
  type PlannedItem,
  type Prepare,
  type PrepareContext,
  type Prepared,
  type PublicSettings,
  type RateLimit,
  type RequestPlan,
  type VendorResponse,
} from './connector.ts'
export { type FieldMeta, secret, secretNames } from './form.ts'
export { hmac, md5, normalizeEmail, normalizeName, normalizePhone, sha256 } from './hashing.ts'
export type { JobResult, JobState } from './job.ts'
export { type JwtAuth, jwt } from './jwt.ts'
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
