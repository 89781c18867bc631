import { expect, it } from 'vitest'
import { appSubnet, subnetCount } from './subnet.ts'

it('cuts the upper half of the base into /27s without overlap', () => {
  expect(appSubnet('10.213.0.0/16', 0)).toBe('10.213.128.0/27')
  expect(appSubnet('10.213.0.0/16', 9)).toBe('10.213.129.32/27')
  expect(appSubnet('10.213.0.0/16', subnetCount - 1)).toBe('10.213.255.224/27')
  expect(() => appSubnet('10.213.0.0/16', subnetCount)).toThrow(RangeError)
})
