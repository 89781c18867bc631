import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import type Dockerode from 'dockerode'
import { pack } from 'tar-stream'

export interface TinyCran extends AsyncDisposable {
  repository: string
  extraHosts: string[]
}

/** Packages made by the test, by name: files beside a DESCRIPTION and NAMESPACE that are written for them. */
export type TinyPackages = Record<string, Record<string, string>>

/** A CRAN-shaped repository of misbehaving packages, served on the address that containers reach this machine by. */
export async function serveTinyCran(docker: Dockerode, packages: TinyPackages): Promise<TinyCran> {
  const files = new Map<string, Buffer>()
  const index: string[] = []
  for (const [name, sources] of Object.entries(packages)) {
    const description = `Package: ${name}\nVersion: 1.0\nTitle: T\nDescription: D.\nAuthor: A\nMaintainer: A <a@a>\nLicense: MIT\n`
    const needsCompilation = Object.keys(sources).some((path) => path.startsWith('src/')) ? 'yes' : 'no'
    files.set(
      `/src/contrib/${name}_1.0.tar.gz`,
      await archiveOf(name, { DESCRIPTION: description, NAMESPACE: '', ...sources }),
    )
    index.push(`Package: ${name}\nVersion: 1.0\nLicense: MIT\nNeedsCompilation: ${needsCompilation}\n`)
  }
  files.set('/src/contrib/PACKAGES', Buffer.from(index.join('\n')))
  files.set('/src/contrib/PACKAGES.gz', gzipSync(index.join('\n')))
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? '')
    response.writeHead(file ? 200 : 404).end(file)
  })
  const { IPAM } = await docker.getNetwork('bridge').inspect()
  await new Promise<void>((resolve) => server.listen(0, IPAM?.Config?.[0]?.Gateway ?? '', resolve))
  const address = server.address()
  return {
    repository: `http://tiny-cran.test:${typeof address === 'object' && address ? address.port : 0}`,
    extraHosts: ['tiny-cran.test:host-gateway'],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function archiveOf(name: string, files: Record<string, string>): Promise<Buffer> {
  const packed = pack()
  for (const [path, text] of Object.entries(files))
    packed.entry({ name: `${name}/${path}`, mode: path === 'configure' ? 0o755 : 0o644 }, text)
  packed.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of packed) if (chunk instanceof Uint8Array) chunks.push(chunk)
  return gzipSync(Buffer.concat(chunks))
}
