import type { Readable } from 'node:stream'
import type { App, CodeSource } from '@rserve-proxy/contract/apps.ts'
import type { Deployment } from '@rserve-proxy/contract/deployments.ts'
import type { AppFields } from '@rserve-proxy/contract/one-call.ts'
import type { Principal } from './principal.ts'

export interface OneCall {
  slug: string
  /** Make the app when there is none of this slug. */
  create: boolean
  fields: AppFields
  /** At most one of them; with neither the newest code of the app's source is deployed. */
  archive?: { stream: Readable; name: string } | undefined
  codeSource?: CodeSource | undefined
}

export interface OneCallService {
  /** Creates or changes the app, takes its code, asks for a deployment. A refused archive leaves everything as it was. */
  deploy(principal: Principal, call: OneCall, signal: AbortSignal): Promise<{ app: App; deployment: Deployment }>
  /** As it is now. */
  app(principal: Principal, appId: string): Promise<App>
}
