import { centsProof, moneyFromDecimal, multiplyPrice, sumMoney, type ChannelOrder, type Person } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { draftErpOrder, erpLinesOf } from './erp-draft.ts';

const serviceSkus = { shipping: 'SHIP', tax: 'TAX', discount: 'DISCOUNT', other: 'OTHER' };
const person: Person = {
  shipTo: {
    name: 'A',
    company: null,
    lines: ['Street 1'],
    postalCode: '10115',
    city: 'Berlin',
    region: null,
    country: 'DE',
    phone: null,
    email: null,
  },
  billTo: null,
};

const currency = fc.constantFrom('EUR', 'JPY', 'KWD');
const anyOrder: fc.Arbitrary<ChannelOrder> = fc
  .record({
    currency,
    taxesIncluded: fc.boolean(),
    lines: fc.array(
      fc.record({
        quantity: fc.nat({ max: 40 }),
        total: fc.nat({ max: 200_000 }),
        tax: fc.nat({ max: 9_999 }),
        kind: fc.constantFrom('product' as const, 'non-stock' as const),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    shipping: fc.nat({ max: 9_999 }),
    shippingTax: fc.nat({ max: 999 }),
    orderDiscount: fc.nat({ max: 999 }),
    remittedTax: fc.option(fc.nat({ max: 999 }), { nil: undefined }),
  })
  .map((drawn) => {
    const amount = (minor: number) => ({ minor, currency: drawn.currency });
    const lines = drawn.lines.map((line, index) => ({
      id: `l${index}`,
      kind: line.kind,
      parent: null,
      sku: `S${index}`,
      title: 'Thing',
      quantity: line.quantity,
      unitFactor: 1,
      unitPrice: '1',
      total: amount(line.quantity === 0 ? 0 : line.total),
      tax: amount(line.quantity === 0 ? 0 : line.tax),
    }));
    const taxOnTop = drawn.taxesIncluded ? 0 : lines.reduce((sum, line) => sum + line.tax.minor, drawn.shippingTax);
    return {
      id: 'o1',
      name: '#1',
      revision: 'r1',
      status: 'open',
      test: false,
      placedAt: '2026-11-20T08:00:00.000Z',
      updatedAt: '2026-11-20T08:00:00.000Z',
      class: 'consumer',
      purchaseOrderNumber: null,
      terms: null,
      shipNotBefore: null,
      requestedService: null,
      pickupPoint: null,
      currency: drawn.currency,
      taxesIncluded: drawn.taxesIncluded,
      payment: { status: 'paid', secured: amount(0) },
      risk: 'low',
      subject: 'p1',
      destination: { country: 'DE', region: null, postalArea: '101' },
      addressHash: 'h',
      lines,
      shipping: amount(drawn.shipping),
      shippingTax: amount(drawn.shippingTax),
      orderDiscount: amount(drawn.orderDiscount),
      ...(drawn.remittedTax === undefined ? {} : { remittedTax: amount(Math.min(drawn.remittedTax, taxOnTop)) }),
      total: amount(lines.reduce((sum, line) => sum + line.total.minor, drawn.shipping + taxOnTop - drawn.orderDiscount)),
    };
  });

const draft = (order: ChannelOrder) =>
  draftErpOrder({
    key: { scope: { tenant: 't', company: 'c', connection: 'shop' }, orderId: order.id },
    order,
    person,
    nodeOf: () => 'BER',
    serviceSkus,
  });

test('what the ERP adds up from unit prices and quantities is the channel total, to the smallest unit of any currency', () => {
  fc.assert(
    fc.property(anyOrder, (order) => {
      const written = draft(order).lines.map((line) => multiplyPrice(line.unitPrice, line.quantity, order.currency));

      expect(sumMoney(written, order.currency)).toEqual(order.total);
    }),
  );
});

test('unit prices have no more digits than the currency, because ERPs round them', () => {
  fc.assert(
    fc.property(anyOrder, (order) => {
      for (const line of draft(order).lines) expect(() => moneyFromDecimal(line.unitPrice, order.currency)).not.toThrow();
    }),
  );
});

test('every unit of a line is written exactly once, and shipping it names the same ERP lines', () => {
  fc.assert(
    fc.property(anyOrder, (order) => {
      const drafted = draft(order);

      for (const line of order.lines.filter((line) => line.quantity > 0)) {
        const pieces = erpLinesOf(line);
        expect(pieces.reduce((sum, piece) => sum + piece.units, 0)).toBe(line.quantity);
        for (const piece of pieces) expect(drafted.lines.find((written) => written.id === piece.lineId)?.quantity).toBe(piece.units);
      }
    }),
  );
});

test('the ERP is written what the proof of the total says, line by line, and shipping, tax and discount apart', () => {
  fc.assert(
    fc.property(anyOrder, (order) => {
      const written = draft(order).lines.map((line) => ({
        id: line.id,
        amount: multiplyPrice(line.unitPrice, line.quantity, order.currency),
      }));
      const amountOf = (...starts: readonly string[]) =>
        sumMoney(
          written.filter(({ id }) => starts.some((start) => id === start || id.startsWith(`${start}:`))).map(({ amount }) => amount),
          order.currency,
        );
      const proof = centsProof(order);
      const steps = (wanted: (what: string, lineId: string | null) => boolean) =>
        sumMoney(
          proof.steps.filter(({ what, lineId }) => wanted(what, lineId)).map(({ amount }) => amount),
          order.currency,
        );
      const isTax = (what: string) => what.startsWith('tax on ');
      for (const { id } of order.lines) expect(amountOf(`line:${id}`)).toEqual(steps((what, lineId) => lineId === id && !isTax(what)));
      expect(amountOf('charge:tax', 'charge:remitted-tax')).toEqual(steps(isTax));
      expect(amountOf('charge:shipping')).toEqual(steps((what) => what === 'shipping'));
      expect(amountOf('charge:discount')).toEqual(steps((what) => what === 'discount on the order'));
      expect([proof.difference.minor, proof.explained]).toEqual([0, true]);
    }),
  );
});
