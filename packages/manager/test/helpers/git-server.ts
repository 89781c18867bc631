import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { answerByGit } from './git-http-backend.ts'
import { makeCertificate } from './test-ca.ts'

const run = promisify(execFile)

export interface GitServerOptions {
  /** Address to listen on; a bridge's own when containers must reach it. */
  address?: string
  port?: number
  /** Names and addresses that the certificate is good for; the first one is used in addresses. */
  names?: string[]
  /** Answers before git does; true = answered. */
  intercept?: (request: IncomingMessage, response: ServerResponse) => boolean
}

export interface GitServer extends AsyncDisposable {
  port: number
  caFile: string
  /** `https://git.test:PORT/NAME.git` */
  url(repository: string): string
  /** Makes the folder's content the next commit of a branch, and the repository if there is none; answers the commit. */
  commit(repository: string, folder: string, options?: { branch?: string; tag?: string }): Promise<string>
  /** Runs git in a clone's work tree and pushes what it has done. */
  inClone(repository: string, commands: string[][]): Promise<void>
}

/** A real git server over HTTPS, with a CA of its own. */
export async function startGitServer(options: GitServerOptions = {}): Promise<GitServer> {
  const { address = '127.0.0.1', names = ['git.test'], intercept = () => false } = options
  const home = await mkdtemp(join(tmpdir(), 'rsp-git-server-'))
  const root = join(home, 'repositories')
  const { caFile, cert, key } = await makeCertificate(home, [...names, address])
  const server = createServer({ cert, key }, (request, response) => {
    if (!intercept(request, response)) answerByGit(root, request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, address, resolve)
  })
  const listening = server.address()
  const port = typeof listening === 'object' && listening ? listening.port : 0
  const bare = (repository: string) => join(root, `${repository}.git`)

  async function inClone(repository: string, commands: string[][], fill?: (clone: string) => Promise<void>) {
    const clone = await mkdtemp(join(home, 'clone-'))
    await git(home, ['init', '-q', '--bare', '-b', 'main', bare(repository)])
    await git(home, ['clone', '-q', bare(repository), clone])
    await fill?.(clone)
    for (const command of commands) await git(clone, command)
    await git(clone, ['push', '-q', '--tags', 'origin', 'HEAD'])
    await rm(clone, { recursive: true })
  }

  return {
    port,
    caFile,
    url: (repository) => `https://${names[0]}:${port}/${repository}.git`,
    inClone,
    async commit(repository, folder, { branch = 'main', tag } = {}) {
      await inClone(
        repository,
        [['add', '-A'], ['commit', '-q', '-m', 'change'], ...(tag ? [['tag', '-a', tag, '-m', tag]] : [])],
        async (clone) => {
          await git(clone, ['checkout', '-q', '-B', branch])
          await git(clone, ['rm', '-rq', '--ignore-unmatch', '.'])
          await cp(folder, clone, { recursive: true, verbatimSymlinks: true })
        },
      )
      const { stdout } = await git(bare(repository), ['rev-parse', `refs/heads/${branch}`])
      return stdout.trim()
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(home, { recursive: true, force: true })
    },
  }
}

function git(cwd: string, args: string[]) {
  const identity = {
    GIT_AUTHOR_NAME: 't',
    GIT_AUTHOR_EMAIL: 't@t',
    GIT_COMMITTER_NAME: 't',
    GIT_COMMITTER_EMAIL: 't@t',
  }
  const env = { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', ...identity }
  return run('git', ['-c', 'protocol.file.allow=always', ...args], { cwd, env })
}
