import { expect, it } from 'vitest'
import { ownSizes } from './image-sizes.ts'

it('counts each layer once, in the image that brought it', () => {
  const images = [
    { imageId: 'base', sizeBytes: 700, layers: ['a', 'b'] },
    { imageId: 'deps', sizeBytes: 950, layers: ['a', 'b', 'c'] },
    { imageId: 'app', sizeBytes: 960, layers: ['a', 'b', 'c', 'd'] },
    { imageId: 'other', sizeBytes: 50, layers: ['x', 'b'] },
    { imageId: 'twin', sizeBytes: 700, layers: ['a', 'b'] },
  ]
  expect(Object.fromEntries(ownSizes(images))).toEqual({ base: 700, deps: 250, app: 10, other: 50, twin: 700 })
})
