import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { isFault, type ConnectorFault } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { externalIdOf } from './external-id.ts';
import { apiKey, given, ground, request } from './testing/given.ts';

const key = 'ORDER-7/buy-label/S00042-of-a-long-shipment/2/1/1';

async function faultOf(call: Promise<unknown>): Promise<ConnectorFault> {
  const caught: unknown = await call.then(
    () => new Error('no fault'),
    (error: unknown) => error,
  );
  if (isFault(caught)) return caught;
  throw caught;
}

test('the key of the intent goes with the purchase, and the label has its price in parts and its document in bytes', async () => {
  const { carrier, sandbox } = given();
  const mine = intentMemo(key);
  const label = await carrier.buy(request(), mine);
  expect(label).toMatchObject({
    carrier: 'stamps_com',
    service: 'stamps_com/usps_ground_advantage',
    price: { minor: 715, currency: 'USD' },
  });
  expect(label.charges.map(({ type, amount, vendorCode }) => [type, amount.minor, vendorCode])).toEqual([
    ['shipping', 650, 'FRT'],
    ['fuel-charge', 65, 'FUE'],
  ]);
  expect(Buffer.from(label.document.base64 ?? '', 'base64').toString('latin1')).toMatch(/^%PDF/);
  expect(sandbox.snapshot().labels.map(({ externalId }) => externalId)).toEqual([externalIdOf(key)]);
  expect(await mine.rawAnswers()).toHaveLength(1);
});

test('before the purchase is sent, its id and the moment are saved', async () => {
  const { carrier, sandbox } = given();
  const mine = intentMemo(key);
  const seen: unknown[] = [];
  const watching = { ...mine, saveRefs: async (refs: object) => void seen.push(refs, sandbox.snapshot().labels.length) };
  await carrier.buy(request(), watching);
  expect(seen).toEqual([{ externalId: externalIdOf(key), purchaseSentAt: '2026-11-23T09:00:00.000Z', purchaseOpenSince: '' }, 0]);
});

test('a purchase whose answer was lost is found by its id, and costs once', async () => {
  let lost = false;
  const { carrier, sandbox } = given({
    faults: (_call, asked) => {
      if (asked.method !== 'POST' || !asked.url.endsWith('/v1/labels') || lost) return null;
      lost = true;
      return 'drop-after';
    },
  });
  const mine = intentMemo(key);
  const fault = await faultOf(carrier.buy(request(), mine));
  expect(fault.facts.outcome).toBe('unknown');
  const found = await carrier.reconcile(request(), mine.refs, mine);
  expect(found).toMatchObject({ kind: 'found', result: { trackingNumber: sandbox.snapshot().labels[0]?.trackingNumber } });
  expect(sandbox.snapshot().chargedMinor).toBe(715);
});

test('a purchase that did not arrive is waited for two minutes, and then made under the same id', async () => {
  let lost = false;
  const { carrier, clock, sandbox } = given({
    faults: (_call, asked) => {
      if (asked.method !== 'POST' || !asked.url.endsWith('/v1/labels') || lost) return null;
      lost = true;
      return 'drop-before';
    },
  });
  const mine = intentMemo(key);
  await faultOf(carrier.buy(request(), mine));
  expect(await carrier.reconcile(request(), mine.refs, mine)).toEqual({ kind: 'pending', afterMs: 120_000 });
  expect((await faultOf(carrier.buy(request(), mine))).facts).toMatchObject({ outcome: 'unknown', retry: { kind: 'after', ms: 120_000 } });
  await clock.sleep(120_000);
  expect(await carrier.reconcile(request(), mine.refs, mine)).toEqual({ kind: 'absent' });
  await carrier.buy(request(), mine);
  expect(sandbox.snapshot().labels.map(({ externalId }) => externalId)).toEqual([externalIdOf(key)]);
});

test('a label that comes true late is found, and no second one is bought beside it', async () => {
  const { carrier, clock, sandbox } = given();
  sandbox.trouble('slow');
  const mine = intentMemo(key);
  expect((await faultOf(carrier.buy(request(), mine))).facts.outcome).toBe('unknown');
  expect(await carrier.reconcile(request(), mine.refs, mine)).toMatchObject({ kind: 'pending' });
  await clock.sleep(46_000);
  expect(await carrier.reconcile(request(), mine.refs, mine)).toMatchObject({ kind: 'found' });
  expect(sandbox.snapshot().labels).toHaveLength(1);
});

