import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type SignedIn, signIn } from '../../packages/manager/test/helpers/signed-in.ts'

const root = join(import.meta.dirname, '../..')

/** Signs in to the stack that scripts/up started, or that E2E_URL and E2E_ADMIN_PASSWORD name. */
export async function openStack(): Promise<SignedIn> {
  const { E2E_URL, E2E_ADMIN_PASSWORD } = process.env
  const url = E2E_URL ?? (await settingOf('MANAGER_URL'))
  const password = E2E_ADMIN_PASSWORD ?? (await readFile(join(root, '.dev/admin-password'), 'utf8'))
  return signIn(url, 'admin', password.trim())
}

async function settingOf(name: string) {
  const text = await readFile(join(root, '.env'), 'utf8')
  const value = new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1]
  if (!value) throw new Error(`${name} is not in .env: run scripts/up first`)
  return value
}
