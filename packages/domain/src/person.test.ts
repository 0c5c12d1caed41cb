import { expect, test } from 'vitest';
import { destinationOf, destinationSchema, type Address } from './person.ts';

const address: Address = {
  name: 'Ada Example',
  company: null,
  lines: ['1 Example Street'],
  postalCode: 'sw1a 1aa',
  city: 'London',
  region: null,
  country: 'GB',
  phone: '+44 20 0000 0000',
  email: 'ada@example.com',
};

test.each([
  ['sw1a 1aa', 'SW1'],
  ['10115', '101'],
  ['00-950', '009'],
  ['00950', '009'],
  ['100-0001', '100'],
  ['101', '101'],
  ['', ''],
])('the postal code %j lies in the area %j', (postalCode, area) => {
  expect(destinationOf({ ...address, postalCode }).postalArea).toBe(area);
});

test('a country is the same in small letters', () => {
  expect(destinationOf({ ...address, country: ' gb ' }).country).toBe('GB');
});

test('a destination says nothing about the person', () => {
  expect(destinationOf({ ...address, region: 'ENG' })).toEqual({ country: 'GB', region: 'ENG', postalArea: 'SW1' });
});

test('a destination is what the order keeps of the address', () => {
  const destination = destinationOf(address);
  expect(destinationSchema.parse(destination)).toEqual(destination);
});
