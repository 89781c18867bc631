// Stands in for R: starts in no time, says what it was asked, and drains as our supervisor does.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

const { APP_NAME = 'app', APP_EXIT, APP_EXIT_AFTER_MS, APP_HOG, RSP_DRAIN = '20', RSP_PORT = '6311' } = process.env
const sockets = new Set()

console.log('the test app is up')
if (APP_EXIT) {
  const { code, lines } = JSON.parse(APP_EXIT)
  for (const line of lines) console.error(line)
  process.exit(code)
}

if (APP_EXIT_AFTER_MS) setTimeout(() => process.exit(9), Number(APP_EXIT_AFTER_MS))

const hoard = []
while (APP_HOG) hoard.push(Buffer.alloc(8 * 1024 * 1024, 1))

const server = createServer(async (request, response) => {
  if (request.url === '/crash') process.exit(7)
  let bodyBytes = 0
  for await (const chunk of request) bodyBytes += chunk.length
  response.setHeader('Set-Cookie', 'app=1')
  response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify({ name: APP_NAME, url: request.url, headers: request.headers, bodyBytes }))
})

server.on('upgrade', (request, socket) => {
  const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
  const accept = createHash('sha1').update(key).digest('base64')
  const seen = request.headers['sec-websocket-protocol'] ?? 'none'
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nX-Seen-Protocol: ${seen}\r\n\r\n`,
  )
  sockets.add(socket)
  socket.on('data', (frame) => echo(socket, frame))
  socket.on('error', () => socket.destroy())
  socket.on('close', () => sockets.delete(socket))
})

// Short text frames of one piece; everything else ends the session.
function echo(socket, frame) {
  const length = frame[1] & 0x7f
  if ((frame[0] & 0x0f) !== 1 || length > 100) return socket.end()
  const mask = frame.subarray(2, 6)
  const text = frame.subarray(6, 6 + length).map((byte, index) => byte ^ mask[index % 4])
  const reply = Buffer.concat([Buffer.from(`${APP_NAME}:`), text])
  socket.write(Buffer.concat([Buffer.from([0x81, reply.length]), reply]))
}

process.on('SIGTERM', () => {
  server.close()
  server.closeIdleConnections()
  const limit = setTimeout(() => process.exit(0), Number(RSP_DRAIN) * 1000)
  const look = setInterval(() => {
    if (sockets.size > 0) return
    clearTimeout(limit)
    clearInterval(look)
    process.exit(0)
  }, 50)
})

server.listen(Number(RSP_PORT), () => writeFileSync('/tmp/ready', ''))
