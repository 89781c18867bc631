import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Docker from 'dockerode'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type SignedIn, signIn } from '../helpers/signed-in.ts'
import { copyOfHello } from './hello-code.ts'
import { stack } from './stack.ts'

// What a clean-up takes away, and what it never touches: objects of others that look like ours.

const docker = new Docker()
const run = randomUUID().slice(0, 8)
const instance = stack.labels['rserve-proxy.io/instance']
const prefix = 'rserve-proxy.io'
const labelsOf = (owner: string) => ({
  [`${prefix}/managed`]: 'true',
  [`${prefix}/instance`]: owner,
  [`${prefix}/schema`]: '1',
})
const stranger = randomUUID()

let api: SignedIn
let appId: string
let image: string
const planted: { images: string[]; containers: string[]; volumes: string[] } = {
  images: [],
  containers: [],
  volumes: [],
}

beforeAll(async () => {
  api = await signIn(stack.url, 'admin', stack.adminPassword)
  const body = { name: 'Cleaned', slug: `cleaned-${run}`, codeSource: { type: 'upload' as const } }
  appId = (await api.call('POST /api/apps', { body })).id
  await api.call('PUT /api/apps/:appId', { params: { appId }, body: { keepReleases: 1, drainSeconds: 0 } })
  await using code = await copyOfHello()
  for (const surplus of [1, 2]) {
    await code.changeAdd(surplus)
    await api.upload(appId, code.folder)
    expect(await api.settle(appId, 'deploy')).toMatchObject({ status: 'live' })
  }
  image = (await docker.getContainer(`${stack.project}-manager-1`).inspect()).Config.Image
}, 300_000)

afterAll(async () => {
  for (const id of planted.containers) await docker.getContainer(id).remove({ force: true }).catch(gone)
  for (const name of planted.images) await docker.getImage(name).remove({ force: true }).catch(gone)
  for (const name of planted.volumes) await docker.getVolume(name).remove().catch(gone)
  await api.call('DELETE /api/apps/:appId', { params: { appId } })
})

const gone = (error: { statusCode?: number }) => {
  if (error.statusCode !== 404) throw error
}

async function plantContainer(labels: Record<string, string>) {
  const { id } = await docker.createContainer({ Image: image, name: `rsp-build-${randomUUID()}`, Labels: labels })
  planted.containers.push(id)
  return id
}

/** A commit takes the labels of its container. */
async function plantImage(name: string, labels: Record<string, string>) {
  const container = docker.getContainer(await plantContainer(labels))
  const [repo, tag] = name.split(':')
  const { Id } = await container.commit({ repo, tag })
  await container.remove()
  planted.images.push(name)
  return String(Id)
}

const exists = (object: { inspect(): Promise<unknown> }) =>
  object.inspect().then(
    () => true,
    (error) => {
      gone(error)
      return false
    },
  )

const cleanUp = (dryRun: boolean) => api.call('POST /api/system/cleanup', { querystring: { dryRun } })

it('removes what no kept release needs, tells the bytes, and leaves everything of others', async () => {
  const orphan = { ...labelsOf(instance), [`${prefix}/app-id`]: randomUUID(), [`${prefix}/role`]: 'app-image' }
  const own = await plantImage(`rserve-app-orphan:${run}`, orphan)
  const builder = await plantContainer({ ...labelsOf(instance), [`${prefix}/role`]: 'builder' })
  await plantImage(`rserve-app-foreign:${run}`, {})
  await plantImage(`rserve-app-neighbour:${run}`, { ...orphan, ...labelsOf(stranger) })
  const foreign = await plantContainer({ ...labelsOf(stranger), [`${prefix}/role`]: 'builder' })
  const unlabelled = await plantContainer({})
  const volume = `rsp-${instance.slice(0, 8)}-cache-${run}`
  await docker.createVolume({ Name: volume })
  planted.volumes.push(volume)

  await expect
    .poll(async () => (await cleanUp(true)).items.map(({ kind, name }) => `${kind} ${name.split(':')[0]}`), {
      timeout: 30_000,
    })
    .toContain(`image rserve-app-cleaned-${run}`)
  const told = await cleanUp(true)
  expect(told.items.map(({ id }) => id)).toEqual(expect.arrayContaining([own, builder]))
  expect([await exists(docker.getImage(own)), await exists(docker.getContainer(builder))]).toEqual([true, true])

  const { stdout } = await promisify(execFile)(join(import.meta.dirname, '../../../../scripts/cleanup'))
  expect(stdout).toContain(`rserve-app-orphan:${run}: no kept release needs it`)
  expect(stdout).toMatch(/^[\d.]+ MB were freed\.$/m)

  expect([await exists(docker.getImage(own)), await exists(docker.getContainer(builder))]).toEqual([false, false])
  const others = [
    docker.getImage(`rserve-app-foreign:${run}`),
    docker.getImage(`rserve-app-neighbour:${run}`),
    docker.getContainer(foreign),
    docker.getContainer(unlabelled),
    docker.getVolume(volume),
  ]
  expect(await Promise.all(others.map(exists))).toEqual(others.map(() => true))
  expect((await cleanUp(true)).items).toEqual([])
  expect((await fetch(`${stack.url}/cleaned-${run}/`)).status).toBe(200)
  expect(await api.settle(appId, 'restart')).toMatchObject({ status: 'live' })
})
