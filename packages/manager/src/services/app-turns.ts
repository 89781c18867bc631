/** One thing at a time per app, in this process: a build must not find the image that is just being removed. */
export function createAppTurns() {
  const last = new Map<string, Promise<unknown>>()
  return {
    isBusy: (appId: string) => last.has(appId),
    run<T>(appId: string, act: () => Promise<T>): Promise<T> {
      const done = (last.get(appId) ?? Promise.resolve()).then(act)
      const settled = done
        .catch(() => 'its caller hears of it')
        .then(() => {
          if (last.get(appId) === settled) last.delete(appId)
        })
      last.set(appId, settled)
      return done
    },
  }
}
export type AppTurns = ReturnType<typeof createAppTurns>
