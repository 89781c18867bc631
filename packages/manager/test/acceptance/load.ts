import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { LoadOptions } from './load-worker.ts'
import type { LoadReport } from './report.ts'

export interface Load {
  /** Lets everybody leave, and tells what they met. */
  stop(): Promise<LoadReport>
}

/** HTTP requests and R sessions against an app, from now on. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const worker = new Worker(join(import.meta.dirname, 'load-worker.ts'), { workerData: options })
  await once(worker, 'online')
  return {
    async stop() {
      const answered = once(worker, 'message')
      worker.postMessage('stop')
      const [report]: LoadReport[] = await answered
      await worker.terminate()
      if (!report) throw new Error('the load reported nothing')
      return report
    },
  }
}
