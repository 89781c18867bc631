import { reservedSlugs } from '@rserve-proxy/contract/reserved-slugs.ts'
import { describe, expect, it } from 'vitest'
import { auditFile, logAddress, paths, patterns, safeNext } from './paths.ts'

describe('paths', () => {
  it('are these', () => {
    expect({
      ...patterns,
      signIn: paths.signIn('/apps/1?a=b'),
      apps: paths.apps({ q: 'fore cast', show: 'serving' }),
      newApp: paths.newApp({ from: 'git' }),
      addressCheck: paths.addressCheck('hello'),
      app: paths.app('1'),
      appDeployments: paths.appDeployments('1', { cursor: 'abc' }),
      appLogs: paths.appLogs('1'),
      appSettings: paths.appSettings('1'),
      deployment: paths.deployment('1', '2'),
      users: paths.users({ q: 'ana' }),
      audit: paths.audit({ result: 'denied' }),
      auditFile: auditFile({ actor: 'ana' }),
      appReleases: paths.appReleases('1', { compare: '3' }),
      appSessions: paths.appSessions('1'),
      log: logAddress('1', { stream: 'build', follow: 'true' }),
    }).toMatchInlineSnapshot(`
      {
        "addressCheck": "/apps/new/address/hello",
        "app": "/apps/1",
        "appDeployments": "/apps/1/deployments?cursor=abc",
        "appLogs": "/apps/1/logs",
        "appReleases": "/apps/1/releases?compare=3",
        "appSessions": "/apps/1/sessions",
        "appSettings": "/apps/1/settings",
        "apps": "/apps?q=fore+cast&show=serving",
        "audit": "/audit?result=denied",
        "auditFile": "/api/audit?actor=ana&format=csv",
        "deployment": "/apps/1/deployments/2",
        "home": "/",
        "log": "/api/apps/1/logs?stream=build&follow=true",
        "newApp": "/apps/new?from=git",
        "profile": "/profile",
        "setUp": "/setup",
        "setUpChecks": "/setup/checks",
        "signIn": "/login?next=%2Fapps%2F1%3Fa%3Db",
        "signOut": "/logout",
        "system": "/system",
        "tokens": "/tokens",
        "users": "/users?q=ana",
      }
    `)
  })

  it('begin with a reserved word, so that no app can take them', () => {
    const taken: readonly string[] = reservedSlugs
    const strangers = Object.values(patterns).filter((pattern) => {
      const first = pattern.split('/')[1]
      return first && !taken.includes(first)
    })
    expect(strangers).toEqual([])
  })
})

describe('safeNext', () => {
  it('keeps a path of this origin', () => {
    expect(safeNext('/apps/1?tab=2#top', 'http://localhost')).toBe('/apps/1?tab=2#top')
  })

  it.each([
    '//evil.test',
    '/\\evil.test',
    'https://evil.test/x',
    'https:evil',
    'javascript:alert(1)',
    'apps',
    '',
    null,
  ])('ignores %s', (next) => {
    expect(safeNext(next, 'http://localhost')).toBe('/apps')
  })
})
