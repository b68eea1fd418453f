/** The variable that stands for the access token of the action's connector. A render writes a sign; the token itself comes when the request is sent. */
import type { TemplateVariable } from './template.ts'

/** Its name is the reference's. Nothing can be made of it: it is written as it is, or as JSON. */
export const accessToken: TemplateVariable = { name: 'webhook_access_token', type: 'accessToken' }
