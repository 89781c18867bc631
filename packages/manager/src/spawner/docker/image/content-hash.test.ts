import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { appImageHash, depsKey, requestHash } from './content-hash.ts'
import { commitChanges, dockerfiles } from './dockerfiles.ts'

const base = { imageId: 'sha256:base', architecture: 'amd64', instance: 'one' }
const mime = { name: 'mime', version: '0.12', source: 'http://cran/src/contrib', checksum: 'aa' }
const r6 = { name: 'R6', version: '2.6.1', source: 'http://cran/src/contrib', checksum: 'bb' }
const deps = { packages: [mime, r6], systemPackages: ['libxml2'], privateTo: undefined }

it('builds from constant text', () => {
  const text = createHash('sha256')
    .update(JSON.stringify([dockerfiles, commitChanges]))
    .digest('hex')
  expect(text).toBe('2f532b544272a966f756ae8a8762c38f68048313dfd8d71b1b253ab8e463d255')
})

describe('the key of shared packages', () => {
  it('does not depend on order or repetition', () => {
    const other = { ...deps, packages: [r6, mime], systemPackages: ['libxml2', 'libxml2'] }
    expect(depsKey(base, other)).toBe(depsKey(base, deps))
  })

  it.each([
    ['base', { ...base, imageId: 'sha256:other' }, deps],
    ['architecture', { ...base, architecture: 'arm64' }, deps],
    ['installation', { ...base, instance: 'two' }, deps],
    ['version', base, { ...deps, packages: [mime, { ...r6, version: '2.6.2' }] }],
    ['checksum', base, { ...deps, packages: [mime, { ...r6, checksum: 'cc' }] }],
    ['source', base, { ...deps, packages: [mime, { ...r6, source: 'http://other' }] }],
    ['system packages', base, { ...deps, systemPackages: [] }],
    ['owner of a private cache', base, { ...deps, privateTo: 'owner' }],
  ])('changes with the %s', (_, otherBase, otherDeps) => {
    expect(depsKey(otherBase, otherDeps)).not.toBe(depsKey(base, deps))
  })
})

it('asks again when another repository, R version or list asks', () => {
  const asked = {
    repository: 'http://cran',
    rVersion: '4.5.0',
    locked: [r6],
    references: ['mime', 'cli'],
    mentioned: [],
  }
  expect(requestHash({ ...asked, references: ['cli', 'mime', 'cli'] })).toBe(requestHash(asked))
  const others = [
    { repository: 'http://other' },
    { rVersion: '4.4.1' },
    { locked: [mime] },
    { references: ['mime'] },
    { mentioned: ['cli'] },
  ]
  const hashes = others.map((other) => requestHash({ ...asked, ...other }))
  expect(new Set([requestHash(asked), ...hashes]).size).toBe(6)
})

it('gives an app its own image for each revision, entry script and set of packages', () => {
  const app = { depsKey: undefined, appId: 'a', revisionHash: 'r', entryScript: 'app.R' }
  const others = [{ depsKey: 'k' }, { appId: 'b' }, { revisionHash: 's' }, { entryScript: 'main.R' }]
  const hashes = [app, ...others.map((other) => ({ ...app, ...other }))].map((image) => appImageHash(base, image))
  expect(new Set(hashes).size).toBe(5)
  expect(hashes[0]).toMatch(/^[0-9a-f]{12}$/)
})
