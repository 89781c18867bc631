import { expect, it } from 'vitest'
import { parseResolution } from './resolution.ts'

it('reads what resolve.R wrote', () => {
  const entry = { name: 'R6', version: '2.6.1', source: 'http://cran', checksum: 'aa' }
  const answer = { resolver: 'pak', repository: 'http://cran', packages: [entry] }
  const text = JSON.stringify({ ...answer, systemPackages: ['libxml2-dev', '-y', '$(id)'] })
  expect(parseResolution(text)).toEqual({ ...answer, systemPackages: ['libxml2-dev'] })
})

it('refuses what is something else', () => {
  expect(() => parseResolution('3')).toThrow('unreadable')
  expect(() => parseResolution(JSON.stringify({ repository: '', packages: [{ name: 'R6' }] }))).toThrow('unreadable')
})
