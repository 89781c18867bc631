import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { isWanted, packFolder } from './pack-folder.ts'

const file = (path: string, text: string) => ({ path, file: new File([text], path.split('/').at(-1) ?? '') })

describe('packFolder', () => {
  it('makes a zip of what is in the folder, without what no deploy needs', async () => {
    const large = 'x'.repeat(3 * 2 ** 20)
    const packed = await packFolder('forecast', [
      file('forecast/app.R', 'oc.init <- function() NULL'),
      file('forecast/data/large.csv', large),
      file('forecast/.git/config', 'secret'),
      file('forecast/empty', ''),
    ])
    const found = unzipSync(new Uint8Array(await packed.arrayBuffer()))
    expect(Object.keys(found).sort()).toEqual(['app.R', 'data/large.csv', 'empty'])
    expect(new TextDecoder().decode(found['data/large.csv'])).toBe(large)
    expect(packed.name).toBe('forecast.zip')
  })

  it.each(['a/.git/HEAD', 'a/.Renviron', 'a/renv/library/R-4.5/x', 'a/.Rproj.user/1', 'a/.DS_Store'])(
    'leaves %s out',
    (path) => {
      expect(isWanted(file(path, ''))).toBe(false)
    },
  )

  it.each(['a/app.R', 'a/renv/activate.R', 'a/renv.lock', 'a/.gitignore'])('keeps %s', (path) => {
    expect(isWanted(file(path, ''))).toBe(true)
  })
})
