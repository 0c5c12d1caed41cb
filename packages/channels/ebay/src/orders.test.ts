import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { centsProof, epochMs, instantOf } from '@quartermaster/domain';
import nock from 'nock';
import { expect, test } from 'vitest';
import { ebayChannel } from './channel.ts';
import { ada, givenSeller, keyset, orderNow, pullAll, start } from './testing/seller.ts';

const oneMug = { lines: [{ sku: 'MUG', quantity: 1 }], address: ada };

test('an order that changes while the pages of a window are read makes no other one slip past', async () => {
  let lists = 0;
  const placed: string[] = [];
  const { ebay, channel, clock } = givenSeller({}, {}, (app, sandbox) => async (request) => {
    if (new URL(request.url).searchParams.has('filter') && lists++ > 0) {
      clock.advanceTo(instantOf(epochMs(clock.now()) + 10));
      for (const id of placed.slice(-40 * lists, -40 * lists + 30)) sandbox.changeAddress(id, { ...ada, phone: String(lists) });
    }
    return app(request);
  });
  for (let nth = 0; nth < 650; nth++) placed.push(ebay.placeOrder(oneMug).id);
  const first = await pullAll(channel);
  const read = new Set(first.orders.map(({ order }) => order.id));
  for (const { order } of (await pullAll(channel, first.cursor)).orders) read.add(order.id);
  expect(placed.filter((id) => !read.has(id))).toEqual([]);
});

test('more orders than one window holds are read in several, oldest change first', async () => {
  const { ebay, channel, clock, calls } = givenSeller();
  for (let nth = 0; nth < 2_050; nth++) {
    if (nth % 50 === 0) clock.advanceTo(instantOf(epochMs(clock.now()) + 60_000));
    ebay.placeOrder(oneMug);
  }
  const { orders } = await pullAll(channel, channel.cursorAt(start));
  const times = orders.map(({ order }) => order.updatedAt);
  expect([new Set(orders.map(({ order }) => order.id)).size, times.toSorted()]).toEqual([2_050, times]);
  expect(calls.filter((call) => call === 'orders.pull').length).toBeLessThan(20);
});

test('a clock that is ahead of eBay’s reads all the same', async () => {
  const clock = virtualClock(start);
  const behind = { ...clock, now: () => instantOf(epochMs(clock.now()) - 7_000) };
  const { ebay, channel } = givenSeller({ clock: behind }, { clock });
  const { id } = ebay.placeOrder(oneMug);
  clock.advanceTo(instantOf(epochMs(clock.now()) + 60_000));
  expect((await pullAll(channel)).orders.map(({ order }) => order.id)).toEqual([id]);
});

test('a window goes over the wire closed, with its brackets encoded', async () => {
  nock('https://api.ebay.com').post('/identity/v1/oauth2/token').reply(200, { access_token: 'token-1', expires_in: 7_200 });
  const asked = nock('https://api.ebay.com', { reqheaders: { authorization: 'Bearer token-1' } })
    .get(
      '/sell/fulfillment/v1/order?filter=lastmodifieddate%3A%5B2026-11-21T08%3A55%3A00.000Z..2026-11-21T09%3A00%3A00.000Z%5D&limit=200&offset=0&fieldGroups=TAX_BREAKDOWN',
    )
    .reply(200, { total: 0, orders: [] });
  const channel = ebayChannel({ ...keyset, connection: 'acme', marketplace: 'EBAY_DE', clock: virtualClock(start) });
  await pullAll(channel, channel.cursorAt(start));
  expect(asked.isDone()).toBe(true);
});

test('an order of which eBay changed the shape is told beside the others, without its content', async () => {
  const { ebay, channel } = givenSeller({}, {}, (app) => async (request) => {
    const answer = await app(request);
    if (!new URL(request.url).searchParams.has('filter')) return answer;
    const text = (await answer.text()).replace('"quantity":1,', '"quantity":"one",');
    return new Response(text, { status: answer.status, headers: answer.headers });
  });
  const good = ebay.placeOrder(oneMug);
  const bad = ebay.placeOrder(oneMug);
  const { orders, unreadable } = await pullAll(channel);
  expect(orders.map(({ order }) => order.id)).toEqual([good.id]);
  expect(unreadable.map(({ id, reason }) => [id, reason.includes('Beispielweg')])).toEqual([[bad.id, false]]);
});

test('an order that buyers cancelled on eBay has one revision, though eBay tells the wish of a single order only', async () => {
  const { ebay, channel } = givenSeller();
  const { id } = ebay.placeOrder(oneMug);
  ebay.askToCancel(id);
  const [pulled] = (await pullAll(channel)).orders;
  expect(pulled?.order.revision).toBe((await orderNow(channel, id)).revision);
});

