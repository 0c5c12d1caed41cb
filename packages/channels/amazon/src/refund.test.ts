import { intentMemo, withFaults, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import type { Refund } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { givenSeller } from './testing/shop.ts';

const eur = (minor: number) => ({ minor, currency: 'EUR' });

async function shippedOrder(options: Parameters<typeof givenSeller>[0] = {}, faults: (app: SandboxApp) => SandboxApp = (app) => app) {
  const given = givenSeller(options, {}, faults);
  const orderId = given.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }], shipping: '4.90' });
  const lineId = given.shop.order(orderId).items[0]?.id ?? '';
  const parcel = { carrier: 'ups', trackingNumbers: ['1Z1'], trackingUrl: null, shippedAt: given.clock.now(), notifyCustomer: false };
  await given.channel.confirmShipment({ orderId, node: 'BER', lines: [{ lineId, units: 2 }], ...parcel }, intentMemo());
  const request: Refund = {
    orderId,
    refundId: 'r-1',
    lines: [{ lineId, units: 1, amount: eur(1290), tax: eur(206) }],
    shipping: { amount: eur(490), tax: eur(78) },
    adjustment: eur(100),
    reason: 'returned',
    note: null,
    restockAt: null,
    notifyCustomer: false,
  };
  const { refund } = given.channel;
  if (refund === null) throw new Error('no refunds');
  return { ...given, orderId, request, refund };
}

test('goods, shipping and goodwill go back together, tax in them where prices hold it', async () => {
  const { refund, request, shop, orderId } = await shippedOrder();
  expect(await refund.make(request, intentMemo('one'))).toMatchObject({ amount: eur(1880), state: 'done' });
  expect(shop.order(orderId).refunds).toEqual([1880]);
});

test('a refund that Amazon still works on is pending, and found when it is through', async () => {
  const { refund, request, clock } = await shippedOrder({ processMs: 1_800_000 });
  const kept = intentMemo('one');
  const made = await refund.make(request, kept);
  clock.advanceTo('2026-11-21T11:00:00.000Z');
  const found = await refund.find(request, kept);
  expect([made.state, found]).toEqual(['pending', { kind: 'found', result: { ...made, state: 'done' } }]);
});

test('a refund that Amazon refuses is not there', async () => {
  const { refund, request, shop, orderId } = await shippedOrder();
  await refund.make(request, intentMemo('one'));
  const kept = intentMemo('two');
  await expect(refund.make({ ...request, refundId: 'r-2' }, kept)).rejects.toMatchObject({
    code: 'refused',
    facts: { outcome: 'not-applied' },
  });
  expect([await refund.find({ ...request, refundId: 'r-2' }, kept), shop.order(orderId).refunds]).toEqual([{ kind: 'absent' }, [1880]]);
});

test('when nobody can be asked after the refund was handed in, it may have happened', async () => {
  let failing = false;
  const broken = (app: SandboxApp) => withFaults(app, (_call, { url }) => (failing && /feeds\/\d+$/.test(url) ? 'error-before' : null));
  const { refund, request } = await shippedOrder({}, broken);
  failing = true;
  await expect(refund.make(request, intentMemo('one'))).rejects.toMatchObject({ facts: { outcome: 'unknown' } });
});

test('an answer that was lost is found after a restart, by the time at which it was asked for', async () => {
  let failing = false;
  const broken = (app: SandboxApp) =>
    withFaults(app, (_call, { url, method }) => (failing && method === 'POST' && url.endsWith('/feeds') ? 'drop-after' : null));
  const { refund, request } = await shippedOrder({}, broken);
  const kept = intentMemo('one');
  failing = true;
  await expect(refund.make(request, kept)).rejects.toMatchObject({ code: 'unreachable', facts: { outcome: 'unknown' } });
  failing = false;
  expect(await refund.find(request, kept)).toMatchObject({ kind: 'found', result: { state: 'done', amount: eur(1880) } });
});

test('where two feeds may be the refund a person has to look', async () => {
  const { refund, request, clock } = await shippedOrder();
  const lost = { ...intentMemo('three'), refs: { refundAskedAt: clock.now() } };
  const small = { ...request, shipping: null, adjustment: null, lines: request.lines.map((line) => ({ ...line, amount: eur(100) })) };
  await refund.make({ ...small, refundId: 'r-2' }, intentMemo('three'));
  await refund.make({ ...small, refundId: 'r-3' }, intentMemo('three'));
  expect((await refund.find(request, lost)).kind).toBe('cannot-tell');
});

test('a line that is no item of the order is refused, not left out', async () => {
  const { refund, request, events } = await shippedOrder();
  const lines = request.lines.map((line) => ({ ...line, lineId: `${line.lineId}:GIFT_WRAP` }));
  await expect(refund.make({ ...request, lines }, intentMemo('one'))).rejects.toMatchObject({ code: 'unsupported' });
  expect(events.some(({ operation }) => operation === 'createFeed')).toBe(false);
});

test('more than the order came to is not even asked for', async () => {
  const { refund, request, events } = await shippedOrder();
  const tooMuch = { ...request, adjustment: eur(100_000) };
  await expect(refund.make(tooMuch, intentMemo('one'))).rejects.toMatchObject({ code: 'refused', facts: { outcome: 'not-applied' } });
  expect(events.some(({ operation }) => operation === 'createFeed')).toBe(false);
});
