import { Zip, ZipDeflate } from 'fflate'

export interface FolderFile {
  /** From the folder on: `forecast/R/model.R`. */
  path: string
  file: File
}

/** What no deploy needs: it would be uploaded for nothing, or hold secrets of the machine it comes from. */
const left =
  /(^|\/)(\.git|\.svn|\.Rproj\.user|\.DS_Store|\.Rhistory|\.RData|\.Renviron|renv\/(library|staging)|node_modules)(\/|$)/

export const isWanted = ({ path }: FolderFile) => !left.test(path)

/**
 * A zip of a folder, made here: the manager takes archives alone. A chunk at a time and in turn with the page, because
 * the policy of the page allows no worker made of text.
 */
export async function packFolder(name: string, files: FolderFile[]): Promise<File> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>()
  const zip = new Zip((error, chunk, isLast) => {
    if (error) return reject(error)
    chunks.push(new Uint8Array(chunk))
    if (isLast) resolve()
  })
  for (const { path, file } of files.filter(isWanted)) {
    // The network is faster than a better level.
    const entry = new ZipDeflate(path.slice(path.indexOf('/') + 1), { level: 1 })
    entry.mtime = file.lastModified
    zip.add(entry)
    for await (const chunk of chunksOf(file)) entry.push(chunk)
    entry.push(new Uint8Array(), true)
  }
  zip.end()
  await ended
  return new File(chunks, `${name}.zip`, { type: 'application/zip' })
}

const chunkBytes = 2 ** 20

async function* chunksOf(file: File) {
  for (let from = 0; from < file.size; from += chunkBytes)
    yield new Uint8Array(await file.slice(from, from + chunkBytes).arrayBuffer())
}
