/** Builds of this process, so that cleaning up knows what belongs to killed ones. */
export interface RunningBuilds {
  run<T>(buildId: string, work: () => Promise<T>): Promise<T>
  /** The build is about to use the shared image of this key. */
  hold(buildId: string, depsKey: string): void
  isRunning(buildId: string | undefined): boolean
  isHeld(depsKey: string): boolean
}

export function createRunningBuilds(): RunningBuilds {
  const keys = new Map<string, Set<string>>()
  return {
    async run(buildId, work) {
      keys.set(buildId, new Set())
      try {
        return await work()
      } finally {
        keys.delete(buildId)
      }
    },
    hold: (buildId, depsKey) => keys.get(buildId)?.add(depsKey),
    isRunning: (buildId) => buildId !== undefined && keys.has(buildId),
    isHeld: (depsKey) => [...keys.values()].some((held) => held.has(depsKey)),
  }
}
