import { type Static, Type } from '@sinclair/typebox'
import { AppName } from './apps.ts'
import { Nullable, Uuid, words } from './common.ts'

export const Role = words('admin', 'user')
export type Role = Static<typeof Role>

/** ASCII alone: letters of other scripts that look alike would let one person pose as another. */
export const Username = Type.String({
  description: '1 to 64 letters, digits, dots, hyphens and underscores, beginning with a letter or digit',
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
})

/** Of accounts to be; a sign-in takes any text, so that a wrong one is wrong and not ill-formed. */
export const NewPassword = Type.String({
  description: '8 to 256 characters; common passwords and those with the user name in them are refused',
  minLength: 8,
  maxLength: 256,
})
export const GivenPassword = Type.String({ minLength: 1, maxLength: 256 })

export const DisplayName = Nullable(AppName)
export const Email = Nullable(
  Type.String({
    description: 'an e-mail address',
    maxLength: 254,
    pattern: '^[^\\s@\\p{C}<>()\\[\\],;:"\\\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,187}[A-Za-z0-9])?$',
  }),
)

export const User = Type.Object(
  { id: Uuid, username: Type.String(), displayName: Nullable(Type.String()), role: Role },
  { $id: 'User' },
)
export type User = Static<typeof User>
