import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { creditEffect, rebilled } from './rebilling.ts';

/** A line of which nothing is left to invoice, and a credit of some of what was invoiced. */
const credits = fc
  .record({
    delivered: fc.integer({ min: 0, max: 20 }),
    open: fc.integer({ min: 1, max: 20 }),
    units: fc.integer({ min: 1, max: 40 }),
  })
  .map(({ delivered, open, units }) => ({
    delivered,
    ordered: delivered + open,
    billed: delivered + open,
    units: Math.min(units, delivered + open),
  }));

test('after a credit nothing of it is to be invoiced, or the credit is refused', () => {
  fc.assert(
    fc.property(credits, ({ ordered, delivered, billed, units }) => {
      const toInvoice = ordered - (billed - units);
      const effect = creditEffect({ ordered, delivered, toInvoice }, 'order');
      if (effect.kind === 'kept') return;
      const now = effect.kind === 'lower' ? effect.ordered : ordered;
      expect(now - (billed - units)).toBeLessThanOrEqual(0);
      expect(now).toBeGreaterThanOrEqual(delivered);
    }),
  );
});

test('a credit that was made up for takes nothing off the order again', () => {
  fc.assert(
    fc.property(credits, ({ ordered, delivered, billed, units }) => {
      const effect = creditEffect({ ordered, delivered, toInvoice: ordered - (billed - units) }, 'order');
      if (effect.kind !== 'lower') return;
      expect(creditEffect({ ordered: effect.ordered, delivered, toInvoice: effect.ordered - (billed - units) }, 'order')).toEqual({
        kind: 'nothing',
      });
    }),
  );
});

test('units are refused only when the customer has more of them than would be paid', () => {
  fc.assert(
    fc.property(credits, fc.constantFrom('order', 'delivery'), ({ ordered, delivered, billed, units }, policy) => {
      const due = policy === 'order' ? ordered : delivered;
      const effect = creditEffect({ ordered, delivered, toInvoice: due - (billed - units) }, policy);
      expect(effect.kind === 'kept').toBe(billed - units < delivered);
    }),
  );
});

test('a credit that the order does not know of is seen before it is billed again', () => {
  fc.assert(
    fc.property(credits, ({ ordered, delivered, billed, units }) => {
      const line = { id: 1, ordered, delivered, billed, credited: units, toInvoice: ordered - (billed - units) };
      expect(rebilled(line)).toBe(true);
      expect(rebilled({ ...line, billed: 0, credited: 0, toInvoice: ordered })).toBe(false);
    }),
  );
});
