import { expect, it } from 'vitest'
import { createSingleFlight } from './single-flight.ts'

const never = new AbortController().signal

it('lets the others wait, each then looks for itself', async () => {
  const once = createSingleFlight()
  const first = Promise.withResolvers<string>()
  const order: string[] = []
  const one = once('k', never, () => first.promise)
  const two = once('k', never, async () => order.push('two'))
  const three = once('k', never, async () => order.push('three'))
  await once('other', never, async () => order.push('other key'))
  order.push('first')
  first.resolve('done')
  await Promise.all([one, two, three])
  expect(order).toEqual(['other key', 'first', 'two', 'three'])
})

it('goes on after a failure, and stops waiting when it is told to', async () => {
  const once = createSingleFlight()
  const failing = Promise.withResolvers<void>()
  const first = once('k', never, () => failing.promise)
  const cancelling = new AbortController()
  const cancelled = once('k', cancelling.signal, async () => 'never')
  const next = once('k', never, async () => 'next')
  cancelling.abort(new Error('cancelled'))
  await expect(cancelled).rejects.toThrow('cancelled')
  failing.reject(new Error('failed'))
  await expect(first).rejects.toThrow('failed')
  expect(await next).toBe('next')
})
