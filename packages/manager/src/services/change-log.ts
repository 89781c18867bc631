/** What changed, and when in the order of changes. Only the last change of a subject is kept: readers read its state. */
export interface ChangeLog {
  /** Number of the last change. */
  last(): number
  add(subject: string): void
  /** Subjects that changed after `position`, in the order of their last change; undefined when that is too long ago. */
  since(position: number): string[] | undefined
}

export function createChangeLog(maxSubjects: number): ChangeLog {
  const changes = new Map<string, number>()
  let last = 0
  /** Changes up to this one may have been forgotten. */
  let forgotten = 0

  return {
    last: () => last,
    add(subject) {
      last += 1
      // Deleted first: a Map keeps the place of a key that is set again.
      changes.delete(subject)
      changes.set(subject, last)
      const [oldest] = changes
      if (changes.size <= maxSubjects || !oldest) return
      changes.delete(oldest[0])
      forgotten = oldest[1]
    },
    since(position) {
      if (position < forgotten || position > last) return undefined
      return [...changes].flatMap(([subject, at]) => (at > position ? [subject] : []))
    },
  }
}
