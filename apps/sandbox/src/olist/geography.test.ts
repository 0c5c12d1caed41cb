import { expect, test } from 'vitest';
import { clusterPlaces, kilometresBetween } from './geography.ts';

const saoPaulo = { latitude: -23.55, longitude: -46.63 };
const rio = { latitude: -22.91, longitude: -43.2 };

test('from São Paulo to Rio it is some 360 kilometres as the crow flies', () => {
  expect(kilometresBetween(saoPaulo, rio)).toBeGreaterThan(350);
  expect(kilometresBetween(saoPaulo, rio)).toBeLessThan(370);
});

test('places that lie together share a warehouse, the busiest first', () => {
  const places = [
    { ...saoPaulo, id: 'a', weight: 5 },
    { latitude: -23.6, longitude: -46.7, id: 'b', weight: 4 },
    { ...rio, id: 'c', weight: 20 },
    { latitude: -22.9, longitude: -43.3, id: 'd', weight: 1 },
  ];

  expect(clusterPlaces(places, 2).map((members) => members.map(({ id }) => id))).toEqual([
    ['c', 'd'],
    ['a', 'b'],
  ]);
});

test('there are no more warehouses than places', () => {
  expect(clusterPlaces([{ ...rio, id: 'only', weight: 1 }], 8)).toHaveLength(1);
});
