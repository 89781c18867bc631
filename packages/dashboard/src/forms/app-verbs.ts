import type { App } from '@rserve-proxy/contract/apps.ts'
import { type ActionFunctionArgs, redirect } from 'react-router-dom'
import { call } from '../api.ts'
import { toastFailure } from '../components/verb-failure.ts'
import { paths } from '../paths.ts'
import { toastStore } from '../ui/toast-store.ts'

export type AppVerb = 'deploy' | 'start' | 'stop' | 'restart' | 'rebuild' | 'update' | 'apply' | 'delete'

export interface VerbRequest {
  verb: AppVerb
}

/** Action of an app's address: does one verb; what goes wrong is told once, in a toast. */
export async function appVerbAction({ request, params }: ActionFunctionArgs) {
  const { verb }: VerbRequest = await request.json()
  try {
    return await acts[verb](params.appId ?? '')
  } catch (error) {
    return toastFailure(error)
  }
}

const acts: Record<AppVerb, (appId: App['id']) => Promise<Response | null>> = {
  async deploy(appId) {
    const deployment = await call('POST /api/apps/:appId/deploy', input(appId))
    return redirect(paths.deployment(appId, deployment.id))
  },
  async start(appId) {
    const deployment = await call('POST /api/apps/:appId/start', input(appId))
    return redirect(paths.deployment(appId, deployment.id))
  },
  async restart(appId) {
    const deployment = await call('POST /api/apps/:appId/restart', input(appId))
    return redirect(paths.deployment(appId, deployment.id))
  },
  async rebuild(appId) {
    const deployment = await call('POST /api/apps/:appId/rebuild', input(appId))
    return redirect(paths.deployment(appId, deployment.id))
  },
  /** Builds anew with the newest packages. */
  async update(appId) {
    const body = { updatePackages: true }
    const deployment = await call('POST /api/apps/:appId/rebuild', { ...input(appId), body })
    return redirect(paths.deployment(appId, deployment.id))
  },
  async apply(appId) {
    const deployment = await call('POST /api/apps/:appId/apply', input(appId))
    return redirect(paths.deployment(appId, deployment.id))
  },
  async stop(appId) {
    await call('POST /api/apps/:appId/stop', input(appId))
    return null
  },
  async delete(appId) {
    await call('DELETE /api/apps/:appId', { params: { appId } })
    toastStore.show({ isError: false, text: 'The app is deleted.' })
    return redirect(paths.apps())
  },
}

const input = (appId: string) => ({ params: { appId }, querystring: {} })
