import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { settingsTable } from '../src/settings.ts'

it('documents every setting as it is', async () => {
  expect(await readFile(join(import.meta.dirname, '../README.md'), 'utf8')).toContain(settingsTable())
})

it('the page about security names tests that are there', async () => {
  const text = await readFile(join(import.meta.dirname, '../../../docs/security.md'), 'utf8')
  const named = new Set([...text.matchAll(/`([\w-]+\.test\.tsx?)`/g)].map(([, name = '']) => name))
  const there = new Set(
    (await readdir(join(import.meta.dirname, '../..'), { recursive: true })).map((file) => basename(file)),
  )
  expect(named.size).toBeGreaterThan(30)
  expect([...named].filter((name) => !there.has(name))).toEqual([])
})
