import type { App } from '@rserve-proxy/contract/apps.ts'
import { CircleStop, Ellipsis, ExternalLink, Play, RotateCw, ScrollText, Trash2, Upload } from 'lucide-react'
import { useNavigate } from 'react-router-dom'
import { lastDeployFailed } from '../../components/app-status.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { needsBuild } from '../../components/setting-words.ts'
import { useAppVerbs } from '../../forms/use-app-verbs.tsx'
import { paths } from '../../paths.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu } from '../../ui/menu.tsx'

/** The one verb that this status asks for; an app that runs well asks for none. */
export function AppRowVerb({ app }: { app: App }) {
  const verbs = useAppVerbs(app)
  if (app.deployment && lastDeployFailed(app) && app.status !== 'starting') {
    return (
      <LinkButton to={paths.deployment(app.id, app.deployment.id)} size="row">
        Fix and deploy
      </LinkButton>
    )
  }
  if (app.status === 'degraded' || app.status === 'crash-loop') {
    return (
      <LinkButton to={paths.appLogs(app.id)} size="row">
        View logs
      </LinkButton>
    )
  }
  if (app.pendingSettings.length > 0 && app.status === 'running') {
    const verb = needsBuild(app) ? verbs.deploy : verbs.apply
    return (
      <>
        <Button size="row" isBusy={verbs.isBusy} disabledReason={verb.disabledReason} onClick={verb.run}>
          {needsBuild(app) ? 'Deploy' : 'Apply'}
        </Button>
        {verbs.dialog}
      </>
    )
  }
  if (app.status !== 'draft' && app.status !== 'stopped') return null
  const { label, verb } =
    app.status === 'draft' ? { label: 'Deploy', verb: verbs.deploy } : { label: 'Start', verb: verbs.start }
  return (
    <>
      <Button size="row" isBusy={verbs.isBusy} disabledReason={verb.disabledReason} onClick={verb.run}>
        {label}
      </Button>
      {verbs.dialog}
    </>
  )
}

const icon = 'size-4'

export function AppRowMenu({ app }: { app: App }) {
  const verbs = useAppVerbs(app)
  const navigate = useNavigate()
  const item = (verb: { run: () => void; disabledReason?: string | undefined }) => ({
    onSelect: verb.run,
    disabledReason: verb.disabledReason,
  })
  return (
    <>
      <Menu
        label={`Verbs of ${app.name}`}
        items={[
          { label: 'Open address', icon: <ExternalLink aria-hidden className={icon} />, href: app.url },
          {
            label: 'View logs',
            icon: <ScrollText aria-hidden className={icon} />,
            onSelect: () => navigate(paths.appLogs(app.id)),
          },
          { label: 'Deploy', icon: <Upload aria-hidden className={icon} />, ...item(verbs.deploy) },
          { label: 'Start', icon: <Play aria-hidden className={icon} />, ...item(verbs.start) },
          { label: 'Restart', icon: <RotateCw aria-hidden className={icon} />, ...item(verbs.restart) },
          { label: 'Stop', icon: <CircleStop aria-hidden className={icon} />, ...item(verbs.stop) },
          { label: 'Delete', icon: <Trash2 aria-hidden className={icon} />, isDanger: true, ...item(verbs.remove) },
        ]}
        trigger={(props) => (
          <IconButton {...props} label={`More for ${app.name}`} icon={<Ellipsis aria-hidden className={icon} />} />
        )}
      />
      {verbs.dialog}
    </>
  )
}
