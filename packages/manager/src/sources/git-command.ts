import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { GitHost } from './git-url.ts'

export interface PinnedHost extends GitHost {
  address: string
}

export interface GitResult {
  exitCode: number
  stdout: string
  stderr: string
}

export interface GitOptions {
  signal: AbortSignal
  caFile: string | undefined
  /** Undefined for commands that never connect. */
  host: PinnedHost | undefined
  /** Settings with a credential, instead of none. */
  configFile?: string | undefined
  onLine?: (line: string) => void
}

const graceMs = 5_000
const longestOutput = 8 * 2 ** 20

/** One git process: argument list, no shell, nothing of our environment. Aborting ends it and its helpers. */
export async function runGit(args: string[], options: GitOptions): Promise<GitResult> {
  options.signal.throwIfAborted()
  // Its own process group: git's transport helper is another process, which must end too.
  const child = spawn('git', [...settings(options.host), ...args], {
    env: environment(options),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    cwd: '/',
  })
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? -1))
  })
  const stopWatching = endWith(options.signal, child.pid)
  try {
    const [exitCode, stdout, stderr] = await Promise.all([
      ended,
      collect(child.stdout),
      collect(child.stderr, options.onLine),
    ])
    options.signal.throwIfAborted()
    return { exitCode, stdout, stderr }
  } finally {
    stopWatching()
  }
}

function environment({ caFile, configFile }: GitOptions): NodeJS.ProcessEnv {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: configFile ?? '/dev/null',
    GIT_ALLOW_PROTOCOL: 'https',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_ASKPASS: '/bin/false',
    ...(caFile ? { GIT_SSL_CAINFO: caFile } : {}),
  }
}

function settings(host: PinnedHost | undefined): string[] {
  const all = [
    // The default follows a redirect to a server inside.
    'http.followRedirects=false',
    'http.lowSpeedLimit=1000',
    'http.lowSpeedTime=20',
    // Links become text files.
    'core.symlinks=false',
    'core.hooksPath=/dev/null',
    'submodule.recurse=false',
    'transfer.fsckObjects=true',
    'credential.helper=',
    // Without the leading `+` of the manual's example: such an entry may expire and be looked up anew.
    ...(host ? [`http.curloptResolve=${host.host}:${host.port}:${bracketed(host.address)}`] : []),
  ]
  return all.flatMap((setting) => ['-c', setting])
}

const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address)

function endWith(signal: AbortSignal, pid: number | undefined): () => void {
  let killing: NodeJS.Timeout | undefined
  const stop = () => {
    endGroup(pid, 'SIGTERM')
    killing = setTimeout(() => endGroup(pid, 'SIGKILL'), graceMs)
  }
  signal.addEventListener('abort', stop, { once: true })
  return () => {
    signal.removeEventListener('abort', stop)
    clearTimeout(killing)
  }
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals) {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch (error) {
    // It ended by itself in the meantime.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

async function collect(stream: NodeJS.ReadableStream, onLine?: (line: string) => void): Promise<string> {
  const lines: string[] = []
  let length = 0
  for await (const line of createInterface({ input: stream })) {
    onLine?.(line)
    length += line.length
    if (length <= longestOutput) lines.push(line)
  }
  return lines.join('\n')
}
