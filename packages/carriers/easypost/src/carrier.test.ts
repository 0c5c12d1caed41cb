import { describe, expect, test } from 'vitest';
import { lanes, usps, request, world, intent, all } from './testing/account.ts';

describe('rates', () => {
  test('every service has one price, the cheapest first, and carriers that give none are problems', async () => {
    expect(await world().carrier.rates({ ...request, currency: 'USD' })).toMatchObject({
      rates: [
        { service: 'USPS/GroundAdvantage', total: { minor: 600, currency: 'USD' }, zone: '4', arrival: { transitDays: 3 } },
        { service: 'UPS/Ground', total: { minor: 780, currency: 'USD' }, zone: null, arrival: { transitDays: 4 } },
        { service: 'USPS/Priority', total: { minor: 1_050, currency: 'USD' }, zone: '4', arrival: { transitDays: 2 } },
      ],
      problems: ['DHLExpress: Worldwide is not available from US to US'],
    });
  });

  test('of two accounts of one carrier the cheaper one is offered', async () => {
    const { carrier } = world({ tariffs: [usps, { ...usps, account: 'ca_contract', lanes: lanes(450, 100, 3) }] });
    expect((await carrier.rates({ ...request, currency: 'USD' })).rates).toMatchObject([{ total: { minor: 550 } }]);
  });

  test('only the accounts that the config names are asked', async () => {
    const { carrier } = world({ options: { carrierAccounts: ['ca_ups'] } });
    expect((await carrier.rates({ ...request, currency: 'USD' })).rates.map(({ service }) => service)).toEqual(['UPS/Ground']);
  });

  test('a service of ours stands for one of theirs', async () => {
    const { carrier } = world({ tariffs: [usps], options: { serviceMap: { ground: 'USPS/GroundAdvantage' } } });
    expect((await carrier.rates({ ...request, currency: 'USD' })).rates.map(({ service }) => service)).toEqual(['ground']);
  });
});

describe('giving a label back', () => {
  test('is accepted at first and done some weeks later', async () => {
    const { carrier, clock, sandbox } = world();
    const label = await carrier.buy(request, intent('k').memo());
    expect(await carrier.voidLabel(label, intent('v').memo())).toEqual({ kind: 'accepted' });
    await clock.sleep(16 * 86_400_000);
    expect(await carrier.voidLabel(label, intent('v').memo())).toEqual({ kind: 'voided' });
    expect(sandbox.snapshot().refundedMinor).toBe(600);
  });

  test('of a carrier that bills on scan is as good as done', async () => {
    const { carrier } = world();
    const label = await carrier.buy({ ...request, service: 'UPS/Ground' }, intent('k').memo());
    expect(await carrier.voidLabel(label, intent('v').memo())).toEqual({ kind: 'voided' });
  });

  test('of a parcel that was scanned is refused', async () => {
    const { carrier, sandbox } = world();
    const label = await carrier.buy(request, intent('k').memo());
    sandbox.scan(label.trackingNumber);
    expect(await carrier.voidLabel(label, intent('v').memo())).toMatchObject({ kind: 'refused' });
  });

  test('that was never bought is refused with EasyPost’s reason', async () => {
    const { carrier, sandbox } = world();
    await carrier.rates({ ...request, currency: 'USD' });
    const ref = sandbox.snapshot().shipments[0]?.id ?? '';
    expect(await carrier.voidLabel({ ref, trackingNumber: 'none' }, intent('v').memo())).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('no postage'),
    });
  });

  test('twice, because the first answer was lost, is once', async () => {
    const { carrier, sandbox } = world({
      plan: (_, sent) => (sent.url.endsWith('/refund') && sandboxRefunds() === 0 ? 'drop-after' : null),
    });
    const sandboxRefunds = () => sandbox.snapshot().refunds.length;
    const label = await carrier.buy(request, intent('k').memo());
    expect(await carrier.voidLabel(label, intent('v').memo())).toEqual({ kind: 'accepted' });
    expect(sandboxRefunds()).toBe(1);
  });
});

describe('after a restore', () => {
  test('every label since then that was not given back is told with its key, over several pages, newest first', async () => {
    const { carrier, clock } = world();
    await carrier.buy(request, intent('before').memo());
    clock.advanceTo('2026-11-21T13:00:00.000Z');
    for (let index = 0; index < 101; index++) await carrier.buy(request, intent(`key-${index}`).memo());
    await carrier.rates({ ...request, currency: 'USD' });
    await carrier.voidLabel(await carrier.buy(request, intent('given back').memo()), intent('void').memo());

    const found = await all(carrier.labelsSince?.('2026-11-21T13:00:00.000Z'));

    expect(found.map(({ key }) => key)).toEqual(Array.from({ length: 101 }, (_, index) => `key-${100 - index}`));
  });

  test('a purchase that knows the shipment of its label again takes that label instead of another', async () => {
    const { carrier, sandbox } = world();
    const label = await carrier.buy(request, intent('k').memo());
    const [found] = await all(carrier.labelsSince?.('2026-11-21T00:00:00.000Z'));

    const again = await carrier.buy(request, { ...intent('k').memo(), refs: found?.refs ?? {} });

    expect(again.trackingNumber).toBe(label.trackingNumber);
    expect(sandbox.snapshot().labels).toHaveLength(1);
  });
});

describe('a probe', () => {
  test('says that a test key buys samples only', async () => {
    expect(await world().carrier.probe()).toEqual({ account: 'EasyPost, test mode', problems: [expect.stringContaining('test key')] });
  });

  test('with a bad key is unauthorized', async () => {
    await expect(world({ options: { apiKey: 'EZAK-other' } }).carrier.probe()).rejects.toMatchObject({
      code: 'unauthorized',
      facts: { vendorCode: 'APIKEY.INACTIVE' },
    });
  });
});

test('more than 60 carrier accounts are refused at once', () => {
  expect(() => world({ options: { carrierAccounts: Array.from({ length: 61 }, (_, index) => `ca_${index}`) } })).toThrow(RangeError);
});
