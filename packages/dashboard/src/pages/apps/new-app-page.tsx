import { useLoaderData, useSearchParams } from 'react-router-dom'
import { call } from '../../api.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { NewAppForm } from '../../forms/new-app-form.tsx'
import { paths } from '../../paths.ts'

export async function loader() {
  const { items } = await call('GET /api/runtimes', {})
  return { rVersions: items.map((runtime) => runtime.rVersion) }
}

export function NewAppPage() {
  const { rVersions } = useLoaderData<typeof loader>()
  const [query] = useSearchParams()
  return (
    <>
      <title>New app · rserve-proxy</title>
      <PageHeader title="New app" crumbs={[{ label: 'Apps', to: paths.apps() }, { label: 'New app' }]} />
      <NewAppForm rVersions={rVersions} source={query.get('from') === 'git' ? 'git' : 'upload'} />
    </>
  )
}
