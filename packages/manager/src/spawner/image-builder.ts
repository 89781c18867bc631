import type { PackageLock, PackageRequest } from './package-lock.ts'

export type BuildPhase = 'resolving' | 'installing' | 'assembling' | 'verifying'

/** Everything that shapes an image. Strings from users travel as data files, never as Dockerfile, shell or R text. */
export interface BuildInput {
  buildId: string
  appId: string
  slug: string
  /** Directory on the manager's disk: regular files and folders only. */
  codeDir: string
  /** sha256 over the tree of codeDir. */
  revisionHash: string
  entryScript: string
  serves: 'ocap' | 'http'
  /** Exact, offered version (`4.5.0`). */
  rVersion: string
  packages: PackageRequest
  /** What was locked last time: the answer when the same is asked, and versions to stay at when it is not. */
  held: PackageLock | undefined
  systemPackages: string[]
  /** Cache volumes are kept apart by this id: install scripts can write to the cache. */
  ownerId: string
  /** 'anew' ignores an image of the same code that exists. */
  mode: 'reuse' | 'anew'
}

export interface InstalledPackage {
  name: string
  version: string
}

export interface FunctionArgument {
  name: string
  required: boolean
  /** As R writes it. */
  default?: string
  /** Of a default that is one value. */
  type?: 'number' | 'string' | 'boolean'
}

/** One function that an OCAP app offers; of nested lists the names are joined by dots. */
export interface AppFunction {
  name: string
  arguments: FunctionArgument[]
}

export interface BuiltImage {
  /** `sha256:…` */
  imageId: string
  tag: string
  /** Key of the shared dependency image; undefined when nothing was to be installed. */
  depsKey: string | undefined
  packages: InstalledPackage[]
  /** Undefined when no package was asked for. */
  lock: PackageLock | undefined
  /** Undefined when they could not be listed, or nothing was built. */
  functions: AppFunction[] | undefined
  /** The image existed under its content hash: nothing was built. */
  reused: boolean
}

export interface BuildEvents {
  line(text: string): void
  phase(phase: BuildPhase): void
}

/** A build that failed for a reason of the code or its packages; `lastLines` are already decoded. */
export class BuildFailed extends Error {
  override readonly name = 'BuildFailed'
  readonly lastLines: string[]
  /** Exit code of the failed step, when there was one. */
  readonly exitCode: number | undefined

  constructor(message: string, options: { lastLines: string[]; exitCode?: number; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.lastLines = options.lastLines
    this.exitCode = options.exitCode
  }
}

export interface CleanupOptions {
  /** Only tells what would go. */
  dryRun: boolean
}

/** What went, or would go. */
export interface Removed {
  kind: 'image' | 'container' | 'volume'
  id: string
  name: string
  /** The rest of a sentence that says why nothing needs it. */
  reason: string
  /** When it is known already. */
  sizeBytes?: number
}

export interface ImageBuilder {
  /** Offered R versions (`x.y.z`), newest first: base images that exist. */
  runtimes(signal: AbortSignal): Promise<string[]>
  /** Throws BuildFailed for failures of the code, SpawnerError for those of the engine, the signal's reason on cancel. */
  build(input: BuildInput, events: BuildEvents, signal: AbortSignal): Promise<BuiltImage>
  /**
   * Removes the images of an app (labels) outside `keep`, and the packages that only they were built on. Already gone is
   * success; what a container still runs stays for the next time.
   */
  removeImages(appId: string, keep: string[], options: CleanupOptions, signal: AbortSignal): Promise<Removed[]>
  /** Removes what killed builds left behind, and packages that no app is built on. */
  removeUnused(options: CleanupOptions, signal: AbortSignal): Promise<Removed[]>
  /** Removes caches of packages that are too old, or too large together. */
  trimCaches(options: CleanupOptions, signal: AbortSignal): Promise<Removed[]>
  /** Apps that images of this installation belong to. */
  appIds(signal: AbortSignal): Promise<string[]>
  /** Bytes that each image holds alone, by its id: without those of the image that it is built on. */
  imageSizes(signal: AbortSignal): Promise<Map<string, number>>
}
