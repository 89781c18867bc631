import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const examples = join(import.meta.dirname, '../../../../examples')

/** A copy of an example that a test may change. */
export interface Code extends AsyncDisposable {
  folder: string
  /** `add` answers `a + b + surplus` from now on. */
  changeAdd(surplus: number): Promise<void>
}

export const exampleFolder = (name: string) => join(examples, name)

export async function copyOfHello(): Promise<Code> {
  const folder = await mkdtemp(join(tmpdir(), 'rsp-hello-'))
  await cp(exampleFolder('hello'), folder, { recursive: true })
  const script = join(folder, 'app.R')
  const original = await readFile(script, 'utf8')
  return {
    folder,
    async changeAdd(surplus) {
      const changed = original.replace('a + b\n', `a + b + ${surplus}\n`)
      if (changed === original) throw new Error('examples/hello no longer has the line that tests change')
      await writeFile(script, changed)
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}
