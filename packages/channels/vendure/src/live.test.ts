import { orderOf, pullAll } from '@quartermaster/connector-kit/testing';
import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import {
  centsProof,
  isFault,
  mapListings,
  money,
  type Channel,
  type Listing,
  type OrderStanding,
  type ShipmentConfirmation,
} from '@quartermaster/domain';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { vendureChannel } from './channel.ts';
import { peopleOf } from './testing/people.ts';

// Against a real Vendure on this machine, with a shop that may be written to: tools/peers/vendure starts one.

const origin = process.env['QM_VENDURE_ORIGIN'];
const reason = origin === undefined ? ' (skipped: QM_VENDURE_ORIGIN names no real shop)' : '';

describe.skipIf(origin === undefined)(`a real Vendure${reason}`, { timeout: 300_000 }, () => {
  const at = origin ?? 'http://127.0.0.1';
  const token = process.env['QM_VENDURE_API_KEY'] ?? '';
  const people = peopleOf(at, process.env['QM_VENDURE_OWNER_KEY'] ?? '');
  const channelWith = (stockLocations: Readonly<Record<string, string>>) =>
    vendureChannel({ connection: 'live', url: `${at}/admin-api`, token, stockLocations });
  const channel = channelWith({ BER: '1' });

  test('nothing stands in the way of a key that has the rights which the connector needs, and no others', async () => {
    expect(await channel.probe()).toEqual({ account: '__default_channel__', problems: [] });
  });

  test('published levels are what customers can buy, at each location, beside what open orders have', async () => {
    const sku = await people.addVariant();
    const both = channelWith({ BER: '1', PAR: await people.addLocation() });
    await people.placeOrder(sku, 2);
    const level = (node: string, available: number, of = sku) => ({ sku: of, node, available, expected: null });
    const pushed = await both.pushStock([level('BER', 7), level('PAR', 3), level('BER', 1, 'NOT-THERE'), level('ROM', 1)], intentMemo());
    expect(pushed.map(({ kind }) => kind)).toEqual(['set', 'set', 'unknown-item', 'refused']);
    expect(await both.shownStock([...['BER', 'PAR'].map((node) => ({ sku, node })), { sku: 'NOT-THERE', node: 'BER' }])).toEqual([
      7,
      3,
      null,
    ]);
    await expect(people.placeOrder(sku, 11)).rejects.toThrow('INSUFFICIENT_STOCK');
    expect(await people.placeOrder(sku, 10)).not.toBe('');
  });

  test('a hundred levels are one call', async () => {
    const skus = await people.addVariants(100);
    const pushed = await channel.pushStock(
      skus.map((sku) => ({ sku, node: 'BER', available: 5, expected: null })),
      intentMemo(),
    );
    expect(pushed.filter(({ kind }) => kind === 'set')).toHaveLength(100);
  });

  test('listings are read by SKU, more of them than fit a page', async () => {
    const skus = await people.addVariants(120);
    const all: Listing[] = [];
    for await (const page of channel.listings?.() ?? []) all.push(...page);
    const { bySku } = mapListings(all);
    expect(skus.filter((sku) => !bySku.has(sku))).toEqual([]);
  });

  test('orders are pulled once, more of them than fit a page, with totals to the cent', async () => {
    const sku = await people.addVariant();
    const cursor = channel.cursorAt(new Date().toISOString());
    const placed: string[] = [];
    for (let nth = 0; nth < 130; nth++) placed.push(await people.placeOrder(sku, 1 + (nth % 7), { isDiscounted: nth % 2 === 0 }));
    const first = await pullAll(channel, cursor);
    const ids = first.orders.map(({ order }) => order.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(placed.filter((id) => !ids.includes(id))).toEqual([]);
    for (const { order } of first.orders) expect(centsProof(order)).toMatchObject({ explained: true, difference: { minor: 0 } });
    expect((await pullAll(channel, first.cursor)).orders).toEqual([]);
    expect((await orderOf(channel, placed[0] ?? '')).order).toEqual(first.orders.find(({ order }) => order.id === placed[0])?.order);
  });

  test('orders of a shop whose prices hold their tax come to its totals as well', async () => {
    const sku = await people.addVariant();
    await people.setPricesIncludeTax(true);
    const placed: string[] = [];
    for (let nth = 1; nth <= 7; nth++) placed.push(await people.placeOrder(sku, nth, { isDiscounted: true }));
    const orders = await Promise.all(placed.map(async (id) => (await orderOf(channel, id)).order));
    await people.setPricesIncludeTax(false);
    expect(new Set(orders.map(({ taxesIncluded }) => taxesIncluded))).toEqual(new Set([true]));
    for (const order of orders) expect(centsProof(order)).toMatchObject({ explained: true, difference: { minor: 0 } });
  });

  test('a cart is no order', async () => {
    const sku = await people.addVariant();
    const { cursor } = await pullAll(channel, channel.cursorAt(new Date().toISOString()));
    const id = await people.fillCart(sku);
    expect((await pullAll(channel, cursor)).orders).toEqual([]);
    expect(await channel.getOrder(id)).toBeNull();
  });

  test('an order is acknowledged, ships in two parcels, and is complete then; too many units are refused', async () => {
    const orderId = await people.placeOrder(await people.addVariant(), 3);
    const acknowledgement = { orderId, ourRef: 'S00042' };
    await channel.acknowledgement?.make(acknowledgement, intentMemo());
    expect(await channel.acknowledgement?.find(acknowledgement, intentMemo())).toEqual({ kind: 'found', result: { ref: 'S00042' } });
    const parcel = await parcelOf(channel, orderId);
    expect(await channel.findShipment(parcel(1, '1Z1'))).toEqual({ kind: 'absent' });
    const first = await channel.confirmShipment(parcel(1, '1Z1'), intentMemo());
    expect(await channel.confirmShipment(parcel(1, '1Z1'), intentMemo())).toEqual(first);
    expect(await channel.findShipment(parcel(1, '1Z1'))).toEqual({ kind: 'found', result: first });
    expect(await unshippedOf(channel, orderId)).toBe(2);
    await expect(channel.confirmShipment(parcel(3, '1Z2'), intentMemo())).rejects.toMatchObject({ code: 'refused' });
    await channel.confirmShipment(parcel(2, '1Z3'), intentMemo());
    expect(await unshippedOf(channel, orderId)).toBe(0);
    expect((await orderOf(channel, orderId)).order.status).toBe('closed');
    expect(await people.shipmentsOf(orderId)).toEqual(['Shipped UPS 1Z1', 'Shipped UPS 1Z3']);
  });

  test('a fulfilment that was added and not shipped is gone on with', async () => {
    const orderId = await people.placeOrder(await people.addVariant(), 2);
    const request = (await parcelOf(channel, orderId))(2, '1Z7');
    await people.addFulfilment(request);
    expect(await channel.findShipment(request)).toEqual({ kind: 'absent' });
    await channel.confirmShipment(request, intentMemo());
    expect(await people.shipmentsOf(orderId)).toEqual(['Shipped UPS 1Z7']);
  });

  test('a refund of a unit and of shipping is made once, found by its name, and done when somebody has paid it', async () => {
    const orderId = await people.placeOrder(await people.addVariant(), 3);
    const { order } = await orderOf(channel, orderId);
    const [line] = order.lines;
    const third = (minor = 0) => money(Math.floor(minor / 3), order.currency);
    const request = {
      orderId,
      refundId: `r-${randomUUID()}`,
      lines: [{ lineId: line?.id ?? '', units: 1, amount: third(line?.total.minor), tax: third(line?.tax.minor) }],
      shipping: { amount: order.shipping, tax: order.shippingTax },
      adjustment: null,
      reason: 'damaged',
      note: null,
      restockAt: null,
      notifyCustomer: false,
    } as const;
    const refunded = await channel.refund?.make(request, intentMemo());
    expect(refunded?.state).toBe('pending');
    expect(await channel.refund?.make(request, intentMemo())).toEqual(refunded);
    expect(await channel.refund?.find(request, intentMemo())).toEqual({ kind: 'found', result: refunded });
    expect(order.payment.secured.minor - (await orderOf(channel, orderId)).order.payment.secured.minor).toBe(refunded?.amount.minor);
    await people.settleRefund(refunded?.ref ?? '');
    expect(await channel.refund?.find(request, intentMemo())).toMatchObject({ kind: 'found', result: { state: 'done' } });
    const tooMuch = { ...request, refundId: 'too-much', lines: [], shipping: null, adjustment: money(9_999_900, order.currency) };
    await expect(channel.refund?.make(tooMuch, intentMemo())).rejects.toMatchObject({ code: 'refused' });
  });

  test('units are cancelled once, and then the order', async () => {
    const orderId = await people.placeOrder(await people.addVariant(), 3);
    const lineId = (await orderOf(channel, orderId)).order.lines[0]?.id ?? '';
    const about = { orderId, reason: 'out-of-stock', restock: false, notifyCustomer: false } as const;
    const one = { ...about, lines: [{ lineId, units: 1 }] };
    await channel.cancellation?.make(one, intentMemo('one'));
    await channel.cancellation?.make(one, intentMemo('one'));
    expect(await channel.cancellation?.find(one, intentMemo('one'))).toMatchObject({ kind: 'found' });
    expect(await channel.cancellation?.find(one, intentMemo('two'))).toEqual({ kind: 'absent' });
    const { order } = await orderOf(channel, orderId);
    expect([order.lines[0]?.quantity, order.status]).toEqual([2, 'open']);
    expect(centsProof(order)).toMatchObject({ explained: true, difference: { minor: 0 } });
    await channel.cancellation?.make({ ...about, lines: null }, intentMemo('three'));
    const after = (await orderOf(channel, orderId)).order;
    expect([after.status, after.total.minor]).toEqual(['cancelled', 0]);
  });

  test('what has not shipped is cancelled, and what has is not', async () => {
    const orderId = await people.placeOrder(await people.addVariant(), 3);
    await channel.confirmShipment((await parcelOf(channel, orderId))(1, '1Z1'), intentMemo());
    const request = { orderId, lines: null, reason: 'customer', restock: false, notifyCustomer: false } as const;
    await channel.cancellation?.make(request, intentMemo());
    expect(await channel.cancellation?.find(request, intentMemo())).toMatchObject({ kind: 'found' });
    expect([(await orderOf(channel, orderId)).order.lines[0]?.quantity, await unshippedOf(channel, orderId)]).toEqual([1, 0]);
  });

  test('authorized money is secured, and taken', async () => {
    const orderId = await people.placeOrder(await people.addVariant(), 2, { method: 'later' });
    const { order } = await orderOf(channel, orderId);
    expect([order.payment.status, order.payment.secured]).toEqual(['authorized', order.total]);
    const request = { orderId, amount: order.total };
    expect(await channel.capture?.find(request, intentMemo())).toEqual({ kind: 'absent' });
    const captured = await channel.capture?.make(request, intentMemo());
    expect(await channel.capture?.make(request, intentMemo())).toEqual(captured);
    expect((await orderOf(channel, orderId)).order.payment.status).toBe('paid');
  });

  test('who has no right key is told so', async () => {
    const stranger = vendureChannel({ connection: 'live', url: `${at}/admin-api`, token: 'nobody', stockLocations: {} });
    await expect(stranger.getOrder('1')).rejects.toSatisfy((error) => isFault(error) && error.code === 'forbidden');
  });
});

async function unshippedOf(channel: Channel, id: string): Promise<number> {
  const found: OrderStanding[] = [];
  for await (const page of channel.standings({ orders: [id] })) found.push(...page);
  return found.flatMap(({ lines }) => lines).reduce((sum, line) => sum + line.unshipped, 0);
}

async function parcelOf(channel: Channel, orderId: string): Promise<(units: number, tracking: string) => ShipmentConfirmation> {
  const lineId = (await orderOf(channel, orderId)).order.lines[0]?.id ?? '';
  return (units, tracking) => ({
    orderId,
    node: 'BER',
    lines: [{ lineId, units }],
    carrier: 'ups',
    trackingNumbers: [tracking],
    trackingUrl: null,
    shippedAt: '2026-11-22T09:00:00.000Z',
    notifyCustomer: true,
  });
}
