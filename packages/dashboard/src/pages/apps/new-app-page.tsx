import { useLoaderData, useSearchParams } from 'react-router-dom'
import { call } from '../../api.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { NewAppForm } from '../../forms/new-app-form.tsx'
import type { SourceType } from '../../forms/source-fields.tsx'
import { paths } from '../../paths.ts'

export async function loader() {
  const [runtimes, credentials] = await Promise.all([call('GET /api/runtimes', {}), call('GET /api/credentials', {})])
  return { rVersions: runtimes.items.map(({ rVersion }) => rVersion), credentials: credentials.items }
}

const sources: SourceType[] = ['upload', 'git', 'sample']

export function NewAppPage() {
  const offered = useLoaderData<typeof loader>()
  const [query] = useSearchParams()
  return (
    <>
      <title>New app · rserve-proxy</title>
      <PageHeader title="New app" crumbs={[{ label: 'Apps', to: paths.apps() }, { label: 'New app' }]} />
      <NewAppForm {...offered} source={sources.find((known) => known === query.get('from')) ?? 'upload'} />
    </>
  )
}
