import { networkName } from '../network-name.ts'
import { SpawnerError, type WorkloadSpec } from '../spawner.ts'

/** What the types cannot say. A tag could mean another image tomorrow; a name in front moves the proxy's gateway. */
export function refuseInvalid({ image, network, appId, generation, resources }: WorkloadSpec): void {
  const mistakes = [
    /^sha256:[0-9a-f]{64}$/.test(image) ? undefined : `image ${image} is not an image id`,
    network.name === networkName(appId, network.egress) ? undefined : `network ${network.name} is not the app's own`,
    Number.isSafeInteger(generation) && generation > 0
      ? undefined
      : `generation ${generation} is not a positive number`,
    resources.memoryBytes > 0 && resources.pids > 0 ? undefined : 'memory and processes need a limit',
  ]
  const mistake = mistakes.find((found) => found !== undefined)
  if (mistake) throw new SpawnerError('invalid-spec', mistake)
}
