import { defineConfig } from 'vitest/config'

const manager = './packages/manager'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // Pure tests may share their modules: half the time.
          isolate: false,
          // Projects with another number of workers may not run at the same time.
          sequence: { groupOrder: 0 },
          include: [
            'packages/contract/src/**/*.test.ts',
            'bench/lib/**/*.test.ts',
            `${manager}/src/**/*.test.ts`,
            `${manager}/test/rollout/**/*.test.ts`,
            `${manager}/test/acceptance/**/*.test.ts`,
          ],
        },
      },
      {
        test: {
          name: 'manager',
          sequence: { groupOrder: 1 },
          include: [
            `${manager}/test/*.test.ts`,
            `${manager}/test/http/**/*.test.ts`,
            `${manager}/test/bad-inputs/*.test.ts`,
            `${manager}/test/repositories/**/*.test.ts`,
          ],
          testTimeout: 20_000,
          hookTimeout: 60_000,
          // One PGlite of 300 to 500 MB per worker.
          maxWorkers: 2,
        },
      },
      './packages/dashboard/vite.config.ts',
      // One engine and two cores: these files run one after the other.
      {
        test: {
          name: 'docker',
          include: [`${manager}/test/docker/**/*.test.ts`],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['packages/dashboard/e2e/*.test.ts', `${manager}/test/e2e/**/*.test.ts`],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      // The built dashboard before the real manager with the fake engine: a browser, no stack.
      {
        test: {
          name: 'screens',
          include: ['packages/dashboard/e2e/screens/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      // Their stack has the production shape: scripts/testing/two-hosts brings it.
      {
        test: {
          name: 'two-hosts',
          include: ['packages/dashboard/e2e/two-hosts/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: [`${manager}/test/faults/*.test.ts`],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      // They kill the engine that they run on: scripts/testing/engine-faults brings one.
      {
        test: {
          name: 'engine-faults',
          include: [`${manager}/test/faults/engine/*.test.ts`],
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      // It fills the disk that it runs on: scripts/testing/disk-faults brings one.
      {
        test: {
          name: 'disk-faults',
          include: [`${manager}/test/faults/disk/*.test.ts`],
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
