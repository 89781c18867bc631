import type { Account } from '@rserve-proxy/contract/users.ts'
import { Ellipsis, Plus, Search } from 'lucide-react'
import { useState } from 'react'
import { useLoaderData, useSearchParams } from 'react-router-dom'
import { call } from '../../api.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { NewUserDialog, type UserAsking, UserDialog } from '../../forms/user-dialogs.tsx'
import { useUser } from '../../layouts/shell.tsx'
import { liveLoader } from '../../live-loader.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'

export const loader = liveLoader(({ request }) => {
  const query = new URL(request.url).searchParams
  const [q, cursor] = [query.get('q'), query.get('cursor')]
  return call('GET /api/users', { querystring: { limit: 50, ...(q && { q }), ...(cursor && { cursor }) } })
})

const columns: Column<Account>[] = [
  { header: 'Name', place: 'name', width: 'sm:w-1/4', cell: (account) => <NameCell account={account} /> },
  { header: 'Role', place: 'wide', cell: ({ role, disabled }) => roleText(role, disabled) },
  { header: 'Apps', place: 'hidden', width: 'sm:w-20', isNumber: true, cell: ({ apps }) => apps },
  {
    header: 'Last seen',
    place: 'fact',
    cardLabel: 'Seen:',
    cell: ({ lastSeenAt }) => (lastSeenAt ? <RelativeTime iso={lastSeenAt} /> : 'Never'),
  },
  {
    header: 'More',
    isHeaderHidden: true,
    place: 'corner',
    width: 'sm:w-14',
    cell: (account) => <UserMenu account={account} />,
  },
]

export function UsersPage() {
  const { items, nextCursor } = useLoaderData<typeof loader>()
  const [query, setQuery] = useSearchParams()
  const [isNew, setIsNew] = useState(false)
  const q = query.get('q') ?? ''
  return (
    <>
      <title>Users · rserve-proxy</title>
      <PageHeader
        title="Users"
        verbs={
          <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setIsNew(true)}>
            New user
          </Button>
        }
      />
      <SearchBox
        label="Filter by name or e-mail"
        searched={q}
        icon={<Search aria-hidden className="size-4" />}
        onSearch={(next) => setQuery(next ? { q: next } : {}, { replace: true })}
      />
      {items.length > 0 ? (
        <Table caption="Users" columns={columns} rows={items} rowKey={({ id }) => id} />
      ) : (
        <EmptyState text={`Nothing matches “${q}”.`}>
          <LinkButton to={paths.users()}>Clear</LinkButton>
        </EmptyState>
      )}
      {nextCursor && (
        <div className="flex justify-end">
          <LinkButton to={paths.users({ q, cursor: nextCursor })}>Next</LinkButton>
        </div>
      )}
      {isNew && <NewUserDialog onClose={() => setIsNew(false)} />}
    </>
  )
}

const roleText = (role: Account['role'], isDisabled: boolean) =>
  `${role === 'admin' ? 'Admin' : 'User'}${isDisabled ? ', disabled' : ''}`

const NameCell = ({ account: { username, displayName, email } }: { account: Account }) => (
  <>
    <span className="block font-semibold wrap-anywhere">{displayName ?? username}</span>
    <span className="block text-sm wrap-anywhere text-ink-3">
      {[displayName && username, email].filter(Boolean).join(', ')}
    </span>
  </>
)

function UserMenu({ account }: { account: Account }) {
  const me = useUser()
  const [asking, setAsking] = useState<UserAsking>()
  const isMe = me.id === account.id
  const own = isMe ? 'This is your own account' : undefined
  const owns =
    account.apps > 0 ? `Owns ${account.apps === 1 ? '1 app' : `${account.apps} apps`}: hand them over first` : undefined
  const item = (label: string, what: UserAsking, disabledReason?: string) => ({
    label,
    disabledReason,
    onSelect: () => setAsking(what),
  })
  return (
    <>
      <Menu
        label={`Verbs of ${account.username}`}
        items={[
          item(account.role === 'admin' ? 'Make user' : 'Make admin', 'role', own),
          item('Set password', 'password', isMe ? 'Change it on your profile' : undefined),
          item('Sign out everywhere', 'sign-out'),
          account.disabled ? item('Enable', 'enable') : item('Disable', 'disable', own),
          { ...item('Delete', 'delete', own ?? owns), isDanger: true },
        ]}
        trigger={(props) => (
          <IconButton
            {...props}
            label={`More for ${account.username}`}
            icon={<Ellipsis aria-hidden className="size-4" />}
          />
        )}
      />
      {asking && <UserDialog account={account} asking={asking} onClose={() => setAsking(undefined)} />}
    </>
  )
}
