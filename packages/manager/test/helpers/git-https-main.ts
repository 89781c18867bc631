// git over HTTPS, inside a container: node git-https-main.ts REPOSITORIES CERTIFICATE KEY PORT
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { answerByGit } from './git-http-backend.ts'

const [root = '', cert = '', key = '', port = ''] = process.argv.slice(2)
createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) =>
  answerByGit(root, request, response),
).listen(Number(port))
