import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { zipOf } from '../../test/helpers/zip.ts'
import { unpackArchive } from './archive.ts'
import { spool } from './spool.ts'

const run = promisify(execFile)
const never = new AbortController().signal

let home = ''
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'rsp-spool-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const bytes = (length: number) => Readable.from([Buffer.alloc(length - 1), Buffer.alloc(1)])

describe('spool', () => {
  it('keeps a file of exactly the limit', async () => {
    const spooled = await spool(bytes(10), join(home, 'f'), { limitBytes: 10, signal: never })
    expect(spooled).toEqual({
      sizeBytes: 10,
      sha256: '01d448afd928065458cf670b60f5a594d735af0172c8d67f22a81680132681ca',
    })
    expect(await readFile(join(home, 'f'))).toHaveLength(10)
  })

  it('refuses one byte more and leaves nothing', async () => {
    const spooling = spool(bytes(11), join(home, 'f'), { limitBytes: 10, signal: never })
    await expect(spooling).rejects.toMatchObject({ code: 'too-large' })
    expect(await readdir(home)).toEqual([])
  })

  it('leaves nothing when the sender goes away', async () => {
    const sender = new PassThrough()
    const spooling = spool(sender, join(home, 'f'), { limitBytes: 10, signal: never })
    sender.write('half')
    sender.destroy(new Error('connection lost'))
    await expect(spooling).rejects.toThrow('connection lost')
    expect(await readdir(home)).toEqual([])
  })
})

describe.skipIf(process.getuid?.() !== 0)('on a full disk', () => {
  beforeEach(() => run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'rsp-test', home]))
  afterEach(() => run('umount', [home]))

  it('says so and leaves nothing', async () => {
    const spooling = spool(bytes(2 ** 20), join(home, 'f'), { limitBytes: 2 ** 21, signal: never })
    await expect(spooling).rejects.toMatchObject({ code: 'disk-full' })
    const archive = zipOf({ name: 'x', content: Buffer.alloc(2 ** 20) })
    await spool(Readable.from([archive]), join(home, 'upload'), { limitBytes: 2 ** 20, signal: never })
    const limits = { totalBytes: 2 ** 30, entries: 10, depth: 9, ratio: 1000 }
    const unpacking = unpackArchive(join(home, 'upload'), join(home, 'code'), { limits, signal: never })
    await expect(unpacking).rejects.toMatchObject({ code: 'disk-full' })
    expect(await readdir(home)).toEqual(['upload'])
  })
})
