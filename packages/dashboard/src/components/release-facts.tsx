import type { App } from '@rserve-proxy/contract/apps.ts'
import type { Release } from '@rserve-proxy/contract/releases.ts'
import { Card } from '../ui/card.tsx'
import { DefinitionList } from '../ui/definition-list.tsx'
import { RelativeTime } from '../ui/time.tsx'
import { memoryText } from './size-text.ts'

/** What visitors get now. */
export const ReleaseFacts = ({ app, release }: { app: App; release: Release }) => (
  <Card title="Live release" aside={<span className="text-sm text-ink-3">v{release.number}</span>}>
    <DefinitionList
      facts={[
        { name: 'Code', value: <span className="font-mono text-sm">{release.revision.label}</span> },
        { name: 'R', value: `${release.rVersion}, ${packagesText(release)}` },
        { name: 'Made', value: <RelativeTime iso={release.createdAt} /> },
        { name: 'Limits', value: limitsText(app) },
      ]}
    />
    {release.packages.length > 0 && (
      <details className="mt-3 text-sm">
        <summary className="text-ink-2">Installed packages</summary>
        <ul className="mt-2 max-h-60 space-y-1 overflow-y-auto">
          {release.packages.map((item) => (
            <li key={item.name} className="flex justify-between gap-2">
              <span className="min-w-0 truncate">{item.name}</span>
              <span className="text-ink-3 tabular-nums">{item.version}</span>
            </li>
          ))}
        </ul>
        <a
          className="mt-2 inline-block text-accent-ink underline"
          href={`/api/apps/${app.id}/releases/${release.number}/renv.lock`}
          download="renv.lock"
        >
          Download renv.lock
        </a>
      </details>
    )}
  </Card>
)

export function packagesText({ packageCount, packagesFrom }: Release) {
  const count = packageCount === 1 ? '1 package' : `${packageCount} packages`
  if (!packagesFrom || packageCount === 0) return count
  return packagesFrom === 'code' ? `${count}, found in the code` : `${count} from ${packagesFrom}`
}

function limitsText({ resources: { memoryBytes, cpus } }: App) {
  const parts = [memoryBytes && memoryText(memoryBytes), cpus && (cpus === 1 ? '1 core' : `${cpus} cores`)]
  return parts.filter(Boolean).join(', ') || 'Default'
}
