import { expect, it } from 'vitest'
import { parseProcesses, parseStats, sessionsOf } from './processes.ts'

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
    {
      ...{ pid: 110, parent: 100, name: 'R', isZombie: false, bornAt: -60 },
      ...{ ageSeconds: 60, memoryBytes: 71_680_000, cpuSeconds: 1 },
    },
  ])
})

it('reads the same from /proc, whatever a process calls itself', () => {
  const stat = (pid: number, name: string, state: string, parent: number, ticks: number) =>
    `${pid} (${name}) ${state} ${parent} ${Array(17).fill(0).join(' ')} ${ticks} 0 0`
  const lines = [
    stat(1, 'entrypoint.sh', 'S', 0, 100),
    stat(8, 'R', 'S', 1, 110),
    stat(9, 'R', 'Z', 8, 150),
    stat(12, 'R', 'R', 8, 400),
    stat(30, 'R', 'S', 8, 300),
    stat(31, 'a) R (b', 'S', 8, 300),
    'cut off',
  ]
  const found = parseStats(lines.join('\n'))
  expect(found.at(-1)).toEqual({ pid: 31, parent: 8, name: 'a) R (b', isZombie: false, bornAt: 3 })
  expect(sessionsOf(found).map(({ pid }) => pid)).toEqual([30, 12])
})
