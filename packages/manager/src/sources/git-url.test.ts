import { describe, expect, it } from 'vitest'
import { isPublicAddress } from './address-guard.ts'
import { createGitSource } from './git.ts'
import { checkGitUrl } from './git-url.ts'

describe('an address that git may be given', () => {
  it.each([
    'https://github.com/example/model',
    'https://gitlab.com/group/sub-group/project.git',
    'https://git.example.org/~user/repo.git',
    'https://github.com/u/r.with.dots',
  ])('%s', (url) => {
    expect(checkGitUrl(url, [])).toMatchObject({ url, port: 443, isListed: false })
  })

  it('has another port only where an admin has listed it', () => {
    const url = 'https://git.test:8443/u/r'
    expect(checkGitUrl(url, ['git.test:8443'])).toMatchObject({ host: 'git.test', port: 8443, isListed: true })
    expect(checkGitUrl(url, ['git.test'])).toMatchObject({ isListed: true })
    expect(() => checkGitUrl(url, ['git.test:8444'])).toThrow('not allowed')
    expect(() => checkGitUrl('https://git.test:22/u/r', ['git.test'])).toThrow('not allowed')
  })
})

it.each([
  'http://github.com/u/r',
  'git://github.com/u/r',
  'git@github.com:u/r.git',
  'ssh://git@github.com/u/r',
  'file:///etc',
  '/etc',
  '../../repo',
  'EXT::sh -c id',
  '-c core.sshCommand=id',
  '--upload-pack=id',
  'https://github.com/u/r --upload-pack=x',
  'https://github.com/u/r\t',
  'https:///github.com/u/r',
  'https:/github.com/u/r',
  'https://',
  'https://x@127.0.0.1/u/r',
  'https://user:pw@github.com/u/r',
  'https://127.0.0.1/u/r',
  'https://localhost/u/r',
  'https://[::ffff:127.0.0.1]/u/r',
  'https://[fe80::1]/u/r',
  'https://2130706433/u/r',
  'https://0177.0.0.1/u/r',
  'https://10.0.0.1./u/r',
  'https://manager:3000/u/r',
  'https://github.com:22/u/r',
  'https://github.com:99999/u/r',
  'https://github.com/../../etc',
  'https://github.com/u/r#frag',
  'https://github.com/u/r?x=1',
  'https://github.com\\@evil.example/u/r',
])('refuses %s', (url) => {
  expect(() => checkGitUrl(url, [])).toThrow(expect.objectContaining({ name: 'SourceFailed' }))
})

it.each([
  ['93.184.216.34', true],
  ['2606:2800:220:1::1', true],
  ['0.0.0.0', false],
  ['10.1.2.3', false],
  ['100.64.0.1', false],
  ['127.0.0.1', false],
  ['169.254.169.254', false],
  ['172.31.255.255', false],
  ['172.32.0.1', true],
  ['192.168.1.1', false],
  ['198.18.0.1', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['::', false],
  ['::ffff:10.0.0.1', false],
  ['::ffff:93.184.216.34', false],
  ['64:ff9b::a00:1', false],
  ['fc00::1', false],
  ['fe80::1', false],
  ['fe80::1%eth0', false],
  ['2001:db8::1', false],
  ['2002:a00:1::', false],
  ['ff02::1', false],
  ['metadata', false],
])('is %s a public address? %s', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic)
})

describe('before any connection', () => {
  const never = new AbortController().signal
  const repoUrl = 'https://multi.test/u/r'
  const answering = (...addresses: string[]) => createGitSource({ allowedHosts: [], resolve: async () => addresses })

  it('refuses a host when one of its addresses is not public', async () => {
    const newest = answering('93.184.216.34', '169.254.169.254').newest({ repoUrl, branch: 'main' }, never)
    await expect(newest).rejects.toMatchObject({
      code: 'ssrf-blocked',
      message: 'multi.test has the address 169.254.169.254, which is not public.',
    })
  })

  it('refuses a host that has no address', async () => {
    await expect(answering().newest({ repoUrl }, never)).rejects.toMatchObject({ code: 'source-unreachable' })
  })

  it.each(['--upload-pack=touch p', 'a b', 'a..b', '@{u}', '-x', 'a~1', ''])(
    'refuses the branch %j',
    async (branch) => {
      const newest = answering('10.0.0.1').newest({ repoUrl, branch }, never)
      await expect(newest).rejects.toMatchObject({
        code: 'source-unreachable',
        message: expect.stringContaining('cannot be the name'),
      })
    },
  )
})
