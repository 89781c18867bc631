import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRolloutWorld, type Deploy } from './rollout-world.ts'

// Random histories of observations, crashes and clock steps against both pure plans: planApp and planRollout.

type World = ReturnType<typeof createRolloutWorld>
/** A step with its text, so that a counterexample can be read. */
class Step {
  private readonly text: string
  readonly run: (world: World) => void

  constructor(text: string, run: (world: World) => void) {
    this.text = text
    this.run = run
  }

  toString() {
    return this.text
  }
}

const step = <T>(values: fc.Arbitrary<T>, text: (value: T) => string, run: (world: World, value: T) => void) =>
  values.map((value) => new Step(text(value), (world) => run(world, value)))

const deploys = fc.record<Deploy>({
  replicas: fc.integer({ min: 1, max: 3 }),
  fate: fc.constantFrom('well', 'well', 'well', 'exits', 'hangs'),
})
const disturbances = fc.record({
  which: fc.nat(5),
  how: fc.constantFrom('crash', 'sicken', 'pause', 'remove', 'disconnect'),
})
const looks = step(
  fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.nat(3)),
  (acts) => (acts === Number.POSITIVE_INFINITY ? 'look' : `look, killed after ${acts} acts`),
  (world, acts) => world.look(acts),
)
const times = step(
  fc.constantFrom(100, 1_000, 5_000, 60_000, 86_400_000, -60_000),
  (ms) => `pass ${ms} ms`,
  (world, ms) => world.pass(ms),
)
const steps: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: looks, weight: 8 },
  { arbitrary: times, weight: 6 },
  {
    arbitrary: step(
      deploys,
      ({ replicas, fate }) => `deploy ${replicas} × ${fate}`,
      (world, deploy) => world.deploy(deploy),
    ),
    weight: 3,
  },
  {
    arbitrary: step(
      fc.integer({ min: 1, max: 4 }),
      (replicas) => `scale to ${replicas}`,
      (world, replicas) => world.scale(replicas),
    ),
    weight: 1,
  },
  {
    arbitrary: step(
      disturbances,
      ({ which, how }) => `${how} ${which}`,
      (world, { which, how }) => world.disturb(which, how),
    ),
    weight: 2,
  },
  {
    arbitrary: step(
      fc.integer({ min: 1, max: 3 }),
      (count) => `visit ${count}`,
      (world, count) => world.visit(count),
    ),
    weight: 2,
  },
  { arbitrary: fc.constant(new Step('leave', (world) => world.leave())), weight: 1 },
  { arbitrary: fc.constant(new Step('end the drain', (world) => world.endDrain())), weight: 1 },
)
const histories = fc.array(steps, { minLength: 1, maxLength: 80, size: 'max' })

function played(history: Step[]) {
  const world = createRolloutWorld()
  for (const one of history) one.run(world)
  return world
}

const runs = { numRuns: 1_000 }

describe('whatever happens', () => {
  it('never takes away what serves, and cuts no session before the end of its drain', () => {
    fc.assert(
      fc.property(histories, (history) => {
        expect(played(history).offences).toEqual([])
      }),
      runs,
    )
  })

  it('converges to the wanted replicas of one generation, and nothing else', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const world = played(history)
        const end = world.calm()
        expect(world.offences).toEqual([])
        expect(end).toEqual(world.wanted())
      }),
      { numRuns: 200 },
    )
  })
})

it('rolls out from two replicas with sessions to one', () => {
  const world = createRolloutWorld()
  const roll = (deploy: Deploy) => {
    world.deploy(deploy)
    for (let pass = 0; pass < 12; pass += 1) {
      world.look()
      world.pass(1_000)
    }
  }
  roll({ replicas: 2, fate: 'well' })
  world.visit(1)
  roll({ replicas: 1, fate: 'well' })
  expect(world.offences).toEqual([])
  expect(world.calm()).toEqual(world.wanted())
  expect(world.wanted()).toMatchObject([{ generation: 2, index: 1 }])
})
