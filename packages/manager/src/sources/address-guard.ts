import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** Everything that IANA has set aside: loopback, private, link-local (metadata services), documentation, multicast. */
const special = new BlockList()
for (const range of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
])
  add(range, 'ipv4')
// Inside 2000::/3. Teredo and 6to4 carry an IPv4 address that we would not have looked at.
for (const range of ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']) add(range, 'ipv6')

/** All of the public internet over IPv6; what lies outside (mapped, translated, local) is refused unread. */
const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')

export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special.check(address, 'ipv4')
  if (!isIPv6(address) || address.includes('%')) return false
  return globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6')
}

function add(range: string, family: 'ipv4' | 'ipv6') {
  const [network = '', prefix] = range.split('/')
  special.addSubnet(network, Number(prefix), family)
}
