import type { User } from '@rserve-proxy/contract/people.ts'
import type { CreateToken, Scope } from '@rserve-proxy/contract/tokens.ts'
import { type FormEvent, useState } from 'react'
import { call } from '../api.ts'
import { errorWords, fieldError } from '../components/error-words.ts'
import { scopesUpTo, scopeWords } from '../components/token-words.ts'
import { useAct } from '../hooks/use-act.ts'
import { useLiveApps } from '../hooks/use-live.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { Input, Select } from '../ui/input.tsx'
import { textOf, textsOf } from './form-values.ts'
import { type NewToken, ShownOnce } from './shown-once.tsx'

export function NewTokenDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { act, isBusy, error } = useAct()
  const [made, setMade] = useState<NewToken>()
  if (made) return <ShownOnce token={made} onClose={onClose} />

  async function submit(event: FormEvent<HTMLFormElement>) {
    const body = tokenOf(new FormData(event.currentTarget))
    const done = await act(() => call('POST /api/auth/tokens', { body }))
    if (done) setMade(done.answer)
  }

  return (
    <Dialog
      title="New token"
      isBusy={isBusy}
      onClose={onClose}
      onSubmit={submit}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" look="primary" isBusy={isBusy}>
            Make token
          </Button>
        </>
      }
    >
      {error !== undefined && <ErrorSummary {...errorWords(error)} />}
      <Field label="Name" hint="What will use it, for example: nightly deploy." error={fieldError(error, 'name')}>
        {(control) => <Input {...control} data-autofocus name="name" maxLength={128} autoComplete="off" required />}
      </Field>
      <ScopeField isAdmin={user.role === 'admin'} />
      <AppsField />
      <Field label="Ends" error={fieldError(error, 'expiresInDays')}>
        {(control) => (
          <Select {...control} name="expiresInDays" defaultValue="90">
            <option value="7">In 7 days</option>
            <option value="30">In 30 days</option>
            <option value="90">In 90 days</option>
            <option value="365">In a year</option>
            {user.role === 'admin' && <option value="never">Never</option>}
          </Select>
        )}
      </Field>
    </Dialog>
  )
}

function ScopeField({ isAdmin }: { isAdmin: boolean }) {
  const [scope, setScope] = useState<Scope>('deploy')
  const offered: Scope[] = isAdmin ? ['read', 'deploy', 'manage', 'admin'] : ['read', 'deploy', 'manage']
  return (
    <Choice
      legend="It may"
      name="scope"
      value={scope}
      options={offered.map((value) => ({ value, ...scopeWords[value] }))}
      onChange={setScope}
    />
  )
}

function AppsField() {
  const apps = [...useLiveApps().values()].toSorted((a, b) => a.name.localeCompare(b.name))
  const [which, setWhich] = useState<'all' | 'some'>('all')
  return (
    <Choice
      legend="Apps"
      name="which"
      value={which}
      options={[
        { value: 'all', label: 'All your apps', hint: 'Also those to come' },
        { value: 'some', label: 'Some apps' },
      ]}
      onChange={setWhich}
    >
      {which === 'some' && (
        <ul className="mt-2 max-h-40 overflow-y-auto rounded-md border p-1">
          {apps.map(({ id, name, slug }) => (
            <li key={id}>
              <label className="flex items-center gap-2 rounded-sm px-2 py-1 hover:bg-sunken max-sm:min-h-10">
                <input type="checkbox" name="appIds" value={id} className="accent-accent" />
                <span className="min-w-0 truncate">{name}</span>
                <span className="font-mono text-xs text-ink-3">/{slug}</span>
              </label>
            </li>
          ))}
          {apps.length === 0 && <li className="px-2 py-1 text-ink-2">You have no apps yet.</li>}
        </ul>
      )}
    </Choice>
  )
}

function tokenOf(form: FormData): CreateToken {
  const appIds = textOf(form, 'which') === 'some' ? textsOf(form, 'appIds') : []
  const days = textOf(form, 'expiresInDays')
  return {
    name: textOf(form, 'name'),
    scopes: scopesUpTo(textOf(form, 'scope')),
    expiresInDays: days === 'never' ? null : Number(days),
    ...(textOf(form, 'which') === 'some' && { appIds }),
  }
}
