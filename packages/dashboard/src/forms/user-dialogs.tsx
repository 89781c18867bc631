import type { Role } from '@rserve-proxy/contract/people.ts'
import type { Account, UpdateUser } from '@rserve-proxy/contract/users.ts'
import { useState } from 'react'
import { call } from '../api.ts'
import { fieldError } from '../components/error-words.ts'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { ActDialog } from './act-dialog.tsx'
import { textOf } from './form-values.ts'
import { NewPasswordField } from './password-fields.tsx'

export type UserAsking = 'role' | 'password' | 'sign-out' | 'disable' | 'enable' | 'delete'

interface UserDialogProps {
  account: Account
  onClose: () => void
}

const update = (userId: string, body: UpdateUser) => call('PATCH /api/users/:userId', { params: { userId }, body })

export function UserDialog({ asking, ...props }: UserDialogProps & { asking: UserAsking }) {
  const Ask = dialogs[asking]
  return <Ask {...props} />
}

const dialogs: Record<UserAsking, (props: UserDialogProps) => React.JSX.Element> = {
  role({ account: { id, username, role }, onClose }) {
    const next: Role = role === 'admin' ? 'user' : 'admin'
    const noun = next === 'admin' ? 'an admin' : 'a user'
    return (
      <ActDialog
        title={`Make ${username} ${noun}?`}
        verb={next === 'admin' ? 'Make admin' : 'Make user'}
        done={`${username} is ${noun} now.`}
        write={() => update(id, { role: next })}
        onClose={onClose}
      >
        <Sentence>
          {next === 'admin'
            ? 'Admins see and change every app, make accounts, and see the system and the audit log.'
            : 'Users see their own apps and those that are shared with them.'}
        </Sentence>
      </ActDialog>
    )
  },
  password: ({ account: { id, username }, onClose }) => (
    <ActDialog
      title={`New password for ${username}`}
      verb="Set password"
      done={`${username} has a new password.`}
      write={(form) => update(id, { password: String(form.get('password')) })}
      onClose={onClose}
    >
      {(error) => (
        <>
          <Sentence>All login sessions and tokens of this account end.</Sentence>
          <FirstPassword error={error} />
        </>
      )}
    </ActDialog>
  ),
  'sign-out': ({ account: { id, username }, onClose }) => (
    <ActDialog
      title={`Sign ${username} out everywhere?`}
      verb="Sign out"
      done={`${username} is signed out everywhere.`}
      write={() => call('DELETE /api/users/:userId/sessions', { params: { userId: id } })}
      onClose={onClose}
    >
      <Sentence>All login sessions and all tokens of this account end. It can sign in again.</Sentence>
    </ActDialog>
  ),
  disable: ({ account: { id, username }, onClose }) => (
    <ActDialog
      title={`Disable ${username}?`}
      verb="Disable account"
      keep="Keep it"
      isDanger
      done={`${username} is disabled.`}
      write={() => update(id, { disabled: true })}
      onClose={onClose}
    >
      <Sentence>It can no longer sign in, and its sessions and tokens end. Its apps keep running.</Sentence>
    </ActDialog>
  ),
  enable: ({ account: { id, username }, onClose }) => (
    <ActDialog
      title={`Enable ${username}?`}
      verb="Enable account"
      done={`${username} can sign in again.`}
      write={() => update(id, { disabled: false })}
      onClose={onClose}
    >
      <Sentence>It can sign in again with its password. Tokens that ended stay ended.</Sentence>
    </ActDialog>
  ),
  delete: ({ account: { id, username }, onClose }) => (
    <ActDialog
      title={`Delete ${username}?`}
      verb="Delete account"
      keep="Keep it"
      isDanger
      done={`${username} is deleted.`}
      write={() => call('DELETE /api/users/:userId', { params: { userId: id } })}
      onClose={onClose}
    >
      <Sentence>The account is gone for good. What it did stays in the audit log.</Sentence>
    </ActDialog>
  ),
}

const Sentence = ({ children }: { children: string }) => <p className="text-ink-2">{children}</p>

export function NewUserDialog({ onClose }: { onClose: () => void }) {
  const [role, setRole] = useState<Role>('user')
  const write = (form: FormData) =>
    call('POST /api/users', {
      body: {
        username: textOf(form, 'username'),
        password: String(form.get('password')),
        role,
        displayName: textOf(form, 'displayName') || null,
      },
    })
  return (
    <ActDialog title="New user" verb="Make account" done="The account is made." write={write} onClose={onClose}>
      {(error) => (
        <>
          <Field
            label="Name"
            hint="Letters, digits, dots and hyphens, to sign in with."
            error={fieldError(error, 'username')}
          >
            {(control) => (
              <Input
                {...control}
                data-autofocus
                name="username"
                maxLength={64}
                pattern="[A-Za-z0-9][A-Za-z0-9._\-]*"
                autoComplete="off"
                autoCapitalize="none"
                required
              />
            )}
          </Field>
          <Field label="Display name" isOptional error={fieldError(error, 'displayName')}>
            {(control) => <Input {...control} name="displayName" maxLength={128} autoComplete="off" />}
          </Field>
          <FirstPassword error={error} />
          <Choice
            legend="Role"
            name="role"
            value={role}
            options={[
              { value: 'user', label: 'User', hint: 'Own apps, and shared ones' },
              { value: 'admin', label: 'Admin', hint: 'Everything' },
            ]}
            onChange={setRole}
          />
        </>
      )}
    </ActDialog>
  )
}

const FirstPassword = ({ error }: { error: unknown }) => (
  <NewPasswordField
    name="password"
    hint="8 characters or more. Hand it over safely; its owner can change it on the profile."
    error={fieldError(error, 'password')}
  />
)
