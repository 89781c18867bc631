import { archiveLimits } from '@rserve-proxy/contract/archive-limits.ts'
import { sizeText } from '../components/size-text.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { FileDrop } from '../ui/file-drop.tsx'
import { ProgressBar } from '../ui/progress-bar.tsx'
import { fieldId } from './broken-summary.tsx'

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
  return (
    <Field id={fieldId('bundle')} label="Archive" error={error ?? tooLarge(file)}>
      {(control) => (
        <FileDrop
          control={control}
          file={file}
          accept=".zip,.tar,.tar.gz,.tgz,application/zip,application/gzip,application/x-tar"
          prompt={`zip, tar or tar.gz, up to ${limit}`}
          sizeText={sizeText}
          isRequired={!file}
          onChoose={onFile}
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

/** Said at once, before a byte is sent. */
export const tooLarge = (file: File | null) =>
  file && file.size > archiveLimits.archiveBytes
    ? `${sizeText(file.size)} are too much; the limit is ${limit}. Leave data out and read it from elsewhere.`
    : undefined
