import { orderOf, pullAll } from '@quartermaster/connector-kit/testing';
import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import {
  isFault,
  mapListings,
  money,
  type Channel,
  type Listing,
  type OrderStanding,
  type ShipmentConfirmation,
} from '@quartermaster/domain';
import { centsProof } from '@quartermaster/domain';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { wooCommerceChannel } from './channel.ts';
import { createClient } from './client.ts';
import { systemClock, memoryRateLimiter } from '@quartermaster/connector-kit';

// Against a real WooCommerce on this machine, with a shop that may be written to:
// QM_WOO_ORIGIN=http://127.0.0.1:8091 QM_WOO_KEY=ck_… QM_WOO_SECRET=cs_… npx vitest run --dir packages/channels/woocommerce live

const origin = process.env['QM_WOO_ORIGIN'];
const keys = { consumerKey: process.env['QM_WOO_KEY'] ?? '', consumerSecret: process.env['QM_WOO_SECRET'] ?? '' };
const reason = origin === undefined ? ' (skipped: QM_WOO_ORIGIN names no real shop)' : '';
const hasFulfillments = process.env['QM_WOO_FULFILLMENTS'] === '1';

describe.skipIf(origin === undefined)(`a real WooCommerce${reason}`, () => {
  const at = origin ?? 'http://127.0.0.1';
  const channel = wooCommerceChannel({
    connection: 'live',
    origin: at,
    ...keys,
    webhookSecret: 'hush-hush',
    fulfillments: hasFulfillments,
    refundThroughGateway: false,
  });
  const hands = peopleOf(at);

  test('nothing stands in the way', async () => {
    expect((await channel.probe()).problems).toEqual([]);
  });

  test('published levels are what the shop shows, of products and variations; each bad one is told by itself', async () => {
    const { simple, variation } = await hands.addProducts();
    const level = (sku: string, available: number) => ({ sku, node: '*', available, expected: null });
    const pushed = await channel.pushStock([level(simple, 7), level(variation, 4), level(`${simple}-gone`, 1)], intentMemo());
    expect(pushed.map(({ kind }) => kind)).toEqual(['set', 'set', 'unknown-item']);
    expect(await channel.shownStock([simple, variation, 'NO'].map((sku) => ({ sku, node: '*' })))).toEqual([7, 4, null]);
  });

  test('listings are read by SKU, with variations', async () => {
    const { simple, variation } = await hands.addProducts();
    const all: Listing[] = [];
    for await (const page of channel.listings?.() ?? []) all.push(...page);
    const { bySku } = mapListings(all);
    expect([bySku.get(simple)?.title, bySku.get(variation)?.title]).toEqual(['Live mug', 'Live shirt - S']);
  });

  test('orders are pulled once, with totals to the cent, whatever zone the shop is in', async () => {
    const { simple } = await hands.addProducts();
    const cursor = channel.cursorAt(new Date(Date.now() - 1_000).toISOString());
    const ids = [await hands.placeOrder(simple, 3), await hands.placeOrder(simple, 2)];
    const first = await pullAll(channel, cursor);
    expect(
      first.orders
        .map(({ order }) => order.id)
        .filter((id) => ids.includes(id))
        .toSorted(),
    ).toEqual(ids.toSorted());
    for (const { order } of first.orders) expect(centsProof(order)).toMatchObject({ explained: true, difference: { minor: 0 } });
    expect((await pullAll(channel, first.cursor)).orders).toEqual([]);
    for (const { order } of first.orders) expect((await channel.getOrder(order.id))?.order).toEqual(order);
  });

  test('an order that was put into the trash is told as cancelled', async () => {
    const { simple } = await hands.addProducts();
    const id = await hands.placeOrder(simple, 1);
    const { cursor } = await pullAll(channel, channel.cursorAt(new Date(Date.now() - 5_000).toISOString()));
    await hands.trash(id);
    const { orders } = await pullAll(channel, cursor);
    expect(orders.map(({ order }) => [order.id, order.status])).toEqual([[id, 'cancelled']]);
  });

  test('an order is acknowledged, ships in two parcels, and is complete then; too many units are refused', async () => {
    const { simple } = await hands.addProducts();
    const orderId = await hands.placeOrder(simple, 3);
    await channel.acknowledgement?.make({ orderId, ourRef: 'S00042' }, intentMemo());
    expect(await channel.acknowledgement?.find({ orderId, ourRef: 'S00042' }, intentMemo())).toEqual({
      kind: 'found',
      result: { ref: 'S00042' },
    });
    const parcel = await parcelOf(channel, orderId);
    const first = await channel.confirmShipment(parcel(1, '1Z1'), intentMemo());
    expect(await channel.confirmShipment(parcel(1, '1Z1'), intentMemo())).toEqual(first);
    expect(await channel.findShipment(parcel(1, '1Z1'))).toEqual({ kind: 'found', result: first });
    expect(await unshippedOf(channel, orderId)).toBe(2);
    await expect(channel.confirmShipment(parcel(3, '1Z2'), intentMemo())).rejects.toMatchObject({ code: 'refused' });
    await channel.confirmShipment(parcel(2, '1Z3'), intentMemo());
    expect(await unshippedOf(channel, orderId)).toBe(0);
    expect((await channel.getOrder(orderId))?.order.status).toBe('closed');
    expect(await hands.told(orderId, hasFulfillments)).toBe(2);
  });

  test('a refund of a unit and of shipping is made once, found by its name, and takes the unit out', async () => {
    const { simple } = await hands.addProducts();
    const orderId = await hands.placeOrder(simple, 3);
    const { order } = await orderOf(channel, orderId);
    const [line] = order.lines;
    const request = {
      orderId,
      refundId: `r-${randomUUID()}`,
      lines: [{ lineId: line?.id ?? '', units: 1, amount: third(line?.total.minor), tax: third(line?.tax.minor) }],
      shipping: { amount: order.shipping, tax: order.shippingTax },
      adjustment: null,
      reason: 'damaged',
      note: null,
      restockAt: '*',
      notifyCustomer: false,
    } as const;
    const refunded = await channel.refund?.make(request, intentMemo());
    expect(await channel.refund?.make(request, intentMemo())).toEqual(refunded);
    expect(await channel.refund?.find(request, intentMemo())).toEqual({ kind: 'found', result: refunded });
    const after = (await orderOf(channel, orderId)).order;
    expect(after.lines[0]?.quantity).toBe(2);
    expect(centsProof(after)).toMatchObject({ explained: true, difference: { minor: 0 } });
    expect(order.payment.secured.minor - after.payment.secured.minor).toBe(refunded?.amount.minor);
    await expect(
      channel.refund?.make(
        { ...request, refundId: 'too-much', lines: [], shipping: null, adjustment: money(9_999_900, 'EUR') },
        intentMemo(),
      ),
    ).rejects.toMatchObject({ code: 'refused' });
  });

  test('a cancelled order is cancelled', async () => {
    const { simple } = await hands.addProducts();
    const orderId = await hands.placeOrder(simple, 1);
    const request = { orderId, lines: null, reason: 'customer', restock: false, notifyCustomer: false } as const;
    await channel.cancellation?.make(request, intentMemo());
    expect(await channel.cancellation?.find(request, intentMemo())).toMatchObject({ kind: 'found' });
    expect((await orderOf(channel, orderId)).order.status).toBe('cancelled');
  });

  test('webhooks are subscribed once, and anew when the shop turned one off', async () => {
    const address = `https://qm.example/${randomUUID()}`;
    const states = async () => (await channel.subscriptions?.health(address))?.map(({ state }) => state);
    expect(await states()).toEqual(['missing', 'missing', 'missing', 'missing']);
    expect((await channel.subscriptions?.ensure(address))?.done).toHaveLength(4);
    expect((await channel.subscriptions?.ensure(address))?.done).toEqual([]);
    await hands.disableWebhook(address);
    expect(await states()).toContain('disabled');
    await channel.subscriptions?.ensure(address);
    expect(await states()).toEqual(['active', 'active', 'active', 'active']);
    await hands.removeWebhooks(address);
  });

  test('who has no right key is told so', async () => {
    const stranger = wooCommerceChannel({
      connection: 'live',
      origin: at,
      consumerKey: 'ck_no',
      consumerSecret: 'cs_no',
      webhookSecret: 'x',
    });
    await expect(stranger.getOrder('1')).rejects.toSatisfy((error) => isFault(error) && error.code === 'unauthorized');
  });
});

