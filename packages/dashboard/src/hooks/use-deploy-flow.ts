import type { App, CreateApp } from '@rserve-proxy/contract/apps.ts'
import { useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router-dom'
import { call, uploadCode } from '../api.ts'
import { paths } from '../paths.ts'
import { type IdempotencyKey, keyFor } from './idempotency-key.ts'

export type DeployPhase = 'creating' | 'uploading' | 'deploying'

export interface DeployJob {
  /** Creates the app, or brings the one of an earlier try up to date. */
  settings?: CreateApp
  file: File | null
}

/**
 * Create → upload → deploy → the deployment's page. A hook, because a router action can tell no upload progress.
 * What was done stays done: a retry goes on where it failed and never makes a second app.
 */
export function useDeployFlow(existing?: App) {
  const navigate = useNavigate()
  const [app, setApp] = useState(existing)
  const [progress, setProgress] = useState<{ phase: DeployPhase; sentBytes: number }>()
  const [failure, setFailure] = useState<{ phase: DeployPhase; error: unknown }>()
  const abort = useRef(new AbortController())
  const uploaded = useRef<File>(undefined)
  const createKey = useRef<IdempotencyKey>(undefined)

  // Leaving the page ends an upload; nobody should be taken to a deployment that they walked away from.
  useEffect(() => () => abort.current.abort(), [])

  async function run({ settings, file }: DeployJob) {
    abort.current = new AbortController()
    const { signal } = abort.current
    let phase: DeployPhase = 'creating'
    function enter(next: DeployPhase) {
      phase = next
      setProgress({ phase, sentBytes: 0 })
    }

    setFailure(undefined)
    try {
      enter('creating')
      const target = await ensureApp(settings, signal)
      if (file && uploaded.current !== file) {
        enter('uploading')
        const onProgress = (sentBytes: number) => setProgress({ phase: 'uploading', sentBytes })
        await uploadCode(target.id, file, { signal, onProgress })
        uploaded.current = file
      }
      enter('deploying')
      const deployment = await call(
        'POST /api/apps/:appId/deploy',
        { params: { appId: target.id }, querystring: {} },
        { signal },
      )
      navigate(paths.deployment(target.id, deployment.id))
    } catch (error) {
      setProgress(undefined)
      const signIn = error instanceof Response && error.headers.get('Location')
      if (signIn) navigate(signIn)
      else setFailure({ phase, error })
    }
  }

  async function ensureApp(settings: CreateApp | undefined, signal: AbortSignal) {
    if (!settings && app) return app
    if (!settings) throw new Error('There is no app to deploy')
    const saved = app ? await update(app, settings, signal) : await create(settings, signal)
    setApp(saved)
    return saved
  }

  function create(body: CreateApp, signal: AbortSignal) {
    createKey.current = keyFor(body, createKey.current)
    return call('POST /api/apps', { body }, { signal, headers: { 'Idempotency-Key': createKey.current.key } })
  }

  return { app, progress, failure, run, cancel: () => abort.current.abort() }
}

function update({ id }: App, { slug: _, replicas: _replicas, ...body }: CreateApp, signal: AbortSignal) {
  return call('PUT /api/apps/:appId', { params: { appId: id }, body }, { signal })
}
