/** Items of several streams as they come. `end` makes the streams end when the reader leaves early. */
export async function* mergeStreams<T>(streams: AsyncIterable<T>[], end: () => void): AsyncGenerator<T> {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]())
  const waiting = new Map(iterators.map((iterator) => [iterator, nextOf(iterator)]))
  try {
    while (waiting.size > 0) {
      const { iterator, result } = await Promise.race(waiting.values())
      if (result.done) {
        waiting.delete(iterator)
        continue
      }
      waiting.set(iterator, nextOf(iterator))
      yield result.value
    }
  } finally {
    end()
    await Promise.allSettled(waiting.values())
  }
}

function nextOf<T>(iterator: AsyncIterator<T>) {
  const next = iterator.next().then((result) => ({ iterator, result }))
  // Thrown by the race above: the reader may be busy with an item until then, and nobody would handle it.
  next.catch(() => 'raced for above')
  return next
}
