import { expect, it } from 'vitest'
import { referencesOfDescription } from './declared-packages.ts'
import { packageRequest } from './package-request.ts'
import { systemPackagesOf } from './system-packages.ts'

const locked = (name: string) => ({ name, version: '1.0', source: '', checksum: '' })

it('takes a lock file as it is, and what the owner lists beside it', () => {
  const found = { packages: [locked('R6'), locked('mime')], references: [], mentioned: [] }
  expect(packageRequest(found, ['mime', 'digest', 'stats'])).toEqual({
    locked: found.packages,
    references: ['digest'],
    mentioned: [],
  })
})

it('lets the owner say more than a name', () => {
  const found = { packages: [locked('R6'), locked('cli')], references: [], mentioned: [] }
  expect(packageRequest(found, ['r-lib/cli@main'])).toEqual({
    locked: [locked('R6')],
    references: ['r-lib/cli@main'],
    mentioned: [],
  })
})

it('asks once for what is listed, declared and named by the code', () => {
  const found = { packages: [], references: ['mime@>=0.1', 'R6'], mentioned: ['mime', 'cli'] }
  expect(packageRequest(found, ['any::mime'])).toEqual({
    locked: [],
    references: ['any::mime', 'R6'],
    mentioned: ['cli'],
  })
})

it('reads bounds and remotes of a DESCRIPTION', () => {
  const text = `Package: x
Depends: R (>= 4.1), methods
Imports: mime (>= 0.12),
    R6, cli, odd (== 1)
LinkingTo: cpp11
Suggests: testthat
Remotes: r-lib/cli@main, url::https://x.test/a.tar.gz, local::../x,
  any=github::owner/other
`
  expect(referencesOfDescription(text)).toEqual([
    'R6',
    'cpp11',
    'github::owner/other',
    'mime@>=0.12',
    'odd',
    'r-lib/cli@main',
  ])
})

it('reads apt.txt', () => {
  expect(systemPackagesOf('# for sf\nlibudunits2-dev\r\n\n  libgdal-dev # maps\n')).toEqual({
    names: ['libudunits2-dev', 'libgdal-dev'],
  })
  expect(systemPackagesOf('file\n-o Dpkg::x=1\n')).toEqual({ names: [], wrong: { line: 2, text: '-o Dpkg::x=1' } })
})
