import { expect, it } from 'vitest'
import { createChangeLog } from './change-log.ts'

function logOf(subjects: string, maxSubjects = 100) {
  const log = createChangeLog(maxSubjects)
  for (const subject of subjects) log.add(subject)
  return log
}

it('tells each subject once, in the order of its last change', () => {
  const log = logOf('abcab')
  expect(log.last()).toBe(5)
  expect(log.since(0)).toEqual(['c', 'a', 'b'])
  expect(log.since(3)).toEqual(['a', 'b'])
  expect(log.since(5)).toEqual([])
})

it('does not know what it has forgotten, and what has not been', () => {
  const log = logOf('abc', 2)
  expect(log.since(0)).toBeUndefined()
  expect(log.since(1)).toEqual(['b', 'c'])
  expect(log.since(4)).toBeUndefined()
})
