import { Writable } from 'node:stream'
import type { Extract } from 'tar-stream'

/** tar-stream is built on streamx, whose streams are not Node's: this end takes what `pipeline` writes. */
export function tarSink(entries: Extract): Writable {
  const sink = new Writable({
    write(chunk, _encoding, done) {
      if (entries.write(chunk)) done()
      else entries.once('drain', done)
    },
    final(done) {
      entries.once('finish', done)
      entries.end(undefined)
    },
    destroy(error, done) {
      entries.destroy(error)
      done(error)
    },
  })
  entries.on('error', (error: Error) => sink.destroy(error))
  entries.on('close', () => sink.destroy())
  return sink
}
