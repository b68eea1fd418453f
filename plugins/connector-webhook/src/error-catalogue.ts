/** The codes that may be stored beside those of HTTP: all of them about the record itself. */
import type { ErrorClass } from '@sluice/connector-sdk'

export const errorCatalogue: Readonly<Record<string, ErrorClass>> = {
  body_missing: 'data',
  body_not_json: 'data',
  content_type_invalid: 'data',
  cookie_invalid: 'data',
  form_fields_missing: 'data',
  header_invalid: 'data',
  path_invalid: 'data',
  query_invalid: 'data',
  value_not_json: 'data',
}
