import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type GitServer, startGitServer } from '../helpers/git-server.ts'

/** Of this machine, and nobody else's: nothing that a case names is ever connected to. */
const address = '127.0.0.77'
const served = ['submod.test', 'symlink.test', 'filter.test', 'auth.test', 'tarpit.test']

export interface GitHosts extends AsyncDisposable {
  caFile: string
  allowedHosts: string[]
  resolve(host: string): Promise<string[]>
  /** Exists when a filter of a repository was run. */
  marker: string
}

/** Git servers under the names of the cases, at the port that a name without one means; undefined when we may not. */
export async function startGitHosts(): Promise<GitHosts | undefined> {
  if (!(await canListen())) return undefined
  const home = await mkdtemp(join(tmpdir(), 'rsp-git-hosts-'))
  const marker = join(home, 'filter-was-run')
  const server = await startGitServer({
    ...{ address, port: 443, names: served },
    intercept(request, response) {
      const host = request.headers.host?.split(':')[0]
      if (host === 'tarpit.test') return true // and says nothing
      if (host !== 'auth.test') return false
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
      return true
    },
  })
  await fillRepositories(server, home, marker)
  return {
    caFile: server.caFile,
    allowedHosts: served,
    marker,
    async resolve(host) {
      if (host === 'rebind.test') return ['127.0.0.1']
      if (host === 'multi.test') return ['8.8.8.8', '10.0.0.1']
      if (served.includes(host)) return [address]
      throw new Error(`no address for ${host}`)
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(home, { recursive: true, force: true })
    },
  }
}

async function fillRepositories(server: GitServer, home: string, marker: string) {
  const code = join(home, 'code')
  await mkdir(code)
  await writeFile(join(code, 'app.R'), 'oc.init <- function() NULL\n')
  const commit = await server.commit('u/r', code)
  await server.inClone('u/r', [
    ['update-index', '--add', '--cacheinfo', `160000,${commit},vendor`],
    ['commit', '-q', '-m', 'submodule'],
  ])
  await writeFile(join(code, '.gitattributes'), '*.R filter=evil\n')
  await writeFile(join(code, '.gitconfig'), `[filter "evil"]\n\tsmudge = touch ${marker}\n`)
  await rm(join(code, 'app.R'))
  await symlink('/etc/passwd', join(code, 'app.R'))
  await server.commit('u/entry', code)
}

function canListen(): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(443, address, () => probe.close(() => resolve(true)))
  })
}
