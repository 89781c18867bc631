import { createHash } from 'node:crypto'
import type { BuiltImage } from '../image-builder.ts'
import type { Fault } from './fake-container.ts'

interface FakeImage {
  appId: string
  entryText: string
  built: BuiltImage
}

/** Recognisable, so that images of an earlier process still run after a restart of the manager. */
const idPrefix = 'sha256:fa4eeeee'
const topLevelStop = /^stop\(\s*(["'])(.*?)\1/m
/** How `examples/broken` introduces itself. */
const brokenByDesign = /^# Does not load/m

/** Images that the fake builder made and the fake spawner runs. */
export function createFakeImages() {
  const images = new Map<string, FakeImage>()
  const removed = new Set<string>()

  return {
    has: (id: string) => id.startsWith(idPrefix) && !removed.has(id),
    get: (id: string) => images.get(id)?.built,
    add(image: FakeImage) {
      removed.delete(image.built.imageId)
      images.set(image.built.imageId, image)
    },
    /** Answers the ids of an app's images outside `keep`, and removes them unless only asked. */
    remove(appId: string, keep: string[], { dryRun }: { dryRun: boolean }): string[] {
      const doomed = [...images].filter(([id, image]) => image.appId === appId && !keep.includes(id))
      const ids = doomed.map(([id]) => id)
      if (dryRun) return ids
      for (const id of ids) {
        images.delete(id)
        removed.add(id)
      }
      return ids
    },
    appIds: () => [...new Set([...images.values()].map(({ appId }) => appId))],
    ids: () => [...images.keys()],
    /** Code that says `stop("…")` at its top level fails to load, as it would in R. */
    faultOf(id: string): Fault | undefined {
      const code = images.get(id)?.entryText ?? ''
      const message =
        topLevelStop.exec(code)?.[2] ?? (brokenByDesign.test(code) ? 'the script does not load' : undefined)
      if (message === undefined) return undefined
      return { kind: 'exit-at-start', code: 1, lines: [`Error: ${message}`, 'Execution halted'] }
    },
  }
}
export type FakeImages = ReturnType<typeof createFakeImages>

/** The id follows from the content alone. */
export function fakeImageId(content: string): string {
  const digest = createHash('sha256').update(content).digest('hex')
  return `${idPrefix}${digest.slice(idPrefix.length - 'sha256:'.length)}`
}