test('a carrier that broke down may have made the label: it is looked up', async () => {
  const { carrier, sandbox } = given();
  sandbox.trouble('broken-bought');
  const mine = intentMemo(key);
  expect((await faultOf(carrier.buy(request(), mine))).facts).toMatchObject({ outcome: 'unknown', status: 400 });
  expect(await carrier.reconcile(request(), mine.refs, mine)).toMatchObject({ kind: 'found' });
});

test('a refused purchase that used its id up is made under the next id of the key, and both ids are known as of the key', async () => {
  const { carrier, clock, sandbox } = given();
  sandbox.trouble('refused');
  const mine = intentMemo(key);
  expect((await faultOf(carrier.buy(request(), mine))).facts).toMatchObject({ outcome: 'not-applied', retry: { kind: 'never' } });
  expect((await faultOf(carrier.buy(request(), mine))).code).toBe('conflict');
  await clock.sleep(120_000);
  expect(await carrier.reconcile(request(), mine.refs, mine)).toEqual({ kind: 'absent' });
  const label = await carrier.buy(request(), mine);
  expect(sandbox.snapshot().labels.map(({ externalId }) => externalId)).toEqual([externalIdOf(key, 2)]);
  const found = [];
  for await (const one of carrier.labelsSince?.('2026-11-01T00:00:00.000Z') ?? [])
    found.push([one.key, one.refs, one.label.trackingNumber]);
  expect(found).toEqual([[key, { externalId: externalIdOf(key, 2) }, label.trackingNumber]]);
});

test('a label that the carrier could not make is refused, and the next purchase has an id of its own', async () => {
  const { carrier, sandbox } = given();
  sandbox.trouble('failed-label');
  const mine = intentMemo(key);
  expect((await faultOf(carrier.buy(request(), mine))).code).toBe('refused');
  expect(await carrier.reconcile(request(), mine.refs, mine)).toEqual({ kind: 'absent' });
  await carrier.buy(request(), mine);
  expect(sandbox.snapshot().labels.map(({ externalId }) => externalId)).toEqual([externalIdOf(key, 2)]);
});

test('a journal that lost everything finds the label by its key alone', async () => {
  const { carrier, sandbox } = given();
  const label = await carrier.buy(request(), intentMemo(key));
  expect(await carrier.reconcile(request(), {}, intentMemo(key))).toMatchObject({ kind: 'found', result: { ref: label.ref } });
  expect(await carrier.buy(request(), intentMemo(key))).toMatchObject({ ref: label.ref });
  expect(sandbox.snapshot().labels).toHaveLength(1);
});

test('a label that was voided is never handed out again under its key', async () => {
  const { carrier } = given();
  const mine = intentMemo(key);
  const label = await carrier.buy(request(), mine);
  expect(await carrier.voidLabel(label, intentMemo('void'))).toEqual({ kind: 'voided' });
  expect((await faultOf(carrier.buy(request(), mine))).code).toBe('conflict');
  expect(await carrier.reconcile(request(), mine.refs, mine)).toMatchObject({ kind: 'cannot-tell' });
});

test('a 404 of somebody in between proves nothing about a purchase', async () => {
  const proxy: typeof fetch = async () => new Response('<h1>404 Not Found</h1>', { status: 404 });
  const { carrier } = given({ options: { fetch: proxy } });
  const fault = await faultOf(carrier.reconcile(request(), {}, intentMemo(key)));
  expect(fault.code).toBe('malformed-reply');
});

test('too many requests in words that are not of ShipEngine leave a purchase open; in its own words nothing was bought', async () => {
  const at = (asked: Request) => (asked.method === 'POST' && asked.url.endsWith('/v1/labels') ? 'rate-limited' : null);
  const { carrier } = given({ faults: (_call, asked) => at(asked) });
  expect((await faultOf(carrier.buy(request(), intentMemo(key)))).facts.outcome).toBe('unknown');
});

