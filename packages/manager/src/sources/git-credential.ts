import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface GitCredential {
  username: string
  secret: string
}

/**
 * Runs `use` with a file of git settings that only we can read. In it the header stands for one host alone: neither the
 * argument list of a process nor an address ever holds the secret, and a redirect to another host does not get it.
 */
export async function withCredentialFile<T>(
  repoUrl: string,
  credential: GitCredential | undefined,
  use: (configFile: string | undefined) => Promise<T>,
): Promise<T> {
  if (!credential) return use(undefined)
  const folder = await mkdtemp(join(tmpdir(), 'rsp-git-config-'))
  try {
    const file = join(folder, 'config')
    await writeFile(file, settingsFor(new URL(repoUrl).origin, credential), { mode: 0o600 })
    return await use(file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const settingsFor = (origin: string, credential: GitCredential) =>
  `[http "${origin}/"]\n\textraHeader = Authorization: Basic ${basicOf(credential)}\n`

const basicOf = ({ username, secret }: GitCredential) => Buffer.from(`${username}:${secret}`).toString('base64')

/** Everything that gives the secret away, to be kept out of logs. */
export const secretsOf = (credential: GitCredential) => [credential.secret, basicOf(credential)]
