import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ada, dock, konrad } from './testing/account.ts';
import { isDomesticPair, lengthText, linesOf, measuresOf, placeOf, referenceOf, spokenReferenceOf, weightText } from './translate.ts';

describe('weights and sizes', () => {
  test.each([
    [1, '0.1'],
    [453, '1.0'],
    [454, '1.1'],
    [1_000, '2.3'],
  ])('%i grams are %s pounds', (grams, pounds) => expect(weightText(grams, 'LBS')).toBe(pounds));

  test('a kilogram and a gram are one and a tenth', () => expect(weightText(1_001, 'KGS')).toBe('1.1'));

  test.each([
    [254, 'IN', '10'],
    [255, 'IN', '11'],
    [300, 'CM', '30'],
    [301, 'CM', '31'],
  ] as const)('%i millimetres are %s %s', (millimetres, unit, text) => expect(lengthText(millimetres, unit)).toBe(text));

  test('no parcel is declared lighter or smaller than it is, nor a tenth or an inch more than needed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70_000 }), fc.integer({ min: 1, max: 2_740 }), (grams, millimetres) => {
        const heavier = Number(weightText(grams, 'LBS')) * 453.59237 - grams;
        const longer = Number(lengthText(millimetres, 'IN')) * 25.4 - millimetres;
        expect(heavier).toBeGreaterThan(-0.001);
        expect(heavier).toBeLessThan(45.36);
        expect(longer).toBeGreaterThan(-0.001);
        expect(longer).toBeLessThan(25.4);
      }),
    );
  });

  test('they are in pounds and inches from the United States and in kilograms and centimetres from elsewhere', () => {
    expect([measuresOf('US'), measuresOf('DE')]).toEqual([
      { weight: 'LBS', length: 'IN' },
      { weight: 'KGS', length: 'CM' },
    ]);
  });
});

describe('references', () => {
  test('one of a key is short enough for a label, of capitals and digits, and the same each time', () => {
    fc.assert(
      fc.property(fc.string(), (key) => {
        expect(referenceOf(key)).toMatch(/^QM[0-9A-F]{26}$/);
        expect(referenceOf(key)).toBe(referenceOf(key));
      }),
    );
  });

  test('two keys have two', () => expect(referenceOf('a')).not.toBe(referenceOf('b')));

  test('one for people keeps its letters and digits', () => expect(spokenReferenceOf('S00042 1/1 – Größe')).toBe('S00042 1 1 Gro e'));

  test('one without any is left out', () => expect(spokenReferenceOf('№ —')).toBe('No'));

  test('they stand at the parcel within the United States, and at the shipment across a border', () => {
    expect([isDomesticPair(dock, ada), isDomesticPair(dock, konrad), isDomesticPair(dock, { ...ada, region: 'PR' })]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('addresses', () => {
  test('Puerto Rico is a country of its own', () =>
    expect(placeOf({ country: 'US', region: 'PR' })).toEqual({ country: 'PR', state: null }));

  test('a long line is broken between words', () =>
    expect(linesOf(['Building 12 of the Old Harbor Business Park', 'Third Floor'])).toEqual([
      'Building 12 of the Old Harbor',
      'Business Park Third Floor',
    ]));

  test('a street that does not fit is not cut off', () => expect(linesOf([`${'Long '.repeat(25)}Street`])).toBe(null));

  test('whatever fits keeps every word, on three lines of 35 characters', () => {
    const words = (some: readonly string[]) => some.join(' ').split(/\s+/).filter(Boolean);
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[A-Za-z0-9]{1,12}( [A-Za-z0-9]{1,12}){0,2}$/), { minLength: 1, maxLength: 2 }), (lines) => {
        const fitted = linesOf(lines) ?? [];
        expect(words(fitted)).toEqual(words(lines));
        expect(fitted.length <= 3 && fitted.every((line) => line.length <= 35)).toBe(true);
      }),
    );
  });
});
