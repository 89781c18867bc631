import type { App, UpdateApp } from '@rserve-proxy/contract/apps.ts'
import type { ActionFunctionArgs } from 'react-router-dom'
import { call } from '../api.ts'

export interface SaveRequest {
  /** The version that the form began with. */
  version: number
  update: UpdateApp
}

export type SaveResult = { app: App; error?: undefined } | { app?: undefined; error: unknown }

/** Refused when somebody else saved meanwhile; the form shows what is wrong. */
export async function saveSettingsAction({ request, params }: ActionFunctionArgs): Promise<SaveResult> {
  const { version, update }: SaveRequest = await request.json()
  const input = { params: { appId: params.appId ?? '' }, body: update }
  try {
    return { app: await call('PUT /api/apps/:appId', input, { headers: { 'If-Match': `"${version}"` } }) }
  } catch (error) {
    if (error instanceof Response) throw error
    return { error }
  }
}
