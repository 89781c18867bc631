import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hashTree } from './revision.ts'

const never = new AbortController().signal

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rsp-tree-'))
  await mkdir(join(dir, 'b'))
  await writeFile(join(dir, 'b/x.csv'), '1')
  await writeFile(join(dir, 'b.R'), 'x <- 1')
})
afterEach(() => rm(dir, { recursive: true, force: true }))

it('is one number for one tree, on every machine', async () => {
  expect(await hashTree(dir, never)).toEqual({
    hash: '93bc8700392a1baff122d6d1a365946bb2b610656846c333b173b2f80f10b496',
    files: 2,
    sizeBytes: 7,
  })
})

it('changes with content, name and executable bit, but not with other bits or empty folders', async () => {
  const { hash } = await hashTree(dir, never)
  await mkdir(join(dir, 'empty'))
  await chmod(join(dir, 'b.R'), 0o600)
  expect(await hashTree(dir, never)).toMatchObject({ hash })
  const hashes = new Set([hash])
  await chmod(join(dir, 'b.R'), 0o755)
  hashes.add((await hashTree(dir, never)).hash)
  await writeFile(join(dir, 'b.R'), 'x <- 2')
  hashes.add((await hashTree(dir, never)).hash)
  await writeFile(join(dir, 'c.R'), '')
  hashes.add((await hashTree(dir, never)).hash)
  expect(hashes.size).toBe(4)
})

it('refuses a link', async () => {
  await symlink('/etc/passwd', join(dir, 'link'))
  await expect(hashTree(dir, never)).rejects.toThrow('link is neither a file nor a folder')
})
