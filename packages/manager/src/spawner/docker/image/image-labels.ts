import { installation, ownership } from '../labels.ts'

const prefix = 'rserve-proxy.io'

/** Names of the labels that images and build containers carry; containers inherit those of their image. */
export const imageLabel = {
  runtime: `${prefix}/runtime`,
  managed: `${prefix}/managed`,
  instance: `${prefix}/instance`,
  appId: `${prefix}/app-id`,
  buildId: `${prefix}/build-id`,
  depsKey: `${prefix}/deps-key`,
  revision: `${prefix}/revision`,
  role: `${prefix}/role`,
} as const

/** No app: what it makes may be shared. */
export function builderLabels(instance: string, buildId: string): Record<string, string> {
  return { ...installation(instance), [imageLabel.role]: 'builder', [imageLabel.buildId]: buildId }
}

export function depsLabels(instance: string, buildId: string, depsKey: string): Record<string, string> {
  return { ...builderLabels(instance, buildId), [imageLabel.role]: 'deps', [imageLabel.depsKey]: depsKey }
}

export function appImageLabels(
  instance: string,
  image: { appId: string; buildId: string; revisionHash: string; depsKey: string | undefined },
): Record<string, string> {
  return {
    ...ownership(instance, image.appId),
    [imageLabel.role]: 'app-image',
    [imageLabel.buildId]: image.buildId,
    [imageLabel.revision]: image.revisionHash,
    [imageLabel.depsKey]: image.depsKey ?? '',
  }
}

/** The engine's filter for everything that builds of this installation have made. */
export const madeHere = (instance: string) => [`${imageLabel.managed}=true`, `${imageLabel.instance}=${instance}`]
