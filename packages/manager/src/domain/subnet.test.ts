import { expect, it } from 'vitest'
import { appSubnet, subnetCount } from './subnet.ts'

const base = '10.213.0.0/16'

it('cuts the upper half of the base into /27s without overlap', () => {
  expect(appSubnet(base, 0, 'internet')).toBe('10.213.128.0/27')
  expect(appSubnet(base, 9, 'internet')).toBe('10.213.129.32/27')
  expect(appSubnet(base, subnetCount - 1, 'internet')).toBe('10.213.191.224/27')
  expect(appSubnet(base, 0, 'none')).toBe('10.213.192.0/27')
  expect(appSubnet(base, subnetCount - 1, 'none')).toBe('10.213.255.224/27')
  expect(() => appSubnet(base, subnetCount, 'internet')).toThrow(RangeError)
})
