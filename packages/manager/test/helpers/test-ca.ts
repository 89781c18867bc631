import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface TestCertificate {
  caFile: string
  cert: string
  key: string
}

/** A CA of the test's own and one certificate for these names and addresses, valid for two days. */
export async function makeCertificate(dir: string, names: string[]): Promise<TestCertificate> {
  const file = (name: string) => join(dir, name)
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const alternatives = names.map((name) => `${isIP(name) ? 'IP' : 'DNS'}:${name}`).join(',')
  await writeFile(file('names'), `subjectAltName=${alternatives}\n`)
  const openssl = (...args: string[]) => run('openssl', args)
  await openssl(
    'req',
    '-x509',
    ...newKey,
    '-days',
    '2',
    '-subj',
    '/CN=test CA',
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
  )
  await openssl('req', ...newKey, '-subj', '/CN=test', '-keyout', file('key.pem'), '-out', file('csr.pem'))
  const signer = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial']
  await openssl(
    'x509',
    '-req',
    '-in',
    file('csr.pem'),
    ...signer,
    '-days',
    '2',
    '-out',
    file('cert.pem'),
    '-extfile',
    file('names'),
  )
  return {
    caFile: file('ca.pem'),
    cert: await readFile(file('cert.pem'), 'utf8'),
    key: await readFile(file('key.pem'), 'utf8'),
  }
}
