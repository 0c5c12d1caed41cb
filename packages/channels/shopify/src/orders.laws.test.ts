import { pullAll } from '@quartermaster/connector-kit/testing';
import { randomFaults, withFaults } from '@quartermaster/connector-kit/sandbox';
import type { Channel, ChannelCursor, PulledOrder } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ada, givenShop } from './testing/shop.ts';

/** What happens to a shop: an order comes, changes or is cancelled, and some seconds pass. */
const happening = fc.record({
  kind: fc.constantFrom('place', 'place', 'address', 'cancel', 'refund', 'pay'),
  which: fc.nat(20),
  seconds: fc.constantFrom(0, 0, 1, 50, 200),
});
type Happening = { kind: string; which: number; seconds: number };

function happen(given: ReturnType<typeof givenShop>, what: Happening): void {
  const { shop, clock } = given;
  clock.advanceTo(new Date(Date.parse(clock.now()) + what.seconds * 1_000).toISOString());
  const names = shop.snapshot().orders.map((order) => order.name);
  const name = names[what.which % Math.max(1, names.length)];
  if (what.kind === 'place' || name === undefined) {
    shop.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 + (what.which % 3) }], address: ada, financialStatus: 'AUTHORIZED' });
  } else if (what.kind === 'address') shop.changeAddress(name, { ...ada, address1: `Weg ${what.which}` });
  else if (what.kind === 'cancel') shop.cancelOrder(name);
  else if (what.kind === 'refund') shop.refund(name, { shipping: true });
  else shop.setFinancialStatus(name, 'PAID');
}

const revisionOf = ({ order }: PulledOrder) => `${order.id} ${order.revision}`;

async function current(channel: Channel): Promise<Set<string>> {
  return new Set((await pullAll(channel)).orders.map(revisionOf));
}

test('any order and repetition of pulls over a shop at rest finds the same readings', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 25 }), fc.array(fc.nat(50), { maxLength: 8 }), async (happenings, picks) => {
      const given = givenShop();
      for (const what of happenings) happen(given, what);
      const cursors: ChannelCursor[] = [given.channel.cursorAt('2020-01-01T00:00:00Z')];
      const found = new Set<string>();
      for (const pick of [0, ...picks]) {
        const pulled = await pullAll(given.channel, cursors[pick % cursors.length]);
        for (const order of pulled.orders) found.add(revisionOf(order));
        cursors.push(...pulled.cursors);
      }
      expect(found).toEqual(await current(given.channel));
    }),
    { numRuns: 60 },
  );
});

test('who pulls from cursor to cursor while the shop lives on ends with the last reading of every order, whatever gets lost on the way', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(happening, { maxLength: 6 }), { maxLength: 6 }), fc.nat(10_000), async (rounds, seed) => {
      const given = givenShop({}, { attempts: 12 }, (app) => withFaults(app, randomFaults({ share: 0.2, seed })));
      const last = new Map<string, string>();
      let cursor = given.channel.cursorAt('2026-11-21T00:00:00Z');
      for (const happenings of [...rounds, []]) {
        for (const what of happenings) happen(given, what);
        for await (const page of given.channel.pullOrders(cursor)) {
          for (const { order } of page.orders) last.set(order.id, order.revision);
          ({ cursor } = page);
        }
      }
      const quiet = new Map((await pullAll(given.channel)).orders.map(({ order }) => [order.id, order.revision]));
      expect(last).toEqual(quiet);
    }),
    { numRuns: 60 },
  );
});

test('webhooks in any order, twice or once, lead to the same readings as a pull', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 15 }), fc.nat(1_000), fc.boolean(), async (happenings, seed, duplicate) => {
      const given = givenShop();
      for (const what of happenings) happen(given, what);
      const read = new Map<string, string>();
      for (const webhook of given.shop.takeWebhooks({ reorder: true, duplicate, seed })) {
        const verdict = await given.channel.verifyWebhook(webhook.body, webhook.headers);
        if (verdict.kind !== 'genuine' || verdict.orderId === null) throw new Error(`${webhook.topic} named no order`);
        const pulled = await given.channel.getOrder(verdict.orderId);
        if (pulled !== null) read.set(pulled.order.id, revisionOf(pulled));
      }
      expect(new Set(read.values())).toEqual(await current(given.channel));
    }),
    { numRuns: 60 },
  );
});