test('tax that eBay collects is in the total, on its line, and told as not ours', async () => {
  const { ebay, channel } = givenSeller();
  const { id } = ebay.placeOrder({ lines: [{ sku: 'MUG', quantity: 2, tax: 213, discount: 80 }], address: ada, shipping: 499 });
  const order = await orderNow(channel, id);
  expect([order.total.minor, order.remittedTax?.minor, order.lines[0]?.tax.minor, order.taxesIncluded]).toEqual([3_212, 213, 213, false]);
  expect(centsProof(order).explained).toBe(true);
});

test('how an order stands has the order’s own total, though eBay leaves its tax out when asked by id', async () => {
  const { ebay, channel } = givenSeller();
  const { id } = ebay.placeOrder({ lines: [{ sku: 'MUG', quantity: 2, tax: 213 }], address: ada });
  const totals: number[] = [];
  for await (const page of channel.standings({ orders: [id] })) totals.push(...page.map(({ total }) => total.minor));
  expect(totals).toEqual([(await orderNow(channel, id)).total.minor]);
});

test('an order by eBay’s international shipping goes to the hub, with the reference on the label', async () => {
  const { ebay, channel } = givenSeller();
  const hub = { name: 'eBay Hub', line1: 'Hub Street 1', city: 'Erlanger', postalCode: '41018', countryCode: 'US' };
  const { id } = ebay.placeOrder({ ...oneMug, hub: { address: hub, reference: 'GSP-4711' } });
  const pulled = await channel.getOrder(id);
  expect(pulled?.person.shipTo).toMatchObject({ name: 'eBay Hub', lines: ['Hub Street 1', 'Reference GSP-4711'], country: 'US' });
  expect(pulled?.order.destination).toMatchObject({ country: 'US', postalArea: '410' });
});

test('import charges that are in eBay’s total are a line with a cause, and those that are not are none', async () => {
  const { ebay, channel } = givenSeller();
  const lines = [{ sku: 'MUG', quantity: 1, importCharges: 350 }];
  const outside = await orderNow(channel, ebay.placeOrder({ lines, address: ada }).id);
  const inside = await orderNow(channel, ebay.placeOrder({ lines, address: ada, importChargesInTotal: true }).id);
  expect([outside, inside].map((order) => [order.total.minor, order.lines.map(({ cause }) => cause), centsProof(order).explained])).toEqual(
    [
      [1_290, [undefined], true],
      [1_640, [undefined, 'duties'], true],
    ],
  );
});

test('fees and an adjustment by the seller are lines with a cause', async () => {
  const { ebay, channel } = givenSeller();
  const { id } = ebay.placeOrder({ ...oneMug, fee: 150, adjustment: 99, shipping: 500, shippingDiscount: 200 });
  const order = await orderNow(channel, id);
  expect([order.lines.map(({ cause }) => cause), order.shipping.minor, centsProof(order).explained]).toEqual([
    [undefined, 'fee', 'fee'],
    300,
    true,
  ]);
});

test('an adjustment in the buyer’s favour is a discount on the order', async () => {
  const { ebay, channel } = givenSeller();
  const order = await orderNow(channel, ebay.placeOrder({ ...oneMug, adjustment: -290 }).id);
  expect([order.orderDiscount.minor, order.total.minor, centsProof(order).explained]).toEqual([290, 1_000, true]);
});

test('an order that eBay converted has the buyer’s total beside our own', async () => {
  const { ebay, channel } = givenSeller();
  const order = await orderNow(channel, ebay.placeOrder({ ...oneMug, converted: { currency: 'GBP', rate: 0.8 } }).id);
  expect([order.total, order.customerTotal]).toEqual([
    { minor: 1_290, currency: 'EUR' },
    { minor: 1_032, currency: 'GBP' },
  ]);
});

test('an item that was listed without a SKU gets ours by item and variation', async () => {
  const { ebay, channel } = givenSeller({}, { skuOf: ({ legacyItemId, legacyVariationId }) => `${legacyItemId}-${legacyVariationId}` });
  const line = { sku: null, legacyItemId: '110', legacyVariationId: '42', quantity: 1, price: 100 };
  expect((await orderNow(channel, ebay.placeOrder({ lines: [line], address: ada }).id)).lines[0]?.sku).toBe('110-42');
});

test('what eBay ships from its own warehouse needs nothing of ours', async () => {
  const { ebay, channel } = givenSeller();
  expect((await orderNow(channel, ebay.placeOrder({ ...oneMug, byEbay: true }).id)).lines.map(({ kind }) => kind)).toEqual(['non-stock']);
});

test('prices of a marketplace without tax in them do not hold it', async () => {
  const { ebay, channel } = givenSeller({ currency: 'USD' }, { marketplace: 'EBAY_US' });
  expect((await orderNow(channel, ebay.placeOrder(oneMug).id)).taxesIncluded).toBe(false);
});

test('of an order that is older than 90 days eBay tells the area only', async () => {
  const { ebay, channel, clock } = givenSeller();
  const { id } = ebay.placeOrder(oneMug);
  await clock.sleep(91 * 86_400_000);
  const pulled = await channel.getOrder(id);
  expect(pulled?.person.shipTo).toMatchObject({ name: '', lines: [], city: 'Bonn', phone: null });
});
