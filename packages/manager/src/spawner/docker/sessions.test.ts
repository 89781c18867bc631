import { expect, it } from 'vitest'
import { parseProcesses, sessionsOf } from './sessions.ts'

const supervisor = ['100', '90', '60', '3000', '0', 'Ss', 'entrypoint.sh']
const listener = ['110', '100', '60', '70000', '1', 'S', 'R']
const session = (pid: number, parent = 110, stat = 'S') => [String(pid), String(parent), '5', '40000', '0', stat, 'R']
const pidsIn = (...rows: string[][]) =>
  sessionsOf(parseProcesses({ Titles: [], Processes: [supervisor, ...rows] })).map(({ pid }) => pid)

it('counts the children of the listener', () => {
  expect(pidsIn(listener)).toEqual([])
  expect(pidsIn(listener, session(120), session(121))).toEqual([120, 121])
})

it('counts neither the dead, nor probes, nor what a session forks for itself', () => {
  const probe = ['130', '90', '0', '3000', '0', 'Ss', 'probe.sh']
  expect(pidsIn(listener, session(120), session(121, 110, 'Z'), session(122, 120), probe)).toEqual([120])
})

it('counts what lost its parent', () => {
  expect(pidsIn(listener, session(120, 100))).toEqual([120])
})

it('finds none without R', () => {
  expect(pidsIn()).toEqual([])
  expect(sessionsOf(parseProcesses(null))).toEqual([])
})

it('reads the units of ps', () => {
  expect(parseProcesses({ Processes: [listener] })).toEqual([
    { pid: 110, parent: 100, ageSeconds: 60, memoryBytes: 71_680_000, cpuSeconds: 1, isZombie: false, name: 'R' },
  ])
})
