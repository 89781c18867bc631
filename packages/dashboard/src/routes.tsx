import { Outlet, type RouteObject, redirect } from 'react-router-dom'
import { patterns } from './paths.ts'
import { Skeleton } from './ui/skeleton.tsx'

const notFound = async () => {
  const { NotFound } = await import('./pages/errors/load-error.tsx')
  return { Component: NotFound }
}
const loadError = async () => {
  const { LoadError } = await import('./pages/errors/load-error.tsx')
  return { ErrorBoundary: LoadError }
}

const appChildren: RouteObject[] = [
  {
    index: true,
    lazy: async () => {
      const { loader, OverviewPage } = await import('./pages/app/overview-page.tsx')
      return { loader, Component: OverviewPage }
    },
  },
  {
    path: patterns.appDeployments,
    lazy: async () => {
      const { loader, DeploymentsPage } = await import('./pages/app/deployments-page.tsx')
      return { loader, Component: DeploymentsPage }
    },
  },
  {
    path: patterns.appReleases,
    lazy: async () => {
      const { loader, ReleasesPage } = await import('./pages/app/releases-page.tsx')
      return { loader, Component: ReleasesPage }
    },
  },
  {
    path: patterns.appSessions,
    lazy: async () => {
      const { loader, SessionsPage } = await import('./pages/app/sessions-page.tsx')
      return { loader, Component: SessionsPage }
    },
  },
  {
    path: patterns.appLogs,
    lazy: async () => {
      const { LogsPage } = await import('./pages/app/logs-page.tsx')
      return { Component: LogsPage }
    },
  },
  {
    path: patterns.appSettings,
    lazy: async () => {
      const { loader, action, SettingsPage } = await import('./pages/app/settings-page.tsx')
      return { loader, action, Component: SettingsPage }
    },
  },
]

const signedIn: RouteObject[] = [
  {
    path: patterns.apps,
    lazy: async () => {
      const { loader, AppsPage } = await import('./pages/apps/apps-page.tsx')
      return { loader, Component: AppsPage }
    },
  },
  {
    path: patterns.newApp,
    lazy: async () => {
      const { loader, NewAppPage } = await import('./pages/apps/new-app-page.tsx')
      return { loader, Component: NewAppPage }
    },
  },
  {
    path: patterns.addressCheck,
    lazy: async () => {
      const [{ loader }, page] = await Promise.all([import('./forms/address-check.ts'), notFound()])
      return { loader, ...page }
    },
  },
  {
    path: patterns.deployment,
    lazy: async () => {
      const { loader, action, DeploymentPage } = await import('./pages/deployment/deployment-page.tsx')
      return { loader, action, Component: DeploymentPage }
    },
  },
  {
    id: 'app',
    path: patterns.app,
    lazy: async () => {
      const { loader, action, AppLayout } = await import('./layouts/app-layout.tsx')
      return { loader, action, Component: AppLayout }
    },
    children: [{ lazy: loadError, children: appChildren }],
  },
  {
    path: patterns.tokens,
    lazy: async () => {
      const { loader, TokensPage } = await import('./pages/tokens/tokens-page.tsx')
      return { loader, Component: TokensPage }
    },
  },
  {
    path: patterns.profile,
    lazy: async () => {
      const { loader, ProfilePage } = await import('./pages/profile/profile-page.tsx')
      return { loader, Component: ProfilePage }
    },
  },
  {
    path: patterns.users,
    lazy: async () => {
      const { loader, UsersPage } = await import('./pages/users/users-page.tsx')
      return { loader, Component: UsersPage }
    },
  },
  {
    path: patterns.system,
    lazy: async () => {
      const { loader, SystemPage } = await import('./pages/system/system-page.tsx')
      return { loader, Component: SystemPage }
    },
  },
  {
    path: patterns.audit,
    lazy: async () => {
      const { loader, AuditPage } = await import('./pages/audit/audit-page.tsx')
      return { loader, Component: AuditPage }
    },
  },
  { path: '*', lazy: notFound },
]

/** The whole tree of pages; each is loaded when it is visited. */
export const routes: RouteObject[] = [
  {
    Component: Outlet,
    HydrateFallback: Skeleton,
    children: [
      { path: patterns.home, loader: () => redirect(patterns.apps) },
      {
        path: patterns.signIn,
        lazy: async () => {
          const { loader, action, SignInPage } = await import('./pages/account/sign-in-page.tsx')
          return { loader, action, Component: SignInPage }
        },
      },
      {
        path: patterns.setUp,
        lazy: async () => {
          const { loader, action, SetUpPage } = await import('./pages/account/set-up-page.tsx')
          return { loader, action, Component: SetUpPage }
        },
      },
      {
        path: patterns.setUpChecks,
        lazy: async () => {
          const { loader, SetUpChecksPage } = await import('./pages/account/set-up-checks-page.tsx')
          return { loader, Component: SetUpChecksPage }
        },
      },
      {
        path: patterns.signOut,
        loader: () => redirect(patterns.apps),
        lazy: async () => {
          const { action } = await import('./pages/account/sign-out.ts')
          return { action }
        },
      },
      {
        id: 'shell',
        lazy: async () => {
          const { loader, Shell, ShellError } = await import('./layouts/shell.tsx')
          return { loader, Component: Shell, ErrorBoundary: ShellError }
        },
        children: [{ lazy: loadError, children: signedIn }],
      },
    ],
  },
]
