import type { Page } from 'playwright-core'
import { paths } from '../../src/paths.ts'
import type { Seeded } from './seed.ts'

export interface Screen {
  name: string
  path: string
  /** Of its state: without this text it is another screen. */
  shows?: string | RegExp
  /** Brings it into its state. */
  act?: (page: Page) => Promise<void>
  isSignedOut?: true
  /** Of an installation without users. */
  isNew?: true
  isEngineDown?: true
}

const click =
  (name: string | RegExp, role: 'button' | 'menuitem' | 'link' = 'button') =>
  (page: Page) =>
    page.getByRole(role, { name }).first().click()

/** Every screen, and the dialogs and states that a click brings. */
export function screensOf({ apps, deployments }: Seeded): Screen[] {
  const app = (slug: string) => apps[slug] ?? ''
  const deployment = (slug: string) => paths.deployment(app(slug), deployments[slug] ?? '')
  return [
    { name: 'set-up', path: '/setup#the-token', isSignedOut: true, isNew: true },
    { name: 'set-up-checks', path: paths.setUpChecks() },
    { name: 'sign-in-new', path: '/login', isSignedOut: true, isNew: true },
    { name: 'sign-in', path: '/login', isSignedOut: true },
    { name: 'apps', path: paths.apps() },
    { name: 'apps-engine-down', path: paths.apps(), isEngineDown: true },
    { name: 'apps-filtered', path: paths.apps({ q: 'nothing-like-it' }) },
    { name: 'apps-row-menu', path: paths.apps(), act: click('More for forecast-api') },
    { name: 'new-app-upload', path: paths.newApp() },
    { name: 'new-app-git', path: paths.newApp({ from: 'git' }) },
    { name: 'new-app-sample', path: paths.newApp({ from: 'sample' }) },
    { name: 'app-running', path: paths.app(app('forecast-api')) },
    { name: 'app-failed-deploy', path: paths.app(app('clinical-report')), shows: 'v2 failed, v1 keeps serving' },
    { name: 'app-crash-loop', path: paths.app(app('churn-scoring')), shows: /Keeps crashing|It crashed/ },
    { name: 'app-degraded', path: paths.app(app('survey-weights')), shows: '2 of 3 replicas healthy' },
    { name: 'app-stopped', path: paths.app(app('weather-grid')) },
    { name: 'app-draft', path: paths.app(app('hello-r')) },
    { name: 'app-deploying', path: paths.app(app('price-elasticity')), shows: 'Deploying v2' },
    { name: 'app-deployments', path: paths.appDeployments(app('forecast-api')) },
    { name: 'app-logs', path: paths.appLogs(app('forecast-api')) },
    { name: 'app-releases', path: paths.appReleases(app('forecast-api'), { compare: '1' }) },
    {
      name: 'app-roll-back',
      path: paths.appReleases(app('forecast-api')),
      async act(page) {
        await click('Roll back to v1')(page)
        await page.getByRole('dialog').waitFor()
      },
    },
    { name: 'app-sessions', path: paths.appSessions(app('forecast-api')) },
    { name: 'app-no-sessions', path: paths.appSessions(app('weather-grid')) },
    { name: 'app-settings', path: paths.appSettings(app('forecast-api')) },
    {
      name: 'app-delete',
      path: paths.app(app('forecast-api')),
      async act(page) {
        await click('More verbs')(page)
        await click('Delete', 'menuitem')(page)
        await page.getByRole('dialog').waitFor()
      },
    },
    { name: 'deployment-running', path: deployment('price-elasticity'), shows: 'Deploying v2' },
    { name: 'deployment-failed', path: deployment('clinical-report'), shows: 'Add sf to packages, and deploy' },
    { name: 'deployment-live', path: deployment('forecast-api') },
    {
      name: 'palette',
      path: paths.app(app('forecast-api')),
      async act(page) {
        await page.keyboard.press('Control+k')
        await page.getByRole('combobox', { name: 'Search or jump to' }).waitFor()
      },
    },
    {
      name: 'keys',
      path: paths.apps(),
      async act(page) {
        await page.keyboard.press('?')
        await page.getByRole('dialog').waitFor()
      },
    },
    { name: 'tokens', path: paths.tokens() },
    { name: 'token-new', path: paths.tokens(), act: click('New token') },
    { name: 'profile', path: paths.profile() },
    { name: 'users', path: paths.users() },
    { name: 'user-new', path: paths.users(), act: click('New user') },
    { name: 'system', path: paths.system() },
    { name: 'audit', path: paths.audit() },
    { name: 'not-found', path: '/apps/00000000-0000-4000-8000-000000000000' },
  ]
}
