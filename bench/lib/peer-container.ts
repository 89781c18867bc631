import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { firstReply } from './first-reply.ts'

export const docker = async (...args: string[]) => (await promisify(execFile)('docker', args)).stdout.trim()

/** By hand: `docker run` of an image to its first reply, asked directly. The container is removed. */
export async function timeOfRun(image: string, startedAt = performance.now()): Promise<number> {
  const limits = [
    '--memory=1g',
    '--cpus=1',
    '--pids-limit=256',
    '--read-only',
    '--tmpfs=/tmp:exec,mode=1777',
    '--cap-drop=ALL',
  ]
  const env = ['--env=RSP_MODE=http', '--env=RSP_ENTRY=/app/app.R', '--env=HOME=/tmp/home']
  const id = await docker('run', '--detach', '--label=rserve-proxy.io/bench=true', ...limits, ...env, image)
  try {
    const address = await docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', id)
    return await firstReply(`http://${address}:6311/`, startedAt, () => true)
  } finally {
    await docker('rm', '--force', id)
  }
}
