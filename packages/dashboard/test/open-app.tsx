import type { App } from '@rserve-proxy/contract/apps.ts'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { screen } from '@testing-library/react'
import type { FakeApi } from './fake-api.ts'
import { app, deployment, ids, page, release, steps } from './fixtures.ts'
import { renderPage, signedInApi } from './render-page.tsx'

export const pending = deployment({ status: 'building', release: 13, steps: steps('build') })

/** The page of an app, or one of its tabs, with what its layout asks for. */
export function openApp(given: App, tab = '', deployments = given.deployment ? [given.deployment] : []) {
  const api = signedInApi()
    .on('GET /api/apps/:appId', () => given)
    .on('GET /api/apps/:appId/releases/:number', () => release())
    .on('GET /api/apps/:appId/deployments', () => page(deployments))
    .on('GET /api/apps/:appId/deployments/:deploymentId', () => pending)
    .on('GET /api/apps', () => page([]))
    .on('GET /api/apps/:appId/releases/:number/diff/:other', () => {
      throw new Problem('release-not-found')
    })
    .on('GET /api/apps/:appId/functions', () => ({ release: 12, functions: null }))
  return { api, ...renderPage(`/apps/${ids.app}${tab}`) }
}

export function takesDeploy(api: FakeApi) {
  api.on('POST /api/apps/:appId/deploy', () => pending).on('GET /api/apps/:appId', () => app({ deployment: pending }))
}

export const verb = (name: string) => screen.getByRole('button', { name })
