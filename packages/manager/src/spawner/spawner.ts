/** Id of an app (uuid), never its slug. */
export type AppId = string

export interface SpawnerCapabilities {
  backend: 'docker' | 'fake'
  /** The engine itself rolls generations; docker is driven by planRollout. */
  nativeRollout: boolean
  routesMutableInPlace: boolean
  watch: 'push' | 'poll'
}

/** One app at one generation: complete, plain JSON. No mounts, host ports or capabilities can be asked for. */
export interface WorkloadSpec {
  appId: AppId
  slug: string
  release: number
  generation: number
  /** 16 hex over all fields but replicas, generation and route. */
  specHash: string
  /** A local image id (`sha256:…`), never a tag. */
  image: string
  env: Record<string, string>
  replicas: number
  resources: { memoryBytes: number; cpuMillis: number; pids: number }
  port: number
  probe: {
    command: string[]
    intervalMs: number
    startIntervalMs: number
    timeoutMs: number
    retries: number
    startBudgetMs: number
  }
  rollout: { deadlineMs: number; bakeMs: number }
  drain: { limitMs: number }
  network: { name: string; subnet: string; egress: 'none' | 'internet' }
  route: RouteSpec
}

export interface RouteSpec {
  /** 16 hex over the other fields. */
  routeHash: string
  /** Host names that answer; development accepts more than one. */
  hosts: string[]
  entryPoint: string
  limits: { openRequests: number }
  /** Apps share the dashboard's origin: force the CSP sandbox and hide Set-Cookie. */
  sandbox: boolean
  reuseConnections: boolean
  /** Service of the proxy that answers while no replica can (a stop that waits for its sessions, a crash). */
  standIn?: string
}

/** Stored times of a rollout, ISO; a restarted manager continues the same windows. */
export interface PhaseTimes {
  startedAt: string
  /** First time the route was seen on this generation. */
  routedAt?: string
  /** The caller declared it live: older generations drain, crashes are restarted by the engine. */
  liveAt?: string
  /** When older generations began to drain, by generation. One that is missing began at `liveAt`. */
  drains?: Record<string, string>
  /** When the number of replicas was last lowered: those above it drain from then on. */
  scaledInAt?: string
  /** Drains that began before this time end at once. */
  drainEndedAt?: string
  /** A crash loop: the engine restarts nothing, and what has ended is not started before this time. */
  holdUntil?: string
}

export type Phase = 'absent' | 'pending' | 'progressing' | 'available' | 'degraded' | 'failed' | 'draining' | 'unknown'

export interface Replica {
  id: string
  index: number
  generation: number
  release: number
  specHash: string
  health: 'starting' | 'healthy' | 'unhealthy' | 'exited'
  /** New requests reach it, as the proxy itself tells, unless a newer generation takes them. */
  isRouted: boolean
  /** It refuses new visitors and serves open sessions. */
  isDraining: boolean
  restarts: number
  startedAt?: string
  exit?: { code?: number; outOfMemory: boolean; reason?: string; lastLines: string[] }
}

export interface ObservedWorkload {
  appId: AppId
  phase: Phase
  /** The generation that takes new requests, as the proxy itself tells; 0 = none. */
  generation: number
  /** Replicas of every generation. */
  replicas: Replica[]
}

export type WatchHint =
  | { type: 'changed'; appId: AppId; cause: string; replica?: ReplicaEvent }
  /** The stream was (re)opened: list() again. */
  | { type: 'resync' }
  /** After a grace every app is unknown. */
  | { type: 'lost'; error: SpawnerError }

/** What a hint tells of one replica. The engine may say it twice. */
export interface ReplicaEvent {
  id: string
  index: number
  generation: number
  /** ISO, by the engine's clock. */
  at: string
  exitCode?: number
}

export interface LogLine {
  replicaId: string
  stream: 'stdout' | 'stderr'
  /** ISO time with nanoseconds as the engine gives it; sorts as text and resumes as `since`. */
  time: string
  text: string
}

export interface LogOptions {
  replicaId?: string
  tail?: number
  since?: string
  follow: boolean
}

export interface PreflightReport {
  ok: boolean
  engineVersion?: string
  findings: { subject: string; ok: boolean; message: string }[]
}

export interface Applied {
  changed: boolean
  /** Nothing is left to do. */
  settled: boolean
  /** Replicas on their way out that still run. */
  draining: DrainingReplica[]
  /** Replicas that were restarted because they stopped answering. */
  restarted: string[]
}

