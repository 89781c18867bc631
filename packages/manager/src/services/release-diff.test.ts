import { expect, it } from 'vitest'
import { type DiffedRelease, releaseDiff } from './release-diff.ts'

const revision = (hash: string) => ({ hash, label: `code ${hash}`, commit: null, files: 1 })
const first: DiffedRelease = {
  number: 1,
  revision: revision('a'),
  packages: [
    { name: 'digest', version: '0.6.37' },
    { name: 'jsonlite', version: '1.8.0' },
    { name: 'vctrs', version: '0.6.5' },
  ],
  imageId: 'sha256:a',
  settings: { drainSeconds: 600, resources: { cpus: 1 }, packages: ['digest'] },
}

it('finds nothing between a release and itself', () => {
  const nothing = { from: 1, to: 1, revision: null, packages: [], image: null, settings: [] }
  expect(releaseDiff(first, structuredClone(first))).toEqual(nothing)
})

it('tells what is added, removed and changed, by name', () => {
  const second: DiffedRelease = {
    number: 4,
    revision: revision('b'),
    packages: [
      { name: 'cli', version: '3.6.3' },
      { name: 'vctrs', version: '0.6.5' },
      { name: 'jsonlite', version: '2.0.0' },
    ],
    imageId: 'sha256:b',
    settings: { drainSeconds: 600, resources: { cpus: 2 }, packages: ['digest'], egress: 'none' },
  }
  expect(releaseDiff(first, second)).toEqual({
    from: 1,
    to: 4,
    revision: { from: revision('a'), to: revision('b') },
    packages: [
      { name: 'cli', from: null, to: '3.6.3' },
      { name: 'digest', from: '0.6.37', to: null },
      { name: 'jsonlite', from: '1.8.0', to: '2.0.0' },
    ],
    image: { from: 'sha256:a', to: 'sha256:b' },
    settings: [
      { name: 'egress', from: null, to: 'none' },
      { name: 'resources', from: { cpus: 1 }, to: { cpus: 2 } },
    ],
  })
})
