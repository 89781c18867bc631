import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { entryOf } from './entry-of.ts'

it('follows no link, finds nothing where nothing is, and throws what else the disk says', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'rsp-entry-'))
  await writeFile(join(dir, 'file'), '')
  await symlink('file', join(dir, 'link'))
  expect((await entryOf(join(dir, 'file')))?.isFile()).toBe(true)
  expect((await entryOf(join(dir, 'link')))?.isFile()).toBe(false)
  expect(await entryOf(join(dir, 'missing'))).toBeUndefined()
  expect(await entryOf(join(dir, 'file/below'))).toBeUndefined()
  await expect(entryOf(join(dir, 'x'.repeat(300)))).rejects.toThrow('ENAMETOOLONG')
  await rm(dir, { recursive: true })
})
