import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { archiveLimits } from '@rserve-proxy/contract/uploads.ts'
import { type Header, pack } from 'tar-stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { zipOf } from '../../test/helpers/zip.ts'
import { unpackArchive } from './archive.ts'

let home = ''
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'rsp-archive-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

type TarEntry = Partial<Header> & { name: string; content?: string }

async function tarOf(...entries: TarEntry[]): Promise<Buffer> {
  const packed = pack()
  for (const { content, ...header } of entries) packed.entry(header, content ?? '')
  packed.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of packed) if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

async function unpack(archive: Buffer, limits = {}, signal = new AbortController().signal): Promise<string> {
  const dir = join(home, 'code')
  await writeFile(join(home, 'upload'), archive)
  await unpackArchive(join(home, 'upload'), dir, { limits: { ...archiveLimits, ...limits }, signal })
  return dir
}

async function tree(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort()
}

async function expectRefused(archive: Buffer, code: string, limits = {}) {
  await expect(unpack(archive, limits)).rejects.toMatchObject({ name: 'Problem', code })
  expect(await readdir(home)).toEqual(['upload'])
}

/** A header block as GNU tar writes it for a kind that tar-stream cannot write; the body is `blocks` of zeros. */
function rawTar(name: string, typeflag: string, size: number, body = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write('        ', 148)
  header.write(typeflag, 156)
  header.write('ustar  \0', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)])
}

describe('a good archive', () => {
  it.each([
    ['zip', async () => zipOf({ name: 'app.R', content: 'x <- 1' })],
    ['tar', () => tarOf({ name: 'app.R', content: 'x <- 1' })],
    ['tar.gz', async () => gzipSync(await tarOf({ name: 'app.R', content: 'x <- 1' }))],
    ['zip64', async () => zipOf({ name: 'app.R', content: 'x <- 1', zip64: true })],
    [
      'tar.gz of several members',
      async () => {
        const tar = await tarOf({ name: 'app.R', content: 'x <- 1' })
        return Buffer.concat([gzipSync(tar.subarray(0, 700)), gzipSync(tar.subarray(700))])
      },
    ],
    ['tar of a folder itself', () => tarOf({ name: './', type: 'directory' }, { name: './app.R', content: 'x <- 1' })],
  ])('is unpacked: %s', async (_, archive) => {
    const dir = await unpack(await archive())
    expect(await tree(dir)).toEqual(['app.R'])
    expect(await readFile(join(dir, 'app.R'), 'utf8')).toBe('x <- 1')
    expect(await readdir(home)).toEqual(['code', 'upload'])
  })

  it('loses one common root and the files that tools leave behind', async () => {
    const files = ['app.R', 'data/a.csv', '.DS_Store', 'data/.DS_Store', '.git/config', '.Rprofile']
    const archive = zipOf(...files.map((name) => ({ name: `demo/${name}`, content: name })), {
      name: '__MACOSX/demo/._app.R',
      content: 'x',
    })
    expect(await tree(await unpack(archive))).toEqual(['.Rprofile', 'app.R', 'data/a.csv'])
  })

  it('has modes 0644 and 0755, whatever it says', async () => {
    const dir = await unpack(
      await tarOf({ name: 'run.sh', mode: 0o6777, content: '#' }, { name: 'secret', mode: 0o600, content: 's' }),
    )
    const modes = await Promise.all(
      ['run.sh', 'secret'].map(async (name) => (await stat(join(dir, name))).mode & 0o7777),
    )
    expect(modes).toEqual([0o755, 0o644])
  })

  it('may hold names that differ in case, and names in code page 437', async () => {
    const dir = await unpack(
      zipOf(
        { name: 'App.R', content: '1' },
        { name: 'app.R', content: '2' },
        { name: Buffer.from([0x82, 0x2e, 0x52]), flags: 0 },
      ),
    )
    expect(await tree(dir)).toEqual(['App.R', 'app.R', 'é.R'])
  })
})

