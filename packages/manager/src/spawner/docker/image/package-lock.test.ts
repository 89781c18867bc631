import { expect, it } from 'vitest'
import { parseInstalled, parseLock } from './package-lock.ts'

it('reads what resolve.R wrote', () => {
  const entry = { name: 'R6', version: '2.6.1', source: 'http://cran', checksum: 'aa' }
  const text = JSON.stringify({ resolver: 'pak', packages: [entry], systemPackages: ['libxml2-dev', '-y', '$(id)'] })
  expect(parseLock(text)).toEqual({ resolver: 'pak', packages: [entry], systemPackages: ['libxml2-dev'] })
})

it('refuses what is something else', () => {
  expect(() => parseLock('3')).toThrow('unreadable')
  expect(() => parseLock(JSON.stringify({ packages: [{ name: 'R6' }] }))).toThrow('unreadable')
  expect(() => parseInstalled('[{"name":1}]')).toThrow('unreadable')
})
