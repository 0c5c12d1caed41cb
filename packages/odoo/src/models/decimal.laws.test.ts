import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalOf, numberOfDecimal } from './decimal.ts';

const amount = fc.double({ noNaN: true, noDefaultInfinity: true });

test('every amount that Odoo can send is a plain decimal, from which the same amount comes back', () => {
  fc.assert(
    fc.property(amount, (value) => {
      const text = decimalOf(value);
      expect(text).toMatch(/^-?\d+(\.\d+)?$/);
      // Minus nothing is nothing.
      expect(numberOfDecimal(text)).toBe(value + 0);
    }),
  );
});

test('an amount in cents is what people wrote, whatever zeros they wrote', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000_000_00, max: 1_000_000_000_00 }), fc.nat(4), (cents, zeros) => {
      const sign = cents < 0 ? '-' : '';
      const text = `${sign}${Math.trunc(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}${'0'.repeat(zeros)}`;
      expect(numberOfDecimal(text)).toBe(Number(text) + 0);
    }),
  );
});

test.each([
  [0.1 + 0.2, '0.30000000000000004'],
  [1e-7, '0.0000001'],
  [-1.5e-9, '-0.0000000015'],
  [-0, '0'],
  [12_345_678_901.23, '12345678901.23'],
  [1e21, '1000000000000000000000'],
])('%d is %s', (value, text) => {
  expect(decimalOf(value)).toBe(text);
});

test.each(['12345678901234567.89', '1e3', '1,5', '', '.5', '0x10', ' 1'])('%j is refused: Odoo would keep another amount', (text) => {
  expect(numberOfDecimal(text)).toBeNull();
});
