import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { isFault } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { ada, givenSeller, orderNow, pullAll, start } from './testing/seller.ts';

const mug = { lines: [{ sku: 'MUG', quantity: 1 }], address: ada };

test('however many calls wait for it, one token is asked for, and a new one before it runs out', async () => {
  const { walmart, channel, clock } = givenSeller();
  const id = walmart.placeOrder(mug);
  await Promise.all(Array.from({ length: 6 }, () => channel.getOrder(id)));
  const atOnce = walmart.tokens().length;
  await clock.sleep(14 * 60_000);
  await channel.getOrder(id);
  expect([atOnce, walmart.tokens().length]).toEqual([1, 2]);
});

test('every call has a correlation id of its own, which a fault tells', async () => {
  const ids: string[] = [];
  const { channel } = givenSeller({ clientSecret: 'another' }, {}, (app) => (request) => {
    ids.push(request.headers.get('wm_qos.correlation_id') ?? '');
    return app(request);
  });
  await expect(channel.getOrder('1')).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(channel.getOrder('1')).rejects.toMatchObject({ code: 'unauthorized' });
  expect([ids.length, new Set(ids).size, ids.includes('')]).toEqual([2, 2, false]);
});

describe('throttles', () => {
  test('a seller with less than we thought is asked only as often as Walmart allows, without one refusal', async () => {
    const { walmart, channel, events, clock } = givenSeller({ quotas: { 'orders-read': { calls: 20, perMs: 60_000 } } });
    const id = walmart.placeOrder(mug);
    for (let nth = 0; nth < 100; nth++) await channel.getOrder(id);
    const minutes = (Date.parse(clock.now()) - Date.parse(start)) / 60_000;
    expect([events.filter(({ status }) => status === 429).length, minutes]).toEqual([0, 4]);
  });

  test('a seller with more than we thought is not kept waiting', async () => {
    const { walmart, channel, clock } = givenSeller({
      quotas: { ship: { calls: 600, perMs: 60_000 }, acknowledge: { calls: 600, perMs: 60_000 } },
    });
    for (let nth = 0; nth < 300; nth++) {
      const orderId = walmart.placeOrder(mug);
      const parcel = { carrier: 'UPS', trackingNumbers: [`1Z${nth}`], trackingUrl: null, shippedAt: start, notifyCustomer: false };
      await channel.confirmShipment({ orderId, node: 'BER', lines: [{ lineId: '1', units: 1 }], ...parcel }, intentMemo());
    }
    expect(Date.parse(clock.now()) - Date.parse(start)).toBeLessThan(60_000);
  });

  test('a refusal for rate that comes as 520 is one, and the write that it refused had no effect', async () => {
    const { walmart, channel } = givenSeller(
      {},
      { attempts: 1 },
      (app) => (request) =>
        request.url.endsWith('/shipping')
          ? Promise.resolve(new Response('{"error":[{"code":"REQUEST_THRESHOLD_VIOLATED.GMP_GATEWAY_API"}]}', { status: 520 }))
          : app(request),
    );
    const orderId = walmart.placeOrder(mug);
    const parcel = { carrier: 'UPS', trackingNumbers: ['1Z'], trackingUrl: null, shippedAt: start, notifyCustomer: false };
    const made = channel.confirmShipment({ orderId, node: 'BER', lines: [{ lineId: '1', units: 1 }], ...parcel }, intentMemo());
    const fault: unknown = await made.catch((error: unknown) => error);
    expect(isFault(fault) ? [fault.code, fault.facts.outcome] : fault).toEqual(['rate-limited', 'not-applied']);
  });

  test('any other 520 leaves open what was done, and the write is not made again', async () => {
    let sent = 0;
    const { walmart, channel } = givenSeller({}, {}, (app) => (request) => {
      if (!request.url.endsWith('/cancel')) return app(request);
      sent += 1;
      return Promise.resolve(new Response('', { status: 520 }));
    });
    const orderId = walmart.placeOrder(mug);
    const request = { orderId, lines: null, reason: 'other', restock: false, notifyCustomer: false } as const;
    const fault: unknown = await channel.cancellation?.make(request, intentMemo()).catch((error: unknown) => error);
    expect([isFault(fault) ? fault.facts.outcome : fault, sent]).toEqual(['unknown', 1]);
  });
});

test('no personal data is in an order, and the address is with the person', async () => {
  const { walmart, channel } = givenSeller();
  await orderNow(channel, walmart.placeOrder(mug));
  const [pulled] = (await pullAll(channel)).orders;
  expect([JSON.stringify(pulled?.order).includes(ada.name), pulled?.person.shipTo?.country, pulled?.order.destination?.country]).toEqual([
    false,
    'US',
    'US',
  ]);
});
