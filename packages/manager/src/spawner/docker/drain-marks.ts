import { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type Dockerode from 'dockerode'
import type { AppContainer } from './app-container.ts'
import { engineCall } from './engine-call.ts'

/** Its probe looks for this file; the entrypoint removes it at every start. */
const mark = '/tmp/.draining'
/** The probe needs three looks of five seconds before the engine believes it. */
const askAgainMs = 30_000

/** Tells a running replica to refuse new visitors, or to take them again. Asked twice is asked once. */
export function createDrainMarks({ docker, now }: { docker: Dockerode; now: () => number }) {
  const askedAt = new Map<string, number>()

  async function run({ id, name }: AppContainer, Cmd: string[], signal: AbortSignal) {
    await engineCall(`mark ${name}`, signal, async (abortSignal) => {
      const command = await docker.getContainer(id).exec({ Cmd, AttachStdout: true, AttachStderr: true, abortSignal })
      const output = await command.start({ abortSignal })
      output.pipe(new Writable({ write: (_chunk, _encoding, done) => done() }))
      await finished(output, { writable: false, signal: abortSignal })
      const { ExitCode } = await command.inspect({ abortSignal })
      if (ExitCode !== 0) throw new Error(`${Cmd.join(' ')} ended with ${ExitCode}`)
    })
  }

  return {
    async set(container: AppContainer, signal: AbortSignal) {
      if (now() - (askedAt.get(container.id) ?? Number.NEGATIVE_INFINITY) < askAgainMs) return
      await run(container, ['touch', mark], signal)
      askedAt.set(container.id, now())
    },
    forget: (id: string) => void askedAt.delete(id),
    async clear(container: AppContainer, signal: AbortSignal) {
      askedAt.delete(container.id)
      await run(container, ['rm', '-f', mark], signal)
    },
  }
}
export type DrainMarks = ReturnType<typeof createDrainMarks>
