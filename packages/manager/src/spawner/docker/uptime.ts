const unitMs: Record<string, number> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
  year: 365 * 86_400_000,
}

/**
 * The longest a container can have been up, from the list's words ("Up 5 minutes (healthy)"); undefined when they say
 * nothing. With the start we know of, it tells whether the container was restarted, without one inspect per container.
 */
export function longestUptimeMs(status: string): number | undefined {
  if (status.startsWith('Up Less than a second')) return 1_000
  const words = /^Up (?:About (an?)|(\d+)) (second|minute|hour|day|week|month|year)s?/.exec(status)
  const unit = unitMs[words?.[3] ?? '']
  if (!words || unit === undefined) return undefined
  return (Number(words[2] ?? 1) + 1) * unit
}
