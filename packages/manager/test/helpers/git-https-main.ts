// git over HTTPS, inside a container: node git-https-main.ts REPOSITORIES CERTIFICATE KEY PORT [USER:PASSWORD]
// With the last one, repositories whose name begins with `private` ask for it.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { answerByGit } from './git-http-backend.ts'

const [root = '', cert = '', key = '', port = '', account = ''] = process.argv.slice(2)
const expected = `Basic ${Buffer.from(account).toString('base64')}`

createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
  const isPrivate = account !== '' && request.url?.startsWith('/private')
  if (!isPrivate || request.headers.authorization === expected) return answerByGit(root, request, response)
  response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
}).listen(Number(port))
