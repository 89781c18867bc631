import type { WorkloadSpec } from '../spawner.ts'

const prefix = 'rserve-proxy.io'
/** Raised when objects of an older manager can no longer be read; theirs are then left alone. */
const schema = '1'

export interface AppLabels {
  appId: string
  slug: string
  release: number
  generation: number
  specHash: string
  routeHash: string
  index: number
}

/** Never a secret: inspect shows labels to everybody. They are fixed at creation; an update changes nothing. */
export function containerLabels(spec: WorkloadSpec, instance: string, index: number): Record<string, string> {
  return {
    ...ownership(instance, spec.appId),
    [`${prefix}/role`]: 'app',
    [`${prefix}/slug`]: spec.slug,
    [`${prefix}/release`]: String(spec.release),
    [`${prefix}/generation`]: String(spec.generation),
    [`${prefix}/spec-hash`]: spec.specHash,
    [`${prefix}/route-hash`]: spec.route.routeHash,
    [`${prefix}/replica`]: String(index),
  }
}

export function ownership(instance: string, appId: string): Record<string, string> {
  return { ...installation(instance), [`${prefix}/app-id`]: appId }
}

export function installation(instance: string): Record<string, string> {
  return {
    [`${prefix}/managed`]: 'true',
    [`${prefix}/instance`]: instance,
    [`${prefix}/schema`]: schema,
  }
}

/** The app an object belongs to; undefined for everything that is not ours to touch. */
export function ownedApp(labels: Record<string, string>, instance: string): string | undefined {
  const isOurs =
    labels[`${prefix}/managed`] === 'true' &&
    labels[`${prefix}/instance`] === instance &&
    labels[`${prefix}/schema`] === schema
  return isOurs ? labels[`${prefix}/app-id`] : undefined
}

export function readAppLabels(labels: Record<string, string>, instance: string): AppLabels | undefined {
  const appId = ownedApp(labels, instance)
  if (appId === undefined || labels[`${prefix}/role`] !== 'app') return undefined
  return {
    appId,
    slug: labels[`${prefix}/slug`] ?? '',
    release: Number(labels[`${prefix}/release`]),
    generation: Number(labels[`${prefix}/generation`]),
    specHash: labels[`${prefix}/spec-hash`] ?? '',
    routeHash: labels[`${prefix}/route-hash`] ?? '',
    index: Number(labels[`${prefix}/replica`]),
  }
}

export function isProxy(labels: Record<string, string>, instance: string): boolean {
  return labels[`${prefix}/role`] === 'proxy' && labels[`${prefix}/instance`] === instance
}

/** Values of the engine's `label` filter; all of them must hold. */
export const labelFilter = {
  instance: (instance: string) => [`${prefix}/instance=${instance}`],
  proxies: (instance: string) => [`${prefix}/instance=${instance}`, `${prefix}/role=proxy`],
  socketProxies: (instance: string) => [`${prefix}/instance=${instance}`, `${prefix}/role=socket-proxy`],
  app: (instance: string, appId: string) => [`${prefix}/instance=${instance}`, `${prefix}/app-id=${appId}`],
}

/** A repeated create finds itself by name. */
export function containerName(appId: string, generation: number, index: number): string {
  return `rsp-${appId.slice(0, 8)}-g${generation}-${index}`
}

/** Names of the routers or services a container declares, as the proxy's API lists them. */
export function routedNames(labels: Record<string, string>, kind: 'routers' | 'services'): string[] {
  const names = Object.keys(labels).map((key) => patterns[kind].exec(key)?.[1])
  return names.filter((name) => name !== undefined).map((name) => `${name}@docker`)
}

const patterns = {
  routers: /^traefik\.http\.routers\.([^.]+)\.rule$/,
  services: /^traefik\.http\.services\.([^.]+)\.loadbalancer\.server\.port$/,
}

export const isTraefikLabel = (key: string) => /^traefik\./i.test(key)