test('what the limit does not allow is not bought, nor what is priced in another currency than the limit', async () => {
  const { carrier, sandbox } = given();
  const limit = (minor: number, currency: string) => faultOf(carrier.buy(request({ priceLimit: { minor, currency } }), intentMemo(key)));
  expect((await limit(714, 'USD')).message).toContain('more than its limit');
  expect((await limit(9_999, 'EUR')).message).toContain('its limit in EUR');
  expect(sandbox.snapshot().labels).toEqual([]);
  await carrier.buy(request({ priceLimit: { minor: 715, currency: 'USD' } }), intentMemo(key));
});

test('a carrier that does not answer when it is asked for its price is asked again; one that does not have the service refuses', async () => {
  const { carrier, sandbox } = given();
  sandbox.trouble('partial-rates');
  expect((await faultOf(carrier.buy(request(), intentMemo(key)))).facts).toMatchObject({
    outcome: 'not-applied',
    retry: { kind: 'safely' },
  });
  expect((await faultOf(carrier.buy(request({ service: 'ups/ups_ground' }), intentMemo(key)))).facts.retry).toEqual({ kind: 'never' });
});

test('of two accounts of one carrier the cheaper one sells the label', async () => {
  const dear = { ...ground, carrierId: 'se-202', lanes: [{ from: 'US', to: 'US', baseMinor: 900, perKgMinor: 0, days: 4 }] };
  const { carrier, sandbox } = given({ tariffs: [dear, ground] });
  const { rates } = await carrier.rates({ ...request(), currency: 'USD' });
  expect(rates.map(({ service, total, zone, arrival }) => [service, total.minor, zone, arrival.day])).toEqual([
    ['stamps_com/usps_ground_advantage', 715, '4', '2026-11-27'],
  ]);
  await carrier.buy(request(), intentMemo(key));
  expect(sandbox.snapshot().labels[0]?.priceMinor).toBe(715);
});

test('a journal that lost everything comes to the label of a later id of its key, and buys none beside it', async () => {
  const { carrier, clock, sandbox } = given();
  sandbox.trouble('refused');
  const mine = intentMemo(key);
  for (let attempt = 0; attempt < 2; attempt++) await faultOf(carrier.buy(request(), mine));
  await clock.sleep(120_000);
  const label = await carrier.buy(request(), mine);
  const restored = intentMemo(key);
  expect((await faultOf(carrier.buy(request(), restored))).facts.outcome).toBe('unknown');
  await clock.sleep(120_000);
  expect(await carrier.reconcile(request(), restored.refs, restored)).toEqual({ kind: 'absent' });
  expect(await carrier.buy(request(), restored)).toMatchObject({ ref: label.ref });
  expect(sandbox.snapshot().labels).toHaveLength(1);
});

test('labels are found over all pages of the list, and those of strangers are passed over', async () => {
  const { carrier, clock, sandbox } = given();
  const keys = Array.from({ length: 130 }, (_, nth) => `ORDER-${nth}/buy-label/S00042/1/1/1`);
  for (const one of keys) await carrier.buy(request(), intentMemo(one));
  const theirs = { 'api-key': apiKey };
  const bought = await sandbox.app(
    new Request('https://api.shipengine.com/v1/labels', {
      method: 'POST',
      headers: theirs,
      body: JSON.stringify({ shipment: strangersShipment }),
    }),
  );
  expect(bought.status).toBe(200);
  const found: string[] = [];
  for await (const one of carrier.labelsSince?.(clock.now().slice(0, 10)) ?? []) found.push(one.key);
  expect(found.toSorted()).toEqual(keys.toSorted());
});

const strangersAddress = {
  name: 'Somebody',
  phone: '4155550100',
  address_line1: '2 Elsewhere',
  city_locality: 'Oakland',
  state_province: 'CA',
  postal_code: '94601',
  country_code: 'US',
};
const strangersShipment = {
  carrier_id: 'se-101',
  service_code: 'usps_ground_advantage',
  external_shipment_id: 'an-order-of-theirs',
  external_order_id: '1001',
  ship_to: strangersAddress,
  ship_from: strangersAddress,
  packages: [{ weight: { value: 1, unit: 'kilogram' } }],
};
