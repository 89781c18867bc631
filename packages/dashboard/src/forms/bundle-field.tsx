import { archiveLimits } from '@rserve-proxy/contract/archive-limits.ts'
import { useState } from 'react'
import { sizeText } from '../components/size-text.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { FileDrop } from '../ui/file-drop.tsx'
import { ProgressBar } from '../ui/progress-bar.tsx'
import { fieldId } from './broken-summary.tsx'
import { chosenFolder, droppedFolder } from './dropped-files.ts'

const limit = `${archiveLimits.archiveBytes / 2 ** 20} MB`

interface BundleFieldProps {
  file: File | null
  /** Set while it is sent. */
  sentBytes: number | undefined
  error?: string | undefined
  onFile: (file: File | null) => void
  onCancel: () => void
}

export function BundleField({ file, sentBytes, error, onFile, onCancel }: BundleFieldProps) {
  const [packing, setPacking] = useState<'busy' | 'failed'>()

  async function takeFolder(reading: Promise<Folder | undefined>) {
    setPacking('busy')
    try {
      const folder = await reading
      const { packFolder } = await import('./pack-folder.ts')
      if (folder) onFile(await packFolder(folder.name, folder.files))
      setPacking(undefined)
    } catch {
      // A file that cannot be read: it went away, or it is larger than the memory.
      setPacking('failed')
    }
  }

  function dropFolder(data: DataTransfer) {
    const isFolder = [...data.items].some((item) => item.webkitGetAsEntry()?.isDirectory)
    // The list of what was dropped is empty once this event is over, so it is read at once.
    if (isFolder) takeFolder(droppedFolder(data))
    return isFolder
  }

  const unreadable = packing === 'failed' ? 'The folder cannot be read. Make an archive of it.' : undefined
  return (
    <Field id={fieldId('bundle')} label="Archive" error={error ?? unreadable ?? tooLarge(file)}>
      {(control) => (
        <FileDrop
          control={control}
          file={file}
          accept=".zip,.tar,.tar.gz,.tgz,application/zip,application/gzip,application/x-tar"
          prompt={packing === 'busy' ? 'Packing the folder…' : `zip, tar or tar.gz, up to ${limit}`}
          sizeText={sizeText}
          isRequired={!file}
          onChoose={onFile}
          onChooseFolder={(files) => takeFolder(Promise.resolve(chosenFolder(files)))}
          onDropFolder={dropFolder}
        >
          {file && sentBytes !== undefined && (
            <div className="space-y-2">
              <ProgressBar
                label="Upload"
                done={sentBytes}
                total={Math.max(file.size, sentBytes)}
                text={`${sizeText(sentBytes)} of ${sizeText(file.size)}`}
              />
              <Button size="row" onClick={onCancel}>
                Cancel upload
              </Button>
            </div>
          )}
        </FileDrop>
      )}
    </Field>
  )
}

type Folder = ReturnType<typeof chosenFolder>

/** Said at once, before a byte is sent. */
export const tooLarge = (file: File | null) =>
  file && file.size > archiveLimits.archiveBytes
    ? `${sizeText(file.size)} are too much; the limit is ${limit}. Leave data out and read it from elsewhere.`
    : undefined
