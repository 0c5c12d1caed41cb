import { money, type Refund } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocate, refundTotal, refundUnits } from './refund-plan.ts';

const eur = (minor: number) => money(minor, 'EUR');
const bare: Refund = {
  orderId: '1',
  refundId: 'R',
  lines: [],
  shipping: null,
  adjustment: null,
  reason: 'other',
  note: null,
  restockAt: null,
  notifyCustomer: false,
};

test('an amount is split over payments to the cent, none beyond what it holds, or not at all', () => {
  const payments = fc
    .array(fc.nat(10_000), { maxLength: 6 })
    .map((all) => all.map((most, index) => ({ id: String(index), gateway: 'g', most })));
  fc.assert(
    fc.property(payments, fc.nat(40_000), (all, total) => {
      const chosen = allocate(total, all);
      const reach = all.reduce((sum, { most }) => sum + most, 0);
      expect(chosen === null).toBe(total > reach);
      expect((chosen ?? []).every(({ payment, minor }) => minor > 0 && minor <= payment.most)).toBe(true);
      expect((chosen ?? []).reduce((sum, { minor }) => sum + minor, 0)).toBe(chosen === null ? 0 : total);
    }),
  );
});

test('units are refunded once each, cancelled ones had not shipped and returned ones had', () => {
  const line = fc.record({ units: fc.nat(6), refundable: fc.nat(6), unfulfilled: fc.nat(6) });
  const reason = fc.constantFrom('cancelled' as const, 'returned' as const);
  fc.assert(
    fc.property(line, reason, fc.boolean(), ({ units, refundable, unfulfilled }, why, restocked) => {
      const request = {
        ...bare,
        reason: why,
        restockAt: restocked ? 'BER' : null,
        lines: [{ lineId: 'a', units, amount: eur(1), tax: eur(0) }],
      };
      const parts = refundUnits(request, new Map([['a', { refundable, unfulfilled }]]));
      const of = (type: string) => parts.filter(({ restockType }) => restockType === type).reduce((sum, part) => sum + part.quantity, 0);
      const open = Math.min(unfulfilled, refundable);
      expect(of('CANCEL') + of('RETURN') + of('NO_RESTOCK')).toBe(Math.min(units, refundable));
      expect(of('CANCEL')).toBeLessThanOrEqual(open);
      expect(of('RETURN')).toBeLessThanOrEqual(refundable - open);
      expect(of('NO_RESTOCK') === 0 || !restocked).toBe(true);
    }),
  );
});

test('tax is added to what the customer gets exactly when it is not in the amounts', () => {
  const part = fc.record({ amount: fc.nat(10_000).map(eur), tax: fc.nat(2_000).map(eur) });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), fc.option(part), fc.boolean(), (lines, shipping, included) => {
      const request = { ...bare, lines: lines.map((one, index) => ({ ...one, lineId: String(index), units: 1 })), shipping };
      const all = [...lines, ...(shipping === null ? [] : [shipping])];
      const sum = all.reduce((left, one) => left + one.amount.minor + (included ? 0 : one.tax.minor), 0);
      expect(refundTotal(request, included, 'EUR')).toEqual(eur(sum));
    }),
  );
});