export interface DrainingReplica {
  replicaId: string
  generation: number
  /** Undefined: the engine could not tell. */
  sessions: number | undefined
  /** ISO; the latest end. */
  endsAt: string
}

/** One client's connection to the R of a replica: a process of its own. */
export interface Session {
  /** Of the replica and the process: stable while it lives. */
  id: string
  replicaId: string
  index: number
  generation: number
  ageSeconds: number
  memoryBytes: number
  cpuSeconds: number
}

/** A replica that is not as the template wants it; `text` is the rest of a sentence. */
export interface TemplateFinding {
  appId: AppId
  replicaId: string
  text: string
}

/** What the machine can still give, in bytes. */
export interface Headroom {
  memoryBytes: number
  /** Where images and data lie. */
  diskBytes: number
}

export interface Spawner extends AsyncDisposable {
  readonly capabilities: SpawnerCapabilities
  /** Version, rights, proxy, networks. Reports; never repairs. */
  preflight(signal: AbortSignal): Promise<PreflightReport>
  /**
   * One safe step towards `spec`; returns without waiting for health. Idempotent: the same spec changes nothing.
   * `settled` = nothing is left to do. A generation below an observed one: 'stale-generation'.
   * Older generations are left alone until `times.liveAt` is set; then each is stopped and removed as soon as it has no
   * session, or at the end of its drain (`drain.limitMs`, `times.drains`, `times.drainEndedAt`). Replicas above
   * `spec.replicas` go the same way, after the proxy has taken them out.
   * After `liveAt` it also repairs: what exited, was removed, paused, cut off its network, or stopped answering.
   */
  applyWorkload(spec: WorkloadSpec, times: PhaseTimes, signal: AbortSignal): Promise<Applied>
  /** Removes the replicas of a generation that never became live; all others are untouched. Already gone is success. */
  discard(appId: AppId, generation: number, signal: AbortSignal): Promise<void>
  /** Stops, deletes, network last. One step; false while something is left. Already gone is success (true). */
  remove(appId: AppId, options: { graceMs: number }, signal: AbortSignal): Promise<boolean>
  /** One bulk query for this installation. Throws when the engine cannot answer; never a partial list. */
  list(signal: AbortSignal): Promise<ObservedWorkload[]>
  /** 'absent' when there is nothing; throws (never 'absent') when the engine cannot answer. */
  observe(appId: AppId, signal: AbortSignal): Promise<ObservedWorkload>
  /** Costs no call to the engine: it answers while that hangs. */
  headroom(signal: AbortSignal): Promise<Headroom>
  /** Bytes that each running replica of the app uses now. */
  memoryUse(appId: AppId, signal: AbortSignal): Promise<number[]>
  /** Open sessions of the app's running replicas, oldest first, by the engine's process list: none is disturbed. */
  sessions(appId: AppId, signal: AbortSignal): Promise<Session[]>
  /** Ends one at once; false when it has ended already. */
  endSession(appId: AppId, sessionId: string, signal: AbortSignal): Promise<boolean>
  /** The engine lives, but cannot be reached from here any more: only a new start of this process' container helps. */
  isCutOff(): Promise<boolean>
  /** Every container of every app against the hardened template. Reports; never repairs. */
  audit(signal: AbortSignal): Promise<TemplateFinding[]>
  /** Hints until aborted; reconnects by itself: 'lost', then 'resync'. Hints carry no truth. */
  watch(signal: AbortSignal): AsyncIterable<WatchHint>
  /** Exited replicas too. With follow it ends when the replica is gone or the signal fires. */
  logs(appId: AppId, options: LogOptions, signal: AbortSignal): AsyncIterable<LogLine>
}

/** Closed set of codes → may the reconciler retry? */
export const spawnerErrors = {
  unavailable: true,
  timeout: true,
  conflict: true,
  'out-of-resources': true,
  'stale-generation': false,
  'name-taken': false,
  /** The subnet overlaps another network: allocate the next one and ask again. */
  'subnet-taken': false,
  'not-permitted': false,
  'invalid-spec': false,
  unsupported: false,
  'image-missing': false,
  internal: false,
} as const
export type SpawnerErrorCode = keyof typeof spawnerErrors

export class SpawnerError extends Error {
  override readonly name = 'SpawnerError'
  readonly code: SpawnerErrorCode

  constructor(code: SpawnerErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.code = code
  }

  get isRetryable(): boolean {
    return spawnerErrors[this.code]
  }
}
