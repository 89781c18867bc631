import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { docker } from './engine-facts.ts'
import { stack } from './stack.ts'

const run = promisify(execFile)
const PORT = 8443

export interface GitContainer extends AsyncDisposable {
  url: string
  /** Makes the folder's content the next commit. */
  commit(folder: string): Promise<void>
}

/** A git server over HTTPS, with an account when its repository is private, that the manager reaches as git.test on its own network for the outside. */
export async function startGitContainer({ name = 'hello', account = '' } = {}): Promise<GitContainer> {
  const home = await mkdtemp(join(tmpdir(), 'rsp-git-'))
  const bare = join(home, `${name}.git`)
  const clone = join(home, 'clone')
  await run('git', ['init', '-q', '--bare', '-b', 'main', bare])
  await run('git', ['clone', '-q', bare, clone])
  const container = await docker.createContainer({
    Image: (await docker.getContainer(`${stack.project}-manager-1`).inspect()).Image,
    Cmd: [
      'node',
      '/helpers/git-https-main.ts',
      '/repositories',
      '/certificates/git.pem',
      '/certificates/git.key',
      String(PORT),
      account,
    ],
    Labels: stack.labels,
    // Root: the repositories on the host belong to whoever runs the tests, and the key is theirs alone.
    User: '0:0',
    Env: ['GIT_CONFIG_COUNT=1', 'GIT_CONFIG_KEY_0=safe.directory', 'GIT_CONFIG_VALUE_0=*'],
    HostConfig: {
      NetworkMode: `${stack.project}_out`,
      Binds: [
        `${join(import.meta.dirname, '../helpers')}:/helpers:ro`,
        `${stack.certificates}:/certificates:ro`,
        `${home}:/repositories:ro`,
      ],
    },
    NetworkingConfig: { EndpointsConfig: { [`${stack.project}_out`]: { Aliases: ['git.test'] } } },
  })
  await container.start()

  return {
    url: `https://git.test:${PORT}/${name}.git`,
    async commit(folder) {
      await cp(folder, clone, { recursive: true })
      const identity = ['-c', 'user.name=test', '-c', 'user.email=test@git.test']
      await run('git', ['-C', clone, 'add', '--all'])
      await run('git', ['-C', clone, ...identity, 'commit', '-q', '-m', 'change'])
      await run('git', ['-C', clone, 'push', '-q', 'origin', 'HEAD:main'])
    },
    async [Symbol.asyncDispose]() {
      await container.remove({ force: true })
      await rm(home, { recursive: true })
    },
  }
}
