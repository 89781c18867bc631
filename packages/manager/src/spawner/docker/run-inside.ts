import type Dockerode from 'dockerode'
import { engineCall } from './engine-call.ts'
import { logFrames } from './log-frames.ts'

/** Runs a command in a running container and answers what it wrote; throws when it ends with anything but 0. */
export function runInside(docker: Dockerode, id: string, command: string[], signal: AbortSignal): Promise<string> {
  return engineCall(`run ${command[0]} in ${id.slice(0, 12)}`, signal, async (abortSignal) => {
    const options = { Cmd: command, AttachStdout: true, AttachStderr: true, abortSignal }
    const process = await docker.getContainer(id).exec(options)
    const frames = await Array.fromAsync(logFrames(await process.start({ abortSignal })))
    const written = Buffer.concat(frames.map(({ payload }) => payload)).toString()
    const { ExitCode } = await process.inspect({ abortSignal })
    if (ExitCode !== 0) throw new Error(`it ended with ${ExitCode}: ${written.trim()}`)
    return written
  })
}
