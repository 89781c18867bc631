// The compiled TypeScript half: what a client hands to rserve-ts to call the app with types.
import { Robj } from 'rserve-ts'
import { z } from 'zod'

export const add = Robj.ocap([z.number(), z.number()], Robj.numeric(1))

export default { add }
