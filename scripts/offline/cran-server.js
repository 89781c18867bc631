// Serves the mounted mini CRAN, read-only, on port 8080 of its container.
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import { pipeline } from 'node:stream'

const root = '/cran'

createServer((request, response) => {
  // URL parsing resolves every `..`, and nothing is decoded after it: the path cannot leave the root.
  const { pathname } = new URL(request.url, 'http://cran')
  const file = createReadStream(root + pathname)
  file.once('open', () => pipeline(file, response, () => file.destroy()))
  file.once('error', () => response.writeHead(404).end('not found\n'))
}).listen(8080)
