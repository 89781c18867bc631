const SIZE = 32
/** Apps live in the upper half of the base: 10.213.128.0 and above; those without egress in the upper half of that. */
const APP_HALF = 128 * 256
const WITHOUT_EGRESS = 192 * 256
export const subnetCount = (WITHOUT_EGRESS - APP_HALF) / SIZE

/**
 * A /27 of an app inside a /16 base (`10.213.0.0/16`), by the index that its row holds. Each egress has its own, so
 * that both networks can stand while the app changes from one to the other.
 */
export function appSubnet(networkBase: string, index: number, egress: 'internet' | 'none'): string {
  if (index < 0 || index >= subnetCount) throw new RangeError(`subnet index ${index} is outside 0..${subnetCount - 1}`)
  const [first, second] = networkBase.split('.')
  const address = (egress === 'none' ? WITHOUT_EGRESS : APP_HALF) + index * SIZE
  return `${first}.${second}.${address >> 8}.${address & 255}/27`
}
