import type { LoaderFunctionArgs } from 'react-router-dom'
import { call } from '../api.ts'

export interface AddressCheck {
  slug: string
  /** Undefined: cannot tell now; creating the app decides. */
  isFree: boolean | undefined
  reason?: string | null | undefined
}

/** A hint while somebody types, so that its failure is no error of the page. */
export async function loader({ params }: LoaderFunctionArgs): Promise<AddressCheck> {
  const slug = params.slug ?? ''
  try {
    const { available, reason } = await call('GET /api/slugs/:slug', { params: { slug } })
    return { slug, isFree: available, reason }
  } catch (error) {
    if (error instanceof Response) throw error
    return { slug, isFree: undefined }
  }
}
