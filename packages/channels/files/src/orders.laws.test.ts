import { centsProof } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvOfOrders } from './sandbox/index.ts';
import { givenFolder, mugOrder, orderText, pullAll } from './testing/folder.ts';

const versions = fc.array(
  fc.record({ id: fc.constantFrom('1', '2', '3'), minute: fc.integer({ min: 10, max: 59 }), quantity: fc.integer({ min: 0, max: 9 }) }),
  { minLength: 1, maxLength: 12 },
);

test('in whatever order, how often and in how many files versions come, the newest of each order is what was told last', async () => {
  await fc.assert(
    fc.asyncProperty(versions, fc.array(fc.nat(11), { maxLength: 12 }), fc.infiniteStream(fc.nat(3)), async (given, again, sizes) => {
      // Of two versions of the same minute nobody knows which is newer: here each order has one.
      const distinct = [...new Map(given.map((version) => [`${version.id} ${version.minute}`, version])).values()];
      const sent = [...distinct, ...again.flatMap((at) => distinct[at] ?? [])];
      const { channel, partner } = givenFolder({ wholeWhen: { kind: 'renamed' } });
      const told = new Map<string, number | undefined>();
      let cursor = channel.cursorAt('2020-01-01T00:00:00.000Z');
      for (let file = 0; sent.length > 0; file++) {
        const size = 1 + (sizes.next().value ?? 0);
        const orders = sent.splice(0, size).map(({ id, minute, quantity }) =>
          mugOrder(id, {
            updated_at: `2026-11-21T08:${minute}:00.000Z`,
            lines: [{ line_id: '1', sku: 'MUG', kind: 'product', quantity, unit_price: '1.00' }],
            total: `${quantity}.00`,
          }),
        );
        partner.directory.put(`orders/${file}.json`, orderText(...orders));
        if (file % 2 === 0) continue;
        const pulled = await pullAll(channel, cursor);
        for (const { order } of pulled.orders) told.set(order.id, order.lines[0]?.quantity);
        ({ cursor } = pulled);
      }
      for (const { order } of (await pullAll(channel, cursor)).orders) told.set(order.id, order.lines[0]?.quantity);
      for (const id of new Set(distinct.map((version) => version.id))) {
        const newest = distinct.filter((version) => version.id === id).reduce((left, right) => (left.minute > right.minute ? left : right));
        expect(told.get(id)).toBe(newest.quantity);
      }
    }),
    { numRuns: 60 },
  );
});

test('whatever a partner sells, the total of its order is derived to the cent', async () => {
  const line = fc.record({
    sku: fc.constantFrom('MUG', 'TEA'),
    quantity: fc.integer({ min: 1, max: 50 }),
    cents: fc.integer({ min: 1, max: 99_999 }),
    tax: fc.integer({ min: 0, max: 5_000 }),
  });
  const decimal = (cents: number) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      fc.integer({ min: 0, max: 2_000 }),
      async (lines, taxesIncluded, shipping) => {
        const { channel, partner } = givenFolder({ wholeWhen: { kind: 'renamed' } }, { taxesIncluded });
        partner.placeOrder({
          lines: lines.map(({ sku, quantity, cents, tax }) => ({ sku, quantity, unitPrice: decimal(cents), tax: decimal(tax) })),
          shipping: decimal(shipping),
        });
        const [pulled] = (await pullAll(channel)).orders;
        const expected = lines.reduce((sum, { quantity, cents, tax }) => sum + quantity * cents + (taxesIncluded ? 0 : tax), shipping);
        expect(pulled && [pulled.order.total.minor, centsProof(pulled.order).explained]).toEqual([expected, true]);
      },
    ),
    { numRuns: 60 },
  );
});

test('an order is the same order in CSV and in JSON', async () => {
  const word = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .filter((text) => text.trim() === text && !text.startsWith('\uFEFF'));
  const order = fc.record({ name: word, note: word, street: word, sku: word, quantity: fc.integer({ min: 1, max: 9 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(order, { minLength: 1, maxLength: 4 }), fc.constantFrom(',', ';', '\t', '|'), async (given, delimiter) => {
      const orders = given.map(({ name, note, street, sku, quantity }, at) =>
        mugOrder(String(at), {
          name,
          note,
          ship_to: { name, street, postal_code: '53111', city: 'Bonn', country: 'DE' },
          lines: [{ line_id: '1', sku, kind: 'product', quantity, unit_price: '1.00' }],
          total: `${quantity}.00`,
        }),
      );
      const read = async (path: string, text: string) => {
        const { channel, partner } = givenFolder({ wholeWhen: { kind: 'renamed' }, delimiter });
        partner.directory.put(path, text);
        const { orders: pulled, unreadable } = await pullAll(channel);
        return [
          pulled.map(({ order: { revision: _revision, ...rest }, person }) => [rest, person]),
          unreadable.map(({ reason }) => reason),
        ];
      };
      expect(await read('orders/a.csv', csvOfOrders(orders, delimiter))).toEqual(await read('orders/a.json', orderText(...orders)));
    }),
    { numRuns: 100 },
  );
});
