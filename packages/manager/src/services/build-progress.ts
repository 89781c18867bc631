import type { StepName } from '@rserve-proxy/contract/deployments.ts'
import type { Failure } from '@rserve-proxy/contract/failures.ts'
import type { PackagesFrom } from '@rserve-proxy/contract/packages.ts'
import type { Revision } from '../domain/revision.ts'
import { enterStep, failSteps, finishStep } from '../domain/steps.ts'
import type { BuildRow } from '../repositories/deployments.ts'
import type { Store } from '../repositories/store.ts'
import type { BuiltImage } from '../spawner/image-builder.ts'
import type { ChangeHub } from './change-hub.ts'

const beforeRollout = ['queued' as const, 'building' as const]

/** A build that has its image. */
export interface Built {
  revision: Revision
  image: BuiltImage
  packagesFrom: PackagesFrom | null
  /** Exact: of the app, or of its lock file. */
  rVersion: string
}

/** What a build writes about itself into its deployment's row. */
export function createBuildProgress({
  store,
  hub,
  newId,
  now,
}: {
  store: Store
  hub: ChangeHub
  newId: () => string
  now: () => Date
}) {
  const stamp = () => now().toISOString()
  return {
    async enter(build: BuildRow, step: StepName): Promise<void> {
      const row = await store.deployments.find(build.deploymentId)
      if (!row) return
      await store.deployments.update(
        row.id,
        { status: 'building', steps: enterStep(row.steps, step, stamp()) },
        beforeRollout,
      )
      hub.changed(build.appId)
    },

    async note(build: BuildRow, step: StepName, detail: string): Promise<void> {
      const row = await store.deployments.find(build.deploymentId)
      if (row)
        await store.deployments.update(row.id, { steps: finishStep(row.steps, step, stamp(), detail) }, beforeRollout)
    },

    /** The release is there and waits for its turn; nothing newer queued means that it will be run. */
    async succeed(build: BuildRow, built: Built, logBytes: number): Promise<void> {
      await store.transaction(async (tx) => {
        await tx.apps.lock(build.appId)
        const row = await tx.deployments.find(build.deploymentId)
        if (!row) return
        await tx.builds.finish(build.id, 'succeeded', { logBytes })
        const releaseId = newId()
        const number = row.releaseNumber ?? (await tx.apps.next(build.appId, 'releaseNumber'))
        const functions = built.image.functions ?? (await tx.releases.functionsOfImage(built.image.imageId))
        const facts = { ...releaseFacts(build, built), functions }
        await tx.releases.insert({ id: releaseId, appId: build.appId, number, ...facts })
        const isOvertaken = (await tx.builds.findQueued(build.appId)) !== undefined
        const steps = finishStep(
          row.steps,
          'build',
          stamp(),
          built.image.reused ? 'This code was built before' : undefined,
        )
        const end = isOvertaken ? { status: 'superseded' as const, finishedAt: now() } : {}
        await tx.deployments.update(row.id, { releaseId, releaseNumber: number, steps, ...end }, beforeRollout)
      })
      hub.changed(build.appId)
    },

    async fail(build: BuildRow, failure: Failure, logBytes: number): Promise<void> {
      await store.transaction(async (tx) => {
        await tx.apps.lock(build.appId)
        await tx.builds.finish(build.id, 'failed', { logBytes })
        const row = await tx.deployments.find(build.deploymentId)
        if (!row) return
        const steps = failSteps(row.steps, stamp())
        await tx.deployments.update(row.id, { status: 'failed', failure, steps, finishedAt: now() }, beforeRollout)
      })
      hub.changed(build.appId)
    },

    /** Abandoned, and newer code waits already: that one is built instead. */
    async superseded(build: BuildRow): Promise<void> {
      await store.transaction(async (tx) => {
        await tx.apps.lock(build.appId)
        await tx.builds.finish(build.id, 'superseded')
        await tx.deployments.update(build.deploymentId, { status: 'superseded', finishedAt: now() }, beforeRollout)
      })
      hub.changed(build.appId)
    },

    async cancelled(build: BuildRow, logBytes: number): Promise<void> {
      await store.builds.finish(build.id, 'cancelled', { logBytes })
      hub.changed(build.appId)
    },
  }
}
export type BuildProgress = ReturnType<typeof createBuildProgress>

function releaseFacts({ facts }: BuildRow, { revision, image, packagesFrom, rVersion }: Built) {
  const { imageId, packages, lock = null } = image
  return { imageId, revision, packages, lock, packagesFrom, settings: { ...facts.settings, rVersion } }
}
