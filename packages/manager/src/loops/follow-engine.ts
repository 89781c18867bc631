import type { Spawner } from '../spawner/spawner.ts'

/** Every hint means only "look again". Ends with the signal. */
export async function followEngine(spawner: Spawner, lookAgain: () => void, signal: AbortSignal): Promise<void> {
  for await (const _hint of spawner.watch(signal)) lookAgain()
}
