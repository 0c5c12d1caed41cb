import { sampleAddress } from '@quartermaster/connector-kit/testing';
import { describe, expect, test } from 'vitest';
import { lanes, usps, request, world, intent, onBuy } from './testing/account.ts';

describe('a purchase', () => {
  test('makes a shipment with the intent’s key, saves its id, buys its label, and keeps the raw answer', async () => {
    const { carrier, sandbox, calls } = world();
    const order = intent('acme/us/post/label/7');
    const label = await carrier.buy(request, order.memo());
    expect(label).toMatchObject({
      carrier: 'USPS',
      service: 'USPS/GroundAdvantage',
      price: { minor: 600, currency: 'USD' },
      boughtAt: '2026-11-21T12:00:00.000Z',
      document: { format: 'zpl', base64: null },
    });
    expect(calls).toEqual(['POST /v2/shipments', 'POST /v2/shipments/:id/buy']);
    expect(order.refs()['shipmentId']).toBe(label.ref);
    expect(order.raw.map((text) => text.includes(label.trackingNumber))).toEqual([true]);
    expect(sandbox.snapshot()).toMatchObject({
      labels: [{ reference: 'acme/us/post/label/7', trackingCode: label.trackingNumber }],
      chargedMinor: 600,
    });
  });

  test.each(['zpl', 'pdf', 'png'] as const)('gives a document in the format that was asked for: %s', async (format) => {
    const { carrier, sandbox } = world();
    const { document } = await carrier.buy({ ...request, format }, intent('k').memo());
    const file = await sandbox.app(new Request(document.url ?? ''));
    const magic = { zpl: '^XA', pdf: '%PDF', png: '\u0089PNG' }[format];
    expect([
      document.format,
      Buffer.from(await file.arrayBuffer())
        .toString('latin1')
        .slice(0, magic.length),
    ]).toEqual([format, magic]);
  });

  test('a second attempt under the same key finds the label of the first and pays nothing', async () => {
    const { carrier, sandbox } = world();
    const order = intent('k');
    const first = await carrier.buy(request, order.memo());
    expect(await carrier.buy(request, order.memo())).toEqual(first);
    expect(sandbox.snapshot()).toMatchObject({ labels: [{}], chargedMinor: 600 });
  });

  test.each([
    [
      'a dearer rate than the limit',
      { priceLimit: { minor: 599, currency: 'USD' } },
      'the label costs 6.00 USD, more than its limit of 5.99 USD',
    ],
    ['a limit in another currency', { priceLimit: { minor: 9_999, currency: 'EUR' } }, 'the price is in USD and its limit in EUR'],
    ['a service that nobody offers', { service: 'USPS/Rocket' }, 'no carrier offers USPS/Rocket for this parcel'],
  ])('%s is refused before anything is paid', async (_, change, message) => {
    const { carrier, sandbox } = world();
    await expect(carrier.buy({ ...request, ...change }, intent('k').memo())).rejects.toMatchObject({
      code: 'refused',
      facts: { message, outcome: 'not-applied' },
    });
    expect(sandbox.snapshot().labels).toEqual([]);
  });

  test('a refusal of the carrier is final: nothing was bought', async () => {
    const { carrier } = world({ trouble: () => 'refused' });
    const order = intent('k');
    await expect(carrier.buy(request, order.memo())).rejects.toMatchObject({
      code: 'refused',
      facts: { outcome: 'not-applied', vendorCode: 'SHIPMENT.POSTAGE.FAILURE' },
    });
    expect(await carrier.reconcile(request, order.refs(), order.memo())).toEqual({ kind: 'absent' });
  });

  test('after a refusal the corrected address is bought on a shipment of its own', async () => {
    const { carrier, sandbox } = world({ trouble: (purchase) => (purchase === 0 ? 'refused' : null) });
    const order = intent('k');
    await carrier.buy(request, order.memo()).catch(() => undefined);
    const label = await carrier.buy({ ...request, shipTo: sampleAddress('Ada Lovelace', '180 N Harbor Drive') }, order.memo());
    expect(sandbox.snapshot().labels.map(({ shipmentId }) => shipmentId)).toEqual([label.ref]);
    expect(sandbox.snapshot().shipments).toHaveLength(2);
  });
});

