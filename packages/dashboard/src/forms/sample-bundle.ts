import sampleText from '../sample/app.R?raw'
import { packFolder } from './pack-folder.ts'

export { sampleText }

/** The sample as an archive, as if it had been chosen. */
export const sampleBundle = () =>
  packFolder('sample', [{ path: 'sample/app.R', file: new File([sampleText], 'app.R') }])
