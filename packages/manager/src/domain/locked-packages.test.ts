import { describe, expect, it } from 'vitest'
import { readManifest, readPakLock, readRenvLock } from './locked-packages.ts'

const plain = (name: string, version: string) => ({ name, version, source: '', checksum: '' })
const remote = {
  RemoteType: 'github',
  RemoteHost: 'api.github.com',
  RemoteUsername: 'r-lib',
  RemoteRepo: 'cli',
  RemoteRef: 'main',
  RemoteSha: 'abc123',
}
const fromGithub = {
  ...{ name: 'cli', version: '3.6.4.9000', source: '', checksum: '' },
  record: { Package: 'cli', Version: '3.6.4.9000', Source: 'GitHub', ...remote },
}

describe('renv.lock', () => {
  const read = (Packages: object, R: object = { Version: '4.4.1' }) => readRenvLock(JSON.stringify({ R, Packages }))

  it('is taken as it is, whatever its repository is called', () => {
    const mime = { Package: 'mime', Version: '0.12', Source: 'Repository', Repository: 'RSPM', Hash: '18e9c28c1d3ca1' }
    const cli = { Package: 'cli', Version: '3.6.4.9000', Source: 'GitHub', ...remote, Requirements: ['utils'] }
    expect(read({ mime, cli, renv: mime, Rserve: mime, utils: mime })).toEqual({
      packages: [fromGithub, plain('mime', '0.12')],
      refused: [],
      rVersion: '4.4.1',
    })
  })

  it.each([
    ['a folder', { Version: '1.0', Source: 'Local' }],
    ['any address', { Version: '1.0', Source: 'URL', RemoteUrl: 'https://x.test/a.tar.gz' }],
    ['no version', { Source: 'Repository' }],
    ['a version that is none', { Version: '1.0; rm', Source: 'Repository' }],
    ['a git host without a repository', { Version: '1.0', Source: 'GitHub' }],
    ['a repository that is none', { Version: '1.0', Source: 'GitHub', ...remote, RemoteRepo: 'a$(id)' }],
    ['nothing', null],
  ])('names a package from %s', (_, entry) => {
    expect(read({ good: entry })).toMatchObject({ packages: [], refused: ['good'] })
  })

  it('leaves out what no package can be called', () => {
    expect(read({ '../x': { Version: '1.0' }, '-e': { Version: '1.0' } })).toMatchObject({ packages: [], refused: [] })
  })

  it.each(['', '[]', '{"Packages":', '{"R":{}}', '{"Packages":[]}'])('is none: %s', (text) => {
    expect(readRenvLock(text)).toBeUndefined()
  })
})

it('reads the manifest of rsconnect', () => {
  const packages = {
    mime: { Source: 'CRAN', Repository: 'https://x.test', description: { Package: 'mime', Version: '0.12' } },
    cli: { Source: 'github', description: { Version: '3.6.4.9000', ...remote } },
  }
  expect(readManifest(JSON.stringify({ version: 1, platform: '4.3.2', packages }))).toEqual({
    packages: [fromGithub, plain('mime', '0.12')],
    refused: [],
    rVersion: '4.3.2',
  })
  expect(readManifest('{"name":"my web app","packages":{}}')).toBeUndefined()
})

it('reads the lock file of pak', () => {
  const packages = [
    { package: 'mime', version: '0.12', type: 'standard', ref: 'mime', metadata: { RemoteType: 'standard' } },
    { package: 'cli', version: '3.6.4.9000', type: 'github', metadata: remote },
    { package: 'mine', version: '1.0', type: 'local' },
  ]
  const lock = { lockfile_version: 1, r_version: 'R version 4.5.0 (2025-04-11)', packages }
  expect(readPakLock(JSON.stringify(lock))).toEqual({
    packages: [fromGithub, plain('mime', '0.12')],
    refused: ['mine'],
    rVersion: '4.5.0',
  })
})
