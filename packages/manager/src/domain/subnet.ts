const SIZE = 32
/** Apps live in the upper half of the base: 10.213.128.0 and above. */
const APP_HALF = 128 * 256
export const subnetCount = APP_HALF / SIZE

/** The /27 of an app inside a /16 base (`10.213.0.0/16`), by the index that its row holds. */
export function appSubnet(networkBase: string, index: number): string {
  if (index < 0 || index >= subnetCount) throw new RangeError(`subnet index ${index} is outside 0..${subnetCount - 1}`)
  const [first, second] = networkBase.split('.')
  const address = APP_HALF + index * SIZE
  return `${first}.${second}.${address >> 8}.${address & 255}/27`
}
