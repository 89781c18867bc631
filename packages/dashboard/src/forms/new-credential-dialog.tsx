import { call } from '../api.ts'
import { fieldError } from '../components/error-words.ts'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { ActDialog } from './act-dialog.tsx'
import { textOf } from './form-values.ts'

interface NewCredentialDialogProps {
  /** Proposed: of the repository that was typed. */
  host: string
  onClose: () => void
}

/** A token or password for the private repositories of one host. */
export const NewCredentialDialog = ({ host, onClose }: NewCredentialDialogProps) => (
  <ActDialog
    title="New git credential"
    verb="Keep credential"
    done="The credential is kept. Choose it now."
    write={(form) => {
      const username = textOf(form, 'username')
      const body = { name: textOf(form, 'credentialName'), host: textOf(form, 'host'), secret: textOf(form, 'secret') }
      return call('POST /api/credentials', { body: { ...body, ...(username && { username }) } })
    }}
    onClose={onClose}
  >
    {(error) => (
      <>
        <Field label="Name" hint="For you, to know it again." error={fieldError(error, 'name')}>
          {(control) => (
            <Input {...control} data-autofocus name="credentialName" maxLength={100} autoComplete="off" required />
          )}
        </Field>
        <Field label="Host" hint="It is sent to this host alone." error={fieldError(error, 'host')}>
          {(control) => (
            <Input
              {...control}
              name="host"
              defaultValue={host}
              placeholder="github.com"
              maxLength={260}
              autoComplete="off"
              isMono
              required
            />
          )}
        </Field>
        <Field
          label="User name"
          isOptional
          hint="Most hosts take any for a token."
          error={fieldError(error, 'username')}
        >
          {(control) => <Input {...control} name="username" maxLength={200} autoComplete="off" />}
        </Field>
        <Field
          label="Token or password"
          hint="A token that may only read is enough. It is stored encrypted and never shown again."
          error={fieldError(error, 'secret')}
        >
          {(control) => (
            <Input
              {...control}
              name="secret"
              type="password"
              minLength={6}
              maxLength={2_000}
              autoComplete="off"
              required
            />
          )}
        </Field>
      </>
    )}
  </ActDialog>
)
