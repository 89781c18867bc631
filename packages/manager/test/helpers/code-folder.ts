import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder with one entry script. The fake engine takes `stop("…")` at its top level as code that does not load. */
export async function codeFolder(text: string): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'rsp-code-'))
  await writeFile(join(folder, 'app.R'), text)
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}