describe('when a purchase is not answered', () => {
  test.each(['error-after', 'drop-after'] as const)('but was carried out (%s), the label is found, and bought once', async (fault) => {
    const { carrier, sandbox } = world({ plan: onBuy(fault) });
    const order = intent('k');
    await expect(carrier.buy(request, order.memo())).rejects.toMatchObject({ facts: { outcome: 'unknown' } });
    const found = await carrier.reconcile(request, order.refs(), order.memo());
    expect(found).toMatchObject({
      kind: 'found',
      result: { trackingNumber: sandbox.snapshot().labels[0]?.trackingCode, price: { minor: 600 } },
    });
    expect(order.raw).toHaveLength(1);
  });

  test('in time, it is carried out once all the same', async () => {
    const { carrier, sandbox } = world({ plan: onBuy('hang-after'), options: { timeoutMs: 500 } });
    const order = intent('k');
    await expect(carrier.buy(request, order.memo())).rejects.toMatchObject({ code: 'timeout', facts: { outcome: 'unknown' } });
    await carrier.buy(request, order.memo());
    expect(sandbox.snapshot().labels).toHaveLength(1);
  });

  test('and was not carried out, it is pending until it must have settled, then absent', async () => {
    const { carrier, clock } = world({ plan: onBuy('drop-before') });
    const order = intent('k');
    await carrier.buy(request, order.memo()).catch(() => undefined);
    const early = await carrier.reconcile(request, order.refs(), order.memo());
    expect(early).toEqual({ kind: 'pending', afterMs: 120_000 });
    await clock.sleep(120_000);
    expect(await carrier.reconcile(request, order.refs(), order.memo())).toEqual({ kind: 'absent' });
  });

  test('a purchase that goes on behind the scenes is pending, and then found', async () => {
    const { carrier, clock, sandbox } = world({ trouble: () => 'slow' });
    const order = intent('k');
    await expect(carrier.buy(request, order.memo())).rejects.toMatchObject({
      facts: { outcome: 'unknown', vendorCode: 'SHIPMENT.POSTAGE.TIMED_OUT' },
    });
    await expect(carrier.buy(request, order.memo())).rejects.toMatchObject({
      facts: { outcome: 'unknown', vendorCode: 'SHIPMENT.PURCHASE.IN_PROGRESS' },
    });
    expect(await carrier.reconcile(request, order.refs(), order.memo())).toMatchObject({ kind: 'pending' });
    await clock.sleep(45_000);
    expect(await carrier.reconcile(request, order.refs(), order.memo())).toMatchObject({ kind: 'found' });
    expect(sandbox.snapshot().labels).toHaveLength(1);
  });

  test('a later attempt that never left proves nothing about it', async () => {
    let purchases = 0;
    const { carrier } = world({
      trouble: () => 'slow',
      plan: (_, sent) => (sent.url.endsWith('/buy') && purchases++ > 0 ? 'no-connection' : null),
    });
    const order = intent('k');
    await carrier.buy(request, order.memo()).catch(() => undefined);
    await expect(carrier.buy(request, order.memo())).rejects.toMatchObject({ code: 'unreachable', facts: { outcome: 'not-applied' } });
    expect(await carrier.reconcile(request, order.refs(), order.memo())).toMatchObject({ kind: 'pending' });
  });

  test('a label that appears while its shipment is rated anew is found', async () => {
    let arrived = false;
    const { carrier, clock, sandbox } = world({
      trouble: () => 'slow',
      plan: (_, sent) => {
        if (sent.url.endsWith('/rerate') && !arrived) clock.advanceTo('2026-11-21T13:00:00.000Z');
        arrived ||= sent.url.endsWith('/rerate');
        return null;
      },
    });
    const order = intent('k');
    await carrier.buy(request, order.memo()).catch(() => undefined);
    const label = await carrier.buy(request, order.memo());
    expect(sandbox.snapshot().labels.map(({ trackingCode }) => trackingCode)).toEqual([label.trackingNumber]);
  });

  test('a purchase that somebody on the way sent twice is found', async () => {
    const { carrier, sandbox } = world({ plan: onBuy('sent-twice') });
    const label = await carrier.buy(request, intent('k').memo());
    expect(sandbox.snapshot().labels.map(({ trackingCode }) => trackingCode)).toEqual([label.trackingNumber]);
  });

  test('while one may go on, a request with another address waits', async () => {
    const { carrier, sandbox, clock } = world({ trouble: () => 'slow' });
    const order = intent('k');
    await carrier.buy(request, order.memo()).catch(() => undefined);
    const moved = { ...request, shipTo: sampleAddress('Ada Lovelace', '180 N Harbor Drive') };
    await expect(carrier.buy(moved, order.memo())).rejects.toMatchObject({
      code: 'conflict',
      facts: { outcome: 'unknown', retry: { kind: 'after', ms: 120_000 } },
    });
    await clock.sleep(120_000);
    await carrier.buy(moved, order.memo());
    expect(sandbox.snapshot()).toMatchObject({ labels: [{}], shipments: [{}] });
  });

  test('while one may go on, a price above the limit proves nothing', async () => {
    const { carrier, sandbox } = world({ trouble: () => 'slow' });
    const order = intent('k');
    const limited = { ...request, priceLimit: { minor: 600, currency: 'USD' } };
    await carrier.buy(limited, order.memo()).catch(() => undefined);
    sandbox.setTariffs([{ ...usps, lanes: lanes(9_000, 100, 3) }]);
    await expect(carrier.buy(limited, order.memo())).rejects.toMatchObject({ code: 'conflict', facts: { outcome: 'unknown' } });
  });

  test('a 429 of somebody on the way is not taken for EasyPost’s word', async () => {
    const { carrier } = world({ plan: onBuy('rate-limited') });
    await expect(carrier.buy(request, intent('k').memo())).rejects.toMatchObject({ code: 'rate-limited', facts: { outcome: 'unknown' } });
  });

  test('a making of the shipment that was not answered is made again: it costs nothing', async () => {
    let failures = 0;
    const { carrier, sandbox } = world({ plan: () => (failures++ < 3 ? 'error-after' : null) });
    const order = intent('k');
    await expect(carrier.buy(request, order.memo())).rejects.toMatchObject({ facts: { outcome: 'unknown' } });
    expect(await carrier.reconcile(request, order.refs(), order.memo())).toEqual({ kind: 'absent' });
    await carrier.buy(request, order.memo());
    expect(sandbox.snapshot()).toMatchObject({ shipments: [{}, {}, {}, { bought: true }], labels: [{}], chargedMinor: 600 });
  });
});

