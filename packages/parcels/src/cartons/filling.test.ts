import { expect, test } from 'vitest';
import { emptyFilling, put, type Filling } from './filling.ts';
import { tableOf } from './shape-table.ts';
import type { Shape, Sides } from './shapes.ts';

const cube = (side: number, units: number, fragile = false): Shape => ({ units, lies: [[side, side, side]], fragile });

function filled(box: Sides, shapes: readonly Shape[], shape: number): Filling {
  const table = tableOf(box, shapes);
  if (table === null) throw new Error('every shape goes into the box');
  const filling = emptyFilling(table);
  put(filling, table, shape, table.firstLie[shape] ?? 0, 0, 0, 0);
  return filling;
}

function rooms({ rooms: numbers, roomCount }: Filling): number[][] {
  return Array.from({ length: roomCount }, (_, room) => [...numbers.subarray(room * 6, room * 6 + 6)]);
}

test('a unit in the corner leaves three rooms that overlap one another', () => {
  expect(rooms(filled([30, 30, 30], [cube(10, 2)], 0))).toEqual([
    [10, 0, 0, 30, 30, 30],
    [0, 10, 0, 30, 30, 30],
    [0, 0, 10, 30, 30, 30],
  ]);
});

test('room that is too small for everything that is left is not kept', () => {
  expect(rooms(filled([30, 30, 30], [cube(10, 1), cube(25, 1)], 0))).toEqual([]);
});

test('there is no room above something fragile', () => {
  expect(rooms(filled([30, 30, 30], [cube(10, 2, true)], 0))).toEqual([
    [10, 0, 0, 30, 30, 30],
    [0, 10, 0, 30, 30, 30],
  ]);
});

test('a shape that goes in no way makes no table', () => {
  expect(tableOf([30, 30, 30], [cube(31, 1)])).toBeNull();
});
