import type Dockerode from 'dockerode'
import type { Log } from '../log.ts'
import type { BuildContainer, BuildLimits } from './build-container.ts'
import { builderLabels } from './image-labels.ts'
import type { ImageStore } from './image-store.ts'

/** What every step of a build works with. */
export interface BuildTools {
  docker: Dockerode
  log: Log
  images: ImageStore
  instance: string
  /** The engine's network that reaches the package repository and nothing of ours. */
  network: string
  /** Undefined = the one the base was built with. */
  repository: string | undefined
  extraHosts: string[]
  limits: BuildLimits
}

/** Root without capabilities, for what writes to root's folders; everything else is the container's own. */
export function rootContainer(
  { instance, network, extraHosts, limits }: BuildTools,
  step: { image: string; script: string; buildId: string; files: Map<string, string> },
): BuildContainer {
  return {
    image: step.image,
    command: rscript(step.script),
    user: '0:0',
    labels: builderLabels(instance, step.buildId),
    files: step.files,
    limits,
    network,
    extraHosts,
    readOnly: false,
  }
}

/** For looking at what was built: the user that apps run as, no network, nothing to write to but /tmp. */
export function lookingContainer(
  { instance, limits }: BuildTools,
  step: { image: string; command: string[]; buildId: string; files?: Map<string, string> },
): BuildContainer {
  return {
    image: step.image,
    command: step.command,
    user: '10001:10001',
    labels: builderLabels(instance, step.buildId),
    files: step.files ?? new Map(),
    limits,
    network: 'none',
    extraHosts: [],
    readOnly: true,
  }
}

export const rscript = (name: string, ...args: string[]) => ['Rscript', '--vanilla', `/rserve/build/${name}.R`, ...args]