describe('when the process dies', () => {
  test('between making the shipment and buying it, the next attempt buys that shipment', async () => {
    const { carrier, sandbox } = world();
    const order = intent('k', (refs) => 'shipmentId' in refs);
    await expect(carrier.buy(request, order.memo())).rejects.toThrow('killed');
    const label = await carrier.buy(request, { ...order.memo(), saveRefs: () => Promise.resolve() });
    expect(sandbox.snapshot()).toMatchObject({ shipments: [{ id: label.ref }], labels: [{}] });
  });

  test('and the price rose meanwhile above the limit, nothing is bought', async () => {
    const { carrier, sandbox } = world();
    const order = intent('k', (refs) => 'shipmentId' in refs);
    const limited = { ...request, priceLimit: { minor: 600, currency: 'USD' } };
    await expect(carrier.buy(limited, order.memo())).rejects.toThrow('killed');
    sandbox.setTariffs([{ ...usps, lanes: lanes(501, 100, 3) }]);
    await expect(carrier.buy(limited, order.memo())).rejects.toMatchObject({
      code: 'refused',
      facts: { message: 'the label costs 6.01 USD, more than its limit of 6.00 USD' },
    });
    expect(sandbox.snapshot().labels).toEqual([]);
  });
});

describe('a look-up', () => {
  test('of an intent that saved nothing finds nothing', async () => {
    expect(await world().carrier.reconcile(request, {}, intent('k').memo())).toEqual({ kind: 'absent' });
  });

  test('of a shipment that EasyPost does not know is a person’s affair', async () => {
    expect(await world().carrier.reconcile(request, { shipmentId: 'shp_elsewhere' }, intent('k').memo())).toMatchObject({
      kind: 'cannot-tell',
      check: expect.stringContaining('shp_elsewhere'),
    });
  });

  test('never takes a label that was given back for a label', async () => {
    const { carrier } = world();
    const order = intent('k');
    const label = await carrier.buy(request, order.memo());
    await carrier.voidLabel(label, intent('void').memo());
    expect(await carrier.reconcile(request, order.refs(), order.memo())).toMatchObject({ kind: 'cannot-tell' });
    await expect(carrier.buy(request, order.memo())).rejects.toMatchObject({ code: 'conflict', facts: { outcome: 'not-applied' } });
  });
});
