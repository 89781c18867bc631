import { needKey } from '@rserve-proxy/contract/app-need.ts'
import type { App } from '@rserve-proxy/contract/apps.ts'
import type { User } from '@rserve-proxy/contract/people.ts'
import {
  Box,
  CirclePlus,
  CircleStop,
  CircleUser,
  Hammer,
  KeyRound,
  Play,
  RotateCw,
  ScrollText,
  Server,
  Trash2,
  Upload,
  Users,
} from 'lucide-react'
import type { ComponentType } from 'react'
import { useNavigate, useParams } from 'react-router-dom'
import { appStatusWords } from '../../components/app-status.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { useAppVerbs } from '../../forms/use-app-verbs.tsx'
import { useLiveApps } from '../../hooks/use-live.ts'
import type { PaletteState } from '../../live/palette-state.ts'
import { paths } from '../../paths.ts'
import type { Command } from './command.ts'
import { CommandList } from './command-list.tsx'

interface PaletteProps {
  user: User
  state: PaletteState
  onClose: () => void
}

/** Jumps to apps and pages, and does the verbs of the app whose page is open. */
export function Palette(props: PaletteProps) {
  const { appId } = useParams()
  const app = useLiveApps().get(appId ?? '')
  // Its verbs may ask, which outlives the palette.
  return app ? <PaletteOfApp key={app.id} {...props} app={app} /> : <List {...props} verbs={[]} />
}

function PaletteOfApp({ app, ...props }: PaletteProps & { app: App }) {
  const verbs = useAppVerbs(app)
  const verb = (label: string, Icon: IconType, { run, disabledReason }: Verb): Command => ({
    ...{ id: `verb-${label}`, group: 'This app', label: `${label} ${app.name}`, icon: <Icon {...iconProps} /> },
    ...{ disabledReason, run },
  })
  return (
    <>
      <List
        {...props}
        verbs={[
          verb('Deploy', Upload, verbs.deploy),
          verb('Start', Play, verbs.start),
          verb('Restart', RotateCw, verbs.restart),
          verb('Rebuild', Hammer, verbs.rebuild),
          verb('Stop', CircleStop, verbs.stop),
          verb('Delete', Trash2, verbs.remove),
        ]}
      />
      {verbs.dialog}
    </>
  )
}

type IconType = ComponentType<{ 'aria-hidden'?: boolean; className?: string }>
interface Verb {
  run: () => void
  disabledReason?: string | undefined
}
const iconProps = { 'aria-hidden': true, className: 'size-4 shrink-0 text-ink-2' } as const

function List({ user, state, verbs, onClose }: PaletteProps & { verbs: Command[] }) {
  const navigate = useNavigate()
  const apps = [...useLiveApps().values()].toSorted((a, b) => (needKey(a) < needKey(b) ? -1 : 1))
  if (state === 'closed') return null
  const jumps = apps.map((app) => appCommand(app, () => navigate(paths.app(app.id))))
  if (state === 'apps') return <CommandList label="Switch to an app" commands={jumps} onClose={onClose} />
  const pages = pagesOf(user).map(({ label, to, Icon }) => ({
    ...{ id: to, group: 'Pages' as const, label, icon: <Icon {...iconProps} />, run: () => navigate(to) },
  }))
  return <CommandList label="Search or jump to" commands={[...verbs, ...jumps, ...pages]} onClose={onClose} />
}

function appCommand(app: App, run: () => void): Command {
  const { icon, hue, word } = appStatusWords(app)
  return {
    ...{ id: app.id, group: 'Apps', label: app.name, hint: `/${app.slug}`, run },
    icon: (
      <>
        <StatusMark icon={icon} hue={hue} />
        <span className="sr-only">{word}: </span>
      </>
    ),
  }
}

function pagesOf(user: User): { label: string; to: string; Icon: IconType }[] {
  const all = [
    { label: 'Apps', to: paths.apps(), Icon: Box },
    { label: 'New app', to: paths.newApp(), Icon: CirclePlus },
    { label: 'Tokens', to: paths.tokens(), Icon: KeyRound },
    { label: 'Profile', to: paths.profile(), Icon: CircleUser },
  ]
  const forAdmins = [
    { label: 'Users', to: paths.users(), Icon: Users },
    { label: 'System', to: paths.system(), Icon: Server },
    { label: 'Audit', to: paths.audit(), Icon: ScrollText },
  ]
  return user.role === 'admin' ? [...all, ...forAdmins] : all
}
