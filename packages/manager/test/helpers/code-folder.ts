import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A folder with an entry script, and files beside it. The fake engine takes `stop("…")` at the script's top level as
 * code that does not load.
 */
export async function codeFolder(
  text: string,
  more: Record<string, string> = {},
): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'rsp-code-'))
  for (const [name, content] of Object.entries({ 'app.R': text, ...more })) await writeFile(join(folder, name), content)
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}
