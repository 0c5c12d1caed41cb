import { sandboxFetch, virtualClock, withFaults, type SandboxFault } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery, type Address, type EffectMemo, type EffectRefs, type FoundLabel, type LabelRequest } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { easypostCarrier, type EasyPostOptions } from './index.ts';
import { createEasyPostSandbox, type EasyPostSandboxOptions, type SandboxTariff } from './sandbox/index.ts';

const origin = 'https://easypost.test';
const apiKey = 'EZTK-sandbox-key';

const lanes = (baseMinor: number, perKgMinor: number, days: number) => [{ from: 'US', to: 'US', baseMinor, perKgMinor, days }];
const usps: SandboxTariff = { carrier: 'USPS', service: 'GroundAdvantage', lanes: lanes(500, 100, 3) };
const priority: SandboxTariff = { carrier: 'USPS', service: 'Priority', lanes: lanes(900, 150, 2) };
const ups: SandboxTariff = { carrier: 'UPS', service: 'Ground', billing: 'carrier', lanes: lanes(700, 80, 4) };
const worldwide: SandboxTariff = {
  carrier: 'DHLExpress',
  service: 'Worldwide',
  lanes: [{ from: 'DE', to: '*', baseMinor: 4_000, perKgMinor: 900, days: 3 }],
};

const address = (name: string, street: string): Address => ({
  name,
  company: null,
  lines: [street],
  postalCode: '94104',
  city: 'San Francisco',
  region: 'CA',
  country: 'US',
  phone: null,
  email: null,
});

const request: LabelRequest = {
  shipFrom: address('Warehouse West', '417 Montgomery Street'),
  shipTo: address('Ada Lovelace', '179 N Harbor Drive'),
  parcel: { number: 1, grams: 1_000, millimetres: [300, 200, 100], items: [{ lineId: '1', sku: 'A', units: 1 }] },
  service: 'USPS/GroundAdvantage',
  format: 'zpl',
  shipAt: '2026-11-21T10:00:00.000Z',
  reference: 'SO1001',
  delivery: plainDelivery,
  priceLimit: null,
};

/** Besides the faults of the kit: somebody on the way sends a call twice, or there is no way at all. */
type Mishap = SandboxFault | 'sent-twice' | 'no-connection' | null;
type Plan = (call: number, sent: Request) => Mishap;
type World = {
  readonly plan?: Plan;
  readonly trouble?: EasyPostSandboxOptions['trouble'];
  readonly tariffs?: readonly SandboxTariff[];
  readonly options?: Partial<EasyPostOptions>;
};

function world({ plan = () => null, trouble = () => null, tariffs = [usps, priority, ups, worldwide], options = {} }: World = {}) {
  const clock = virtualClock('2026-11-21T12:00:00.000Z');
  const sandbox = createEasyPostSandbox({ apiKey, clock, currency: 'USD', tariffs, trouble });
  const calls: string[] = [];
  let call = 0;
  async function app(sent: Request): Promise<Response> {
    calls.push(`${sent.method} ${new URL(sent.url).pathname.replaceAll(/shp_\w+/g, ':id')}`);
    const mishap = plan(call++, sent);
    if (mishap === 'no-connection')
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) });
    if (mishap === 'sent-twice') await sandbox.app(sent.clone());
    return withFaults(sandbox.app, () => (mishap === 'sent-twice' ? null : mishap))(sent);
  }
  const carrier = easypostCarrier({
    connection: 'post',
    apiKey,
    baseUrl: origin,
    currency: 'USD',
    clock,
    random: () => 0.5,
    fetch: sandboxFetch({ [origin]: app }),
    ...options,
  });
  return { clock, sandbox, carrier, calls };
}

/** The journal's side of one intent: refs survive, and the process may die while it writes them. */
function intent(key: string, dies: (refs: EffectRefs) => boolean = () => false) {
  let refs: EffectRefs = {};
  const raw: string[] = [];
  return {
    raw,
    refs: () => refs,
    memo: (): EffectMemo => ({
      key,
      refs,
      saveRefs(more) {
        refs = { ...refs, ...more };
        return dies(more) ? Promise.reject(new Error('the process was killed')) : Promise.resolve();
      },
      saveRaw(answer) {
        raw.push(answer);
        return Promise.resolve();
      },
      rawAnswers: async () => raw,
    }),
  };
}

const onBuy = (fault: Mishap): Plan => {
  let done = false;
  return (_, sent) => {
    if (done || !sent.url.endsWith('/buy')) return null;
    done = true;
    return fault;
  };
};

async function all(found: AsyncIterable<FoundLabel> = (async function* none() {})()): Promise<FoundLabel[]> {
  const labels: FoundLabel[] = [];
  for await (const label of found) labels.push(label);
  return labels;
}

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
    const label = await carrier.buy({ ...request, shipTo: address('Ada Lovelace', '180 N Harbor Drive') }, order.memo());
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
    const moved = { ...request, shipTo: address('Ada Lovelace', '180 N Harbor Drive') };
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
