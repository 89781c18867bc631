import type { FolderFile } from './pack-folder.ts'

/** The one folder that was dropped, with all its files; undefined when it was something else. */
export async function droppedFolder(data: DataTransfer): Promise<{ name: string; files: FolderFile[] } | undefined> {
  const [item, ...others] = [...data.items].flatMap((one) => one.webkitGetAsEntry() ?? [])
  if (!item || others.length > 0 || !isFolder(item)) return undefined
  return { name: item.name, files: await filesIn(item, item.name) }
}

/** What a folder input holds. */
export const chosenFolder = (files: File[]): { name: string; files: FolderFile[] } => ({
  name: files[0]?.webkitRelativePath.split('/')[0] ?? 'folder',
  files: files.map((file) => ({ path: file.webkitRelativePath, file })),
})

async function filesIn(folder: FileSystemDirectoryEntry, path: string): Promise<FolderFile[]> {
  const entries = await readAll(folder.createReader())
  const found = await Promise.all(
    entries.map(async (entry) => {
      const at = `${path}/${entry.name}`
      if (isFolder(entry)) return filesIn(entry, at)
      return isFile(entry) ? [{ path: at, file: await fileOf(entry) }] : []
    }),
  )
  return found.flat()
}

/** A reader answers a hundred at a time, and nothing at the end. */
async function readAll(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
  return batch.length === 0 ? [] : [...batch, ...(await readAll(reader))]
}

const fileOf = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject))

const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
