import { expect, test } from 'vitest';
import { importRateSheet } from './index.ts';

test('a sheet becomes bands by service and zone, by rising weight', () => {
  const sheet = 'service,zone,max_weight,price\nground,Z1,10,7.90\nground,Z1,2,4.10\nground,Z2,2,5.5\nexpress,Z1,1.5,12\n';
  expect(importRateSheet(sheet, 'EUR')).toEqual({
    services: [
      {
        service: 'ground',
        prices: [
          {
            zone: 'Z1',
            bands: [
              { upToGrams: 2_000, minor: 410 },
              { upToGrams: 10_000, minor: 790 },
            ],
          },
          { zone: 'Z2', bands: [{ upToGrams: 2_000, minor: 550 }] },
        ],
      },
      { service: 'express', prices: [{ zone: 'Z1', bands: [{ upToGrams: 1_500, minor: 1_200 }] }] },
    ],
    badRows: [],
  });
});

test('a sheet with semicolons has decimal commas, and its columns stand in any order', () => {
  const sheet = '\uFEFFprice;note;max_weight;zone;service\r\n"7,90";"a; ""b""";31,5;Z1;ground\r\n';
  expect(importRateSheet(sheet, 'EUR').services).toEqual([
    { service: 'ground', prices: [{ zone: 'Z1', bands: [{ upToGrams: 31_500, minor: 790 }] }] },
  ]);
});

test('rows that make no sense are reported with their line and left out', () => {
  const sheet = [
    'service,zone,max_weight,price',
    'g,Z1,2,4.10',
    'g,,2,4.10',
    'g,Z1,two,4',
    'g,Z1,0,4',
    'g,Z1,1.0005,4',
    'g,Z1,3,4.105',
    'g,Z1,2.0,9',
    'g,Z1,5,-1',
  ];
  expect(importRateSheet(sheet.join('\n'), 'EUR')).toEqual({
    services: [{ service: 'g', prices: [{ zone: 'Z1', bands: [{ upToGrams: 2_000, minor: 410 }] }] }],
    badRows: [
      { row: 3, reason: 'zone is empty' },
      { row: 4, reason: 'max_weight is not a number: two' },
      { row: 5, reason: 'max_weight is no whole number of grams above 0: 0' },
      { row: 6, reason: 'max_weight is no whole number of grams above 0: 1.0005' },
      { row: 7, reason: 'price is finer than the smallest unit of EUR: 4.105' },
      { row: 8, reason: 'service g, zone Z1 has a price up to 2000 g already' },
      { row: 9, reason: 'price is not a number: -1' },
    ],
  });
});

test('a sheet without its columns is one bad row', () => {
  expect(importRateSheet('service;zone;price\na;b;1', 'EUR')).toEqual({
    services: [],
    badRows: [{ row: 1, reason: 'no column max_weight' }],
  });
});
