/** Shapes of the JSON columns. Retyped here because `db` may import no other folder; the repositories, which see both
 * sides, fail to compile when they differ from the contract. */
export type CodeSource =
  | { type: 'upload' }
  | { type: 'git'; repoUrl: string; branch?: string; subdirectory?: string; credentialId?: string }

export interface Resources {
  memoryBytes?: number
  cpus?: number
  pids?: number
}

export interface Revision {
  hash: string
  label: string
  commit: string | null
  files: number
}

export interface InstalledPackage {
  name: string
  version: string
}

export interface PackageLock {
  question: string
  resolver: 'renv' | 'pak'
  askedRepository: string | null
  repository: string
  packages: (InstalledPackage & { source: string; checksum: string; record?: Record<string, string> })[]
  systemPackages: string[]
  pakLock?: string
}

export interface AppFunction {
  name: string
  arguments: { name: string; required: boolean; default?: string; type?: 'number' | 'string' | 'boolean' }[]
}

export type PackagesFrom = 'renv.lock' | 'manifest.json' | 'pkg.lock' | 'DESCRIPTION' | 'code'

export interface PhaseTimes {
  startedAt: string
  routedAt?: string
  liveAt?: string
  drains?: Record<string, string>
  scaledInAt?: string
  drainEndedAt?: string
  holdUntil?: string
}

/** How often the replicas of a live deployment died, and what the last death was like. */
export interface Crashes {
  /** Restarts that were counted already, by replica id. */
  seen: Record<string, number>
  /** Times of the deaths that still count. */
  deaths: string[]
  /** Set while it is a crash loop. */
  loopSince?: string
  /** Since when every replica has been healthy without a death. */
  healthySince?: string
  last?: {
    at: string
    replicaId: string
    /** It ended, one session of it was killed, or it stopped answering and was restarted. */
    kind: 'exit' | 'session' | 'unhealthy'
    exitCode: number | null
    outOfMemory: boolean
    lastLines: string[]
  }
}

export type BuildStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'superseded'
export type BuildPhase = 'fetching' | 'resolving' | 'installing' | 'assembling' | 'verifying'

export type DeploymentKind = 'start' | 'deploy' | 'rebuild' | 'restart' | 'rollback' | 'settings' | 'stop'
export type DeploymentStatus =
  | 'queued'
  | 'building'
  | 'starting'
  | 'verifying'
  | 'switching'
  | 'live'
  | 'replaced'
  | 'stopped'
  | 'failed'
  | 'cancelled'
  | 'superseded'

export interface Step {
  name: 'fetch' | 'packages' | 'build' | 'start' | 'verify' | 'switch' | 'drain'
  status: 'waiting' | 'running' | 'done' | 'skipped' | 'failed'
  startedAt: string | null
  finishedAt: string | null
  detail: string | null
}

export interface Failure {
  code: string
  detail: string
  lastLines: string[]
  fix?: { kind: 'apt' | 'package'; packages: string[] }
}

/** Settings that shape the running container, frozen with the release. */
export interface ReleaseSettings {
  rVersion: string
  entryScript: string
  mode: 'ocap' | 'http'
  resources: Resources
  drainSeconds: number
  startTimeoutSeconds: number
  egress: 'internet' | 'none'
  reuseConnections: boolean
  packages: string[]
  systemPackages: string[]
}

export interface BuildFacts {
  source: CodeSource
  /** The upload to build; absent for git. */
  uploadId?: string
  settings: ReleaseSettings
  buildTimeoutSeconds: number
  /** `rebuild` builds anew. */
  anew: boolean
  /** Resolve again instead of staying at what was locked. */
  updatePackages?: boolean
  /** As the app has it, `latest` included; absent in builds of earlier versions. */
  rVersionAsked?: string
}
