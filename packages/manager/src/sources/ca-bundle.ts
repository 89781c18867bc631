import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'

export interface CaBundle {
  pem: string
  file: string
}

/** The public authorities and those of `extraFile`: git takes one file, and one that replaces the public ones. */
export async function makeCaBundle(extraFile: string): Promise<CaBundle> {
  const pem = [...rootCertificates, await readFile(extraFile, 'utf8')].join('\n')
  const file = join(await mkdtemp(join(tmpdir(), 'rsp-ca-')), 'bundle.pem')
  await writeFile(file, pem, { mode: 0o600, flag: 'wx' })
  return { pem, file }
}
