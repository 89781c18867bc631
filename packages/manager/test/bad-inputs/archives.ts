import { deflateRawSync, gzipSync } from 'node:zlib'
import { archiveLimits } from '@rserve-proxy/contract/uploads.ts'
import { type Header, pack } from 'tar-stream'
import { type ZipEntry, zipOf, zipOfAll } from '../helpers/zip.ts'

/** What is sent for an `upload` case: the file, and what is odd about its form. */
export interface Upload {
  content: Buffer
  field?: string
  filename?: string
  contentType?: string
  /** The form ends before its final boundary. */
  isCut?: boolean
}

type TarEntry = Partial<Header> & { name: string; content?: string | Buffer }

const app: ZipEntry = { name: 'app.R', content: 'oc.init <- function() NULL\n' }
const link = 0o120777
const folder = 0o040755

const zip =
  (...entries: ZipEntry[]) =>
  async (): Promise<Upload> => ({ content: zipOf(app, ...entries) })
const tar =
  (...entries: TarEntry[]) =>
  async (): Promise<Upload> => ({ content: gzipSync(await tarOf({ name: 'app.R', content: '1' }, ...entries)) })
const form = (more: Partial<Upload>) => async (): Promise<Upload> => ({ content: zipOf(app), ...more })

/** By the description of a case, which is all that it says about its file. */
export const uploads: Record<string, () => Promise<Upload>> = {
  'application/json body': form({ contentType: 'application/json', content: Buffer.from('{"bundle":"x"}') }),
  'connection/body ends before final boundary': form({ isCut: true }),
  'exactly the limit': async () => ({ content: await tarOfSize(archiveLimits.archiveBytes) }),
  'file under another field name': form({ field: 'file' }),
  'field name __proto__': form({ field: '__proto__' }),
  'filename=""': form({ filename: '' }),
  'PNG bytes named app.zip': form({ content: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex') }),
  'zip bytes named app.tar.gz': form({ filename: 'app.tar.gz' }),
  '0-byte file': form({ content: Buffer.alloc(0) }),
  'tar.gz cut in half': async () => {
    const { content } = await tar({ name: 'data', content: randomText(10_000) })()
    return { content: content.subarray(0, content.length / 2) }
  },
  'password-protected zip': zip({ name: 'secret.R', content: 'x', flags: 1 }),
  'zip entry /etc/x.R': zip({ name: '/etc/x.R' }),
  'zip entry C:\\x.R': zip({ name: 'C:\\x.R' }),
  'zip entry app.R\\0.txt': zip({ name: 'app.R\0.txt' }),
  'zip symlink dir d -> /outside then d/x.R': zip({ name: 'd', content: '/outside', mode: link }, { name: 'd/x.R' }),
  'App.R and app.R': zip({ name: 'App.R', content: '2' }),
  '300 KB -> 300 MB deflate': zip({ name: 'zeros', content: Buffer.alloc(300 * 2 ** 20) }),
  'central directory says 1 KB, stream inflates to 5 GB': async () => ({ content: zipOf(app, lyingEntry()) }),
  '200 000 tiny entries': async () => ({
    content: zipOfAll([app, ...Array.from({ length: 200_000 }, (_, index) => ({ name: `f${index}` }))]),
  }),
  '2 000 nested directories': zip({ name: `${'d/'.repeat(2_000)}`, mode: folder }),
  'zip64 headers on small file': zip({ name: 'more.R', content: '1', zip64: true }),
  'legacy encoded name': zip({ name: Buffer.from([0x82, 0x2e, 0x52]), flags: 0 }),
  'self-extracting stub before PK': async () => ({ content: Buffer.concat([Buffer.from('MZ stub'), zipOf(app)]) }),
  'tar entry /etc/x.R': tar({ name: '/etc/x.R' }),
  'a/b/c/up -> ../.. ; escape -> c/up/../.. ; hardlink via it': tar(
    { name: 'a/b/c/up', type: 'symlink', linkname: '../..' },
    { name: 'escape', type: 'symlink', linkname: 'c/up/../..' },
    { name: 'out', type: 'link', linkname: 'escape/etc/passwd' },
  ),
  'tar hardlink -> ../secret': tar({ name: 'x.R', type: 'link', linkname: '../secret' }),
  'tar char device 1:3': tar({ name: 'null', type: 'character-device', devmajor: 1, devminor: 3 }),
  '134-byte tgz -> 200 GB sparse file': async () => ({ content: gzipSync(sparseTar(200 * 2 ** 30)) }),
  'pax header 1 GB': async () => ({
    content: gzipSync(Buffer.concat([rawHeader('pax', 'x', 2 ** 30), Buffer.alloc(2 ** 26)])),
  }),
  'app.tar.bz2': form({ filename: 'app.tar.bz2', content: Buffer.from('425a6839314159265359', 'hex') }),
  'evil.html': form({ filename: 'evil.html', content: Buffer.from('<script>alert(1)</script>') }),
  'concatenated gzip members': async () => {
    const whole = await tarOf({ name: 'app.R', content: 'x <- 1' })
    return { content: Buffer.concat([gzipSync(whole.subarray(0, 700)), gzipSync(whole.subarray(700))]) }
  },
  'normal zip with app.R': form({}),
}

export async function tarOf(...entries: TarEntry[]): Promise<Buffer> {
  const packed = pack()
  for (const { content, ...header } of entries) packed.entry(header, content ?? '')
  packed.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of packed) if (chunk instanceof Uint8Array) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Two headers, the script's block, and the end are four and a half kilobytes; the rest is one file. */
async function tarOfSize(bytes: number): Promise<Buffer> {
  const around = (await tarOf({ name: 'app.R', content: '1' }, { name: 'data', content: '' })).length
  return tarOf({ name: 'app.R', content: '1' }, { name: 'data', content: Buffer.alloc(bytes - around, 1) })
}

/** Of the size that its name tells only the beginning: what is refused is refused by then. */
function lyingEntry(): ZipEntry {
  return { name: 'zeros', content: Buffer.alloc(256 * 2 ** 20), declaredSize: 1024 }
}

function sparseTar(realSize: number): Buffer {
  const header = rawHeader('sparse', 'S', 512)
  header.write(`${realSize.toString(8).padStart(11, '0')}\0`, 483)
  return withChecksum(Buffer.concat([header, Buffer.alloc(512)]))
}

function rawHeader(name: string, typeflag: string, size: number): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  for (const [at, text] of [
    [100, '0000644\0'],
    [108, '0000000\0'],
    [116, '0000000\0'],
    [124, `${size.toString(8).padStart(11, '0')}\0`],
    [136, '00000000000\0'],
    [156, typeflag],
    [257, 'ustar  \0'],
  ] as const)
    header.write(text, at)
  return withChecksum(header)
}

function withChecksum(tarBytes: Buffer): Buffer {
  tarBytes.write('        ', 148)
  const sum = tarBytes.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  tarBytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return tarBytes
}

const randomText = (length: number) =>
  deflateRawSync(Buffer.from(Array.from({ length }, (_, index) => (index * 2_654_435_761) % 251))).toString('base64')
