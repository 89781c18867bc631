import { rm } from 'node:fs/promises'
import type { StepName } from '@rserve-proxy/contract/deployments.ts'
import { type Failure, failures } from '@rserve-proxy/contract/failures.ts'
import { failureFromLog } from '../domain/failure-from-log.ts'
import { revisionText } from '../domain/revision.ts'
import type { BuildRow } from '../repositories/deployments.ts'
import type { Store } from '../repositories/store.ts'
import type { Admission } from '../services/admission.ts'
import { type BuildLogWriter, openBuildLog } from '../services/build-log.ts'
import type { BuildProgress } from '../services/build-progress.ts'
import { SourceFailed } from '../sources/source-failed.ts'
import { BuildFailed, type BuildPhase, type BuiltImage, type ImageBuilder } from '../spawner/image-builder.ts'
import { SpawnerError } from '../spawner/spawner.ts'
import { type BuildClock, BuildTimedOut, type BuildTimes, buildTimes, createBuildClock } from './build-clock.ts'
import { type FetchDeps, fetchCode } from './fetch-code.ts'
import { planBuild } from './plan-build.ts'

export interface RunBuildDeps extends FetchDeps {
  store: Store
  builder: ImageBuilder
  progress: BuildProgress
  admission: Pick<Admission, 'diskShortage'>
  owner: string
  /** Only tests are in a hurry. */
  times?: BuildTimes
  log: { error(fields: object, message: string): void; info(fields: object, message: string): void }
}

/** Why a build's signal fired, unless its clock says it. `shutdown` leaves the row to the next manager. */
export type BuildEnd = 'cancelled' | 'shutdown' | 'lease-lost'

const stepOf: Record<BuildPhase, StepName> = {
  resolving: 'packages',
  installing: 'packages',
  assembling: 'build',
  verifying: 'build',
}
const RENEW_MS = 20_000

/** One build from its claimed row to its end in the rows. Never throws for what the row can say. */
export async function runBuild(deps: RunBuildDeps, build: BuildRow, end: AbortController): Promise<void> {
  const { store, progress, owner } = deps
  const writer = await openBuildLog(deps.storage.buildLog(build.id))
  const clock = createBuildClock(end, build.facts.buildTimeoutSeconds * 1_000, deps.times ?? buildTimes)
  const lease = setInterval(() => void renew(store, build, owner, writer, end), RENEW_MS)
  try {
    const built = await fetchAndBuild(deps, build, heardBy(writer, clock), clock, end.signal)
    const { image } = built
    writer.line(`Built ${image.tag}`)
    await progress.note(build, 'packages', packagesDetail(image))
    await progress.succeed(build, built, writer.bytes())
    deps.log.info({ appId: build.appId, buildId: build.id, reused: image.reused }, 'build succeeded')
  } catch (error) {
    await finishFailed(deps, build, writer, error, end.signal)
  } finally {
    clock.stop()
    clearInterval(lease)
    await writer.close()
    await rm(deps.storage.sourceDir(build.appId, build.id), { recursive: true, force: true })
  }
}

/** Every line shows that the build lives. */
function heardBy(writer: BuildLogWriter, clock: BuildClock): BuildLogWriter {
  return {
    ...writer,
    line(text) {
      clock.heard()
      writer.line(text)
    },
  }
}

async function fetchAndBuild(
  deps: RunBuildDeps,
  build: BuildRow,
  writer: BuildLogWriter,
  clock: BuildClock,
  signal: AbortSignal,
) {
  const { progress, builder } = deps
  // It may have waited for long; a disk that is full takes the database with it.
  const shortage = await deps.admission.diskShortage(signal)
  if (shortage) throw new SourceFailed('disk-full', shortage)
  await progress.enter(build, 'fetch')
  const app = await deps.store.apps.find(build.appId)
  if (!app) throw new SourceFailed('source-unreachable', 'The app was deleted.')
  const code = await fetchCode(deps, build, { ownerId: app.ownerId, log: writer }, signal)
  await progress.note(build, 'fetch', revisionText(code.revision))
  const phases = phaseWriter(deps, build, clock)
  const plan = await planBuild(deps, build, code.dir, writer.line, signal)
  const image = await builder.build(
    {
      buildId: build.id,
      appId: build.appId,
      slug: app.slug,
      codeDir: code.dir,
      revisionHash: code.revision.hash,
      ...plan.input,
      ownerId: app.ownerId,
    },
    { line: writer.line, phase: phases.enter },
    signal,
  )
  await phases.written()
  return { revision: code.revision, image, packagesFrom: plan.packagesFrom, rVersion: plan.input.rVersion }
}

/** Phases arrive as events; their writes follow one another, and the build's end waits for the last. */
function phaseWriter({ store, progress, owner, log }: RunBuildDeps, build: BuildRow, clock: BuildClock) {
  // Phases are for people: a database that is away for a moment ends neither the build nor the process.
  const report = (error: unknown) => log.error({ err: error, buildId: build.id }, 'phase could not be recorded')
  let written: Promise<unknown> = Promise.resolve()
  return {
    enter(phase: BuildPhase) {
      clock.enter(phase)
      written = written
        .then(() => store.builds.renew(build.id, owner, { phase }))
        .then(() => progress.enter(build, stepOf[phase]))
        .catch(report)
    },
    written: () => written,
  }
}

async function renew(store: Store, build: BuildRow, owner: string, writer: BuildLogWriter, end: AbortController) {
  const isOurs = await store.builds.renew(build.id, owner, { logBytes: writer.bytes() }).catch(() => true)
  if (!isOurs) end.abort('lease-lost' satisfies BuildEnd)
}

const packagesDetail = ({ packages, depsKey, reused }: BuiltImage) =>
  packages.length === 0 ? 'None needed' : `${packages.length} packages${reused || depsKey ? '' : ', newly installed'}`

async function finishFailed(
  deps: RunBuildDeps,
  build: BuildRow,
  writer: BuildLogWriter,
  error: unknown,
  signal: AbortSignal,
) {
  const reason: unknown = signal.aborted ? signal.reason : undefined
  if (reason === 'shutdown' || reason === 'lease-lost') return
  if (reason === 'cancelled') {
    writer.line('Cancelled')
    return deps.progress.cancelled(build, writer.bytes())
  }
  const failure = reason instanceof BuildTimedOut ? timedOut(reason, writer) : failureOf(error, writer)
  writer.line(`Failed: ${failure.detail}`)
  if (failure.code === 'engine-failed') deps.log.error({ err: error, buildId: build.id }, 'build failed')
  await deps.progress.fail(build, failure, writer.bytes())
}

function timedOut({ code, message }: BuildTimedOut, writer: BuildLogWriter): Failure {
  return { code, detail: `${message} ${failures[code].advice}`, lastLines: writer.lastLines() }
}

function failureOf(error: unknown, writer: BuildLogWriter): Failure {
  if (error instanceof SourceFailed) return { code: error.code, detail: error.message, lastLines: writer.lastLines() }
  if (error instanceof BuildFailed) {
    const { lastLines, exitCode } = error
    const found = failureFromLog({ lines: lastLines, ...(exitCode !== undefined && { exitCode }) })
    return { ...found, lastLines }
  }
  const detail = error instanceof SpawnerError ? error.message : failures['engine-failed'].advice
  return { code: 'engine-failed', detail, lastLines: writer.lastLines() }
}
