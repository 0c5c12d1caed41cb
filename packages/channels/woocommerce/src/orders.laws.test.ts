import { randomFaults, withFaults } from '@quartermaster/connector-kit/sandbox';
import { centsProof, currencyExponent, isFault } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ada, givenShop, type Given } from './testing/shop.ts';

const happening = fc.record({
  kind: fc.constantFrom('place', 'place', 'note', 'cancel', 'complete', 'trash', 'refund'),
  which: fc.nat(20),
  seconds: fc.constantFrom(0, 0, 0.3, 1, 50, 4_000),
});
type Happening = { kind: string; which: number; seconds: number };

test('whatever happens, wherever the shop is and whatever gets lost on the way, who pulls on ends with every order as it is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(happening, { maxLength: 8 }), { maxLength: 6 }),
      fc.constantFrom('Asia/Tokyo', 'America/New_York', 'Europe/Berlin'),
      fc.constantFrom('2026-11-01T05:40:00.000Z', '2026-10-25T00:40:00.000Z', '2026-11-21T09:00:00.000Z'),
      fc.nat(10_000),
      async (rounds, zone, from, seed) => {
        const given = givenShop({ zone }, { attempts: 12 }, (app) => withFaults(app, randomFaults({ share: 0.15, seed })), from);
        const ids: string[] = [];
        const last = new Map<string, string>();
        let cursor = given.channel.cursorAt('2026-10-01T00:00:00Z');
        for (const happenings of [...rounds, []]) {
          for (const what of happenings) happen(given, ids, what);
          for await (const page of given.channel.pullOrders(cursor)) {
            for (const { order } of page.orders) last.set(order.id, order.revision);
            ({ cursor } = page);
          }
        }
        for (const id of ids) expect(last.get(id)).toBe((await given.channel.getOrder(id))?.order.revision);
      },
    ),
    { numRuns: 40 },
  );
});

const scenario = fc.record({
  currency: fc.constantFrom('JPY', 'EUR', 'KWD'),
  taxesIncluded: fc.boolean(),
  lines: fc.array(
    fc.record({
      price: fc.integer({ min: 1, max: 200_000 }),
      quantity: fc.integer({ min: 1, max: 9 }),
      discountShare: fc.integer({ min: 0, max: 100 }),
      taxShare: fc.integer({ min: 0, max: 27 }),
      taken: fc.nat(9),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  shipping: fc.integer({ min: 0, max: 5_000 }),
  fee: fc.integer({ min: -20, max: 500 }),
});

test('lines, fees, shipping and taxes are the total that the customer pays, to the minor unit, also of what is left after refunds', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ currency, taxesIncluded, lines, shipping, fee }) => {
      const { shop, channel } = givenShop({ currency, taxesIncluded });
      const price = (minor: number) => decimal(minor, currency);
      for (const [at, line] of lines.entries()) shop.addProduct({ sku: `SKU-${at}`, name: `${at}`, price: price(line.price), stock: 99 });
      const id = shop.placeOrder({
        lines: lines.map(({ price: each, quantity, discountShare, taxShare }, at) => {
          const discount = Math.floor((each * quantity * discountShare) / 100);
          const tax = Math.floor(((each * quantity - discount) * taxShare) / 127);
          return { sku: `SKU-${at}`, quantity, discount: price(discount), tax: price(tax) };
        }),
        shipping: price(shipping),
        fees: [{ name: 'Fee', total: price(fee) }],
        address: ada,
      });
      for (const [at, { quantity, taken }] of lines.entries())
        if (taken > 0 && taken < quantity) takeOut(() => shop.takeOut(id, `SKU-${at}`, taken));
      const { order } = (await channel.getOrder(id)) ?? {};
      if (order === undefined) throw new RangeError('the order is there');
      expect(centsProof(order)).toMatchObject({ explained: true, difference: { minor: 0 } });
    }),
    { numRuns: 100 },
  );
});

test('behind a firewall that counts, no call is refused for rate after the first minute', async () => {
  const { shop, channel, clock, exchanges } = givenShop({ firewall: { perSecond: 10, burst: 20 } }, { attempts: 5 });
  const from = Date.parse(clock.now());
  let refusedLate = 0;
  for (let round = 0; round < 40; round++) {
    for (let nth = 0; nth < 3; nth++) shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], address: ada });
    const before = exchanges.length;
    for await (const _page of channel.pullOrders(channel.cursorAt(clock.now())));
    for (let nth = 0; nth < 30; nth++) await channel.shownStock([{ sku: 'MUG', node: '*' }]);
    if (Date.parse(clock.now()) - from > 60_000) refusedLate += exchanges.slice(before).filter(({ status }) => status === 429).length;
  }
  const spentSeconds = (Date.parse(clock.now()) - from) / 1_000;
  expect(refusedLate).toBe(0);
  expect(exchanges.length / 10 / spentSeconds).toBeGreaterThan(0.9);
});

function happen({ shop, clock }: Given, ids: string[], { kind, which, seconds }: Happening): void {
  clock.advanceTo(new Date(Date.parse(clock.now()) + seconds * 1_000).toISOString());
  const id = ids[which % Math.max(1, ids.length)];
  if (kind === 'place' || id === undefined) {
    ids.push(shop.placeOrder({ lines: [{ sku: 'TEA', quantity: 2 + (which % 3) }], address: ada, paid: which % 4 > 0 }));
  } else if (kind === 'note') shop.writeCustomerNote(id, `note ${which}`);
  else if (kind === 'cancel') shop.setStatus(id, 'cancelled');
  else if (kind === 'complete') shop.setStatus(id, 'completed');
  else if (kind === 'trash') shop.trashOrder(id);
  else takeOut(() => shop.takeOut(id, 'TEA', 1));
}

/** The shop refuses to pay back nothing, and more than is left. */
function takeOut(take: () => void): void {
  try {
    take();
  } catch (error) {
    if (isFault(error) || !(error instanceof Error && error.message === 'Invalid refund amount.')) throw error;
  }
}

function decimal(minor: number, currency: string): string {
  const exponent = currencyExponent(currency);
  const text = String(Math.abs(minor)).padStart(exponent + 1, '0');
  return `${minor < 0 ? '-' : ''}${exponent === 0 ? text : `${text.slice(0, -exponent)}.${text.slice(-exponent)}`}`;
}
