import type { Store } from '../repositories/store.ts'
import type { AppViewDeps } from './app-view.ts'
import { wireApps } from './app-view.ts'
import type { StoppedPageService } from './stopped-page-service.ts'

export function createStoppedPageService(deps: AppViewDeps & { store: Store }): StoppedPageService {
  return {
    async stateOf(slug) {
      const row = await deps.store.apps.findBySlug(slug)
      if (!row || row.desiredState === 'deleted') return 'not-found'
      const [app] = await wireApps(deps, [{ ...row, right: 'view' }])
      if (app?.status === 'failed' || app?.status === 'crash-loop') return 'failed'
      return app?.status === 'stopped' || app?.status === 'draft' ? 'stopped' : 'starting'
    },
  }
}