describe('an unsafe archive', () => {
  const regular = 0o100644
  it.each([
    ['absolute', '/etc/x.R'],
    ['drive letter', 'C:\\x.R'],
    ['drive letter with slash', 'C:/x.R'],
    ['parent', '../x.R'],
    ['parent inside', 'a/../../x.R'],
    ['backslash', 'a\\..\\x.R'],
    ['NUL', 'app.R\0.txt'],
    ['control character', 'a\nb.R'],
    ['empty part', 'a//b.R'],
    ['own folder', 'a/./b.R'],
    ['long part', `${'a'.repeat(256)}.R`],
    ['deep', `${'d/'.repeat(33)}x.R`],
    ['no name', ''],
  ])('is refused in a zip: %s', (_, name) =>
    expectRefused(zipOf({ name: 'app.R' }, { name, mode: regular }), 'unsafe-archive'),
  )

  it.each([['/etc/x.R'], ['../x.R'], ['a/../../x.R'], ['C:/x.R']])('is refused in a tar: %s', async (name) => {
    await expectRefused(await tarOf({ name: 'app.R', content: 'x' }, { name, content: 'y' }), 'unsafe-archive')
  })

  it.each([
    ['symlink', { name: 'd', type: 'symlink', linkname: '/outside' }],
    ['hard link', { name: 'd', type: 'link', linkname: '../secret' }],
    ['character device', { name: 'd', type: 'character-device', devmajor: 1, devminor: 3 }],
    ['block device', { name: 'd', type: 'block-device' }],
    ['FIFO', { name: 'd', type: 'fifo' }],
  ] as const)('is refused in a tar: %s', async (_, header) => {
    await expectRefused(await tarOf({ name: 'app.R', content: 'x' }, header), 'unsafe-archive')
  })

  it.each([
    ['a link', { name: 'd', mode: 0o120777, content: '/outside' }],
    ['a device', { name: 'd', mode: 0o020666 }],
    ['a FIFO', { name: 'd', mode: 0o010666 }],
    ['an encrypted file', { name: 'x.R', flags: 1 }],
  ])('is refused in a zip: %s', (_, entry) => expectRefused(zipOf({ name: 'app.R' }, entry), 'unsafe-archive'))

  it('is refused when a name appears twice, also in another normal form', async () => {
    await expectRefused(zipOf({ name: 'a.R' }, { name: 'a.R' }), 'unsafe-archive')
    await expectRefused(zipOf({ name: 'é.R'.normalize('NFC') }, { name: 'é.R'.normalize('NFD') }), 'unsafe-archive')
    await expectRefused(zipOf({ name: 'a' }, { name: 'a/b.R' }), 'unsafe-archive')
  })
})

describe('an archive that is too large', () => {
  it('stops at the ratio', () => expectRefused(zipOf({ name: 'x', content: Buffer.alloc(40 * 2 ** 20) }), 'too-large'))
  it('stops at the ratio in a tar.gz', async () =>
    expectRefused(gzipSync(await tarOf({ name: 'x', content: '0'.repeat(40 * 2 ** 20) })), 'too-large'))
  it('stops at the total', () =>
    expectRefused(zipOf({ name: 'x', content: Buffer.alloc(3000) }), 'too-large', { totalBytes: 2000 }))
  it('stops when a size is a lie', () =>
    expectRefused(zipOf({ name: 'x', content: Buffer.alloc(9000), declaredSize: 1000 }), 'too-large'))
  it('stops at the number of entries', async () => {
    const names = Array.from({ length: 30 }, (_, index) => ({ name: `f${index}`, content: '' }))
    await expectRefused(zipOf(...names), 'too-large', { entries: 29 })
    await expectRefused(await tarOf(...names), 'too-large', { entries: 29 })
    await expectRefused(await tarOf({ name: 'a/b/c/d', content: '' }), 'too-large', { entries: 3 })
  })
  it('is what a sparse file makes of it', async () => {
    await expectRefused(gzipSync(rawTar('x', 'S', 0)), 'too-large')
    const pax = pack()
    pax.entry({ name: 'x', pax: { 'GNU.sparse.major': '1', 'GNU.sparse.realsize': '200000000000' } }, 'x')
    pax.finalize()
    const chunks: Buffer[] = []
    for await (const chunk of pax) if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk))
    await expectRefused(Buffer.concat(chunks), 'too-large')
  })
  it('is a header of a gigabyte', () => expectRefused(rawTar('x', 'x', 2 ** 30), 'too-large'))
})

describe('a file that is no archive', () => {
  it.each([
    ['empty', Buffer.alloc(0), 'not-an-archive'],
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'unsupported-media-type'],
    ['bzip2', Buffer.from('BZh91AY&SY'), 'unsupported-media-type'],
    ['a page', Buffer.from('<!doctype html><script>1</script>'), 'unsupported-media-type'],
    ['a program before a zip', Buffer.concat([Buffer.from('#!/bin/sh\n'), zipOf({ name: 'app.R' })]), 'not-an-archive'],
    ['half a zip', zipOf({ name: 'app.R', content: 'x' }).subarray(0, 40), 'not-an-archive'],
    ['a zip with damage', zipOf({ name: 'app.R', content: 'x', damaged: true }), 'not-an-archive'],
    ['an empty zip', zipOf(), 'not-an-archive'],
    ['gzip of something else', gzipSync('hello'), 'not-an-archive'],
  ])('is refused: %s', (_, archive, code) => expectRefused(archive, code))

  it('is refused when it is cut', async () => {
    const tar = await tarOf({ name: 'app.R', content: 'x'.repeat(5000) })
    await expectRefused(tar.subarray(0, 3000), 'not-an-archive')
    const packed = gzipSync(await tarOf({ name: 'app.R', content: Array.from({ length: 900 }, Math.random).join() }))
    await expectRefused(packed.subarray(0, packed.length / 2), 'not-an-archive')
  })
})

it('leaves nothing when it is aborted', async () => {
  const aborting = new AbortController()
  aborting.abort(new Error('gone'))
  await expect(unpack(zipOf({ name: 'app.R', content: 'x' }), {}, aborting.signal)).rejects.toThrow('gone')
  await expect(unpack(await tarOf({ name: 'app.R', content: 'x' }), {}, aborting.signal)).rejects.toThrow('gone')
  expect(await readdir(home)).toEqual(['upload'])
})
