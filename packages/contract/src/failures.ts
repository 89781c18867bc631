import { type Static, Type } from '@sinclair/typebox'
import { words } from './common.ts'
import { type FailureCode, failures } from './failure-texts.ts'

export type { FailureCode } from './failure-texts.ts'
export { failures } from './failure-texts.ts'

export const Failure = Type.Object(
  {
    code: Type.Unsafe<FailureCode>(Type.String({ enum: Object.keys(failures) })),
    detail: Type.String({ description: 'One or two sentences: the first real error and what to do' }),
    lastLines: Type.Array(Type.String(), { description: 'The last lines of the log, at most 200' }),
    fix: Type.Optional(
      Type.Object(
        {
          kind: words('apt', 'package'),
          packages: Type.Array(Type.String()),
        },
        { description: 'To be added to the app: system packages, or R packages' },
      ),
    ),
  },
  { $id: 'Failure' },
)
export type Failure = Static<typeof Failure>
