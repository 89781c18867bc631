export interface KeptRelease {
  number: number
  imageId: string
}

export interface RetentionFacts<R extends KeptRelease> {
  /** Those whose image still exists. */
  releases: R[]
  /** How many of the newest stay. */
  keep: number
  /** Numbers that stay whatever their age: live, on their way, still draining, served last. */
  needed: Set<number>
}

/** Pure: which releases lose their image. One that shares its image with a kept one costs nothing and stays. */
export function expiredReleases<R extends KeptRelease>({ releases, keep, needed }: RetentionFacts<R>): R[] {
  const newest = releases.toSorted((a, b) => b.number - a.number).slice(0, keep)
  const kept = new Set(
    [...newest, ...releases.filter(({ number }) => needed.has(number))].map(({ imageId }) => imageId),
  )
  return releases.filter(({ imageId }) => !kept.has(imageId))
}
