import { type Static, Type } from '@sinclair/typebox'
import { words } from './common.ts'

const packageName = '[A-Za-z](?:[A-Za-z0-9.]*[A-Za-z0-9])'
const ref = '(?:@(?!-)(?!\\*)(?!.*\\.\\.)[A-Za-z0-9._/-]+|@\\*release|#[0-9]+)'
/** `name[@1.2.3]`, `any::`, `cran::`, `bioc::name`, `[github::|gitlab::]owner/repo[/sub][@ref|#pr|@*release]`. */
export const PackageRef = Type.String({
  description: 'a package name such as dplyr, dplyr@1.1.4, bioc::limma or owner/repo@ref',
  maxLength: 256,
  pattern: `^(?:(?:(?:any|cran|bioc)::)?${packageName}(?:@(?:>=)?[0-9][0-9.-]*)?|(?:(?:github|gitlab)::)?[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9_.-]*[A-Za-z0-9_-](?:/[A-Za-z0-9_-]+)*${ref}?)$`,
})
export const SystemPackage = Type.String({
  description: 'the name of a Debian package',
  maxLength: 100,
  pattern: '^[a-z0-9][a-z0-9+.-]+$',
})

/** What tells which packages code needs: the first of these that is there. */
export const PackagesFrom = words('renv.lock', 'manifest.json', 'pkg.lock', 'DESCRIPTION', 'code')
export type PackagesFrom = Static<typeof PackagesFrom>