function third(minor: number | undefined) {
  return money(Math.floor((minor ?? 0) / 3), 'EUR');
}

async function unshippedOf(channel: Channel, id: string): Promise<number> {
  const found: OrderStanding[] = [];
  for await (const page of channel.standings({ orders: [id] })) found.push(...page);
  return found.flatMap(({ lines }) => lines).reduce((sum, line) => sum + line.unshipped, 0);
}

async function parcelOf(channel: Channel, orderId: string): Promise<(units: number, tracking: string) => ShipmentConfirmation> {
  const { order } = await orderOf(channel, orderId);
  const lineId = order.lines[0]?.id ?? '';
  return (units, tracking) => ({
    orderId,
    node: 'BER',
    lines: [{ lineId, units }],
    carrier: 'ups',
    trackingNumbers: [tracking],
    trackingUrl: 'https://track.example/?a=1&b=2',
    shippedAt: '2026-11-22T09:00:00.000Z',
    notifyCustomer: true,
  });
}

/** The hands of the real shop's people, over the same API. */
function peopleOf(at: string) {
  const client = createClient({
    origin: at,
    ...keys,
    keyTransport: at.startsWith('https:') ? 'basic' : 'oauth',
    webhookSecrets: [],
    bucket: 'hands',
    clock: systemClock,
    random: Math.random,
    limiter: memoryRateLimiter({}, systemClock),
  });
  const made = z.object({ id: z.number() });
  const post = async (path: string, body: object) =>
    (await client({ operation: 'people', method: 'POST', path: `/wc/v3${path}`, body, schema: made, kind: 'effect' })).id;
  const webhooksAt = async (address: string) =>
    (
      await client({
        operation: 'people',
        method: 'GET',
        path: '/wc/v3/webhooks',
        query: { per_page: 100 },
        schema: z.array(z.object({ id: z.number(), delivery_url: z.string() })),
        kind: 'read',
      })
    ).filter((webhook) => webhook.delivery_url === address);
  return {
    async addProducts() {
      const simple = `QM-${randomUUID()}`;
      const variation = `QM-${randomUUID()}`;
      await post('/products', { name: 'Live mug', type: 'simple', sku: simple, regular_price: '12.90' });
      const attributes = [{ name: 'Size', variation: true, visible: true, options: ['S', 'M'] }];
      const shirt = await post('/products', { name: 'Live shirt', type: 'variable', attributes });
      await post(`/products/${shirt}/variations`, { sku: variation, regular_price: '10', attributes: [{ name: 'Size', option: 'S' }] });
      return { simple, variation };
    },
    async placeOrder(sku: string, quantity: number): Promise<string> {
      const schema = z.array(made);
      const [product] = await client({ operation: 'people', method: 'GET', path: '/wc/v3/products', query: { sku }, schema, kind: 'read' });
      const address = {
        first_name: 'Ada',
        last_name: 'Example',
        address_1: 'Beispielweg 1',
        city: 'Bonn',
        postcode: '53111',
        country: 'DE',
      };
      const order = await post('/orders', {
        set_paid: true,
        payment_method: 'bacs',
        billing: { ...address, email: 'ada@example.test' },
        shipping: address,
        line_items: [{ product_id: product?.id, quantity }],
        shipping_lines: [{ method_id: 'flat_rate', method_title: 'DHL', total: '4.90' }],
      });
      return String(order);
    },
    trash: (id: string) => client({ operation: 'people', method: 'DELETE', path: `/wc/v3/orders/${id}`, schema: made, kind: 'effect' }),
    async told(id: string, fulfillments: boolean): Promise<number> {
      const path = `/wc/v3/orders/${id}/${fulfillments ? 'fulfillments' : 'notes'}`;
      const all = await client({ operation: 'people', method: 'GET', path, schema: z.array(z.unknown()), kind: 'read' });
      return all.filter((one) => JSON.stringify(one).includes('1Z')).length;
    },
    async disableWebhook(address: string): Promise<void> {
      const [first] = await webhooksAt(address);
      const body = { status: 'disabled' };
      await client({ operation: 'people', method: 'PUT', path: `/wc/v3/webhooks/${first?.id}`, body, schema: made, kind: 'effect' });
    },
    async removeWebhooks(address: string): Promise<void> {
      for (const { id } of await webhooksAt(address))
        await client({
          operation: 'people',
          method: 'DELETE',
          path: `/wc/v3/webhooks/${id}`,
          query: { force: true },
          schema: made,
          kind: 'effect',
        });
    },
  };
}
