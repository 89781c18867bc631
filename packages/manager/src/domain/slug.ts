import { reservedSlugs } from '@rserve-proxy/contract/reserved-slugs.ts'

export const isReserved = (slug: string) => reservedSlugs.some((reserved) => reserved === slug)
