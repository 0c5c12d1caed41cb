import { expect, test } from 'vitest';
import type { SandboxServicePoint } from './sandbox/index.ts';
import { given, request } from './testing/given.ts';

function point(id: number, carrier: string, metres: number, more: Partial<SandboxServicePoint> = {}): SandboxServicePoint {
  return {
    id,
    carrier,
    metres,
    name: `Shop ${id}`,
    street: 'Stationsplein',
    houseNumber: '1',
    postalCode: '5611 AC',
    city: 'Eindhoven',
    country: 'NL',
    ...more,
  };
}

const servicePoints = [
  point(1, 'dhl', 900),
  point(2, 'postnl', 85),
  point(3, 'postnl', 300, { isExpired: true }),
  point(4, 'postnl', 20, { country: 'BE' }),
];

test('pickup points near an address come the nearest first, without those that are out of date', async () => {
  const { carrier } = given({ servicePoints });
  const near = await carrier.pickupPoints(request().shipTo);
  expect(near.map(({ id, metres }) => [id, metres])).toEqual([
    ['2', 85],
    ['1', 900],
  ]);
  expect(near[0]).toEqual({
    id: '2',
    carrier: 'postnl',
    name: 'Shop 2',
    lines: ['Stationsplein 1'],
    postalCode: '5611 AC',
    city: 'Eindhoven',
    country: 'NL',
    metres: 85,
  });
});

test('they are of the carriers that are named, and no more than are asked for', async () => {
  const { carrier } = given({ servicePoints });
  expect((await carrier.pickupPoints(request().shipTo, { carriers: ['dhl', 'gls'] })).map(({ id }) => id)).toEqual(['1']);
  expect((await carrier.pickupPoints(request().shipTo, { atMost: 1 })).length).toBe(1);
});
