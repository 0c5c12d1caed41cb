import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ground } from '../testing/given.ts';
import { createShippoSandbox, type ShippoSandboxOptions } from './index.ts';

const clockStart = '2026-11-23T09:00:00.000Z';
const person = { name: 'Ada', street1: '1 Dock Road', city: 'San Francisco', state: 'CA', zip: '94104', country: 'US' };
const draft = {
  address_from: person,
  address_to: person,
  parcels: [{ weight: '1', mass_unit: 'kg', length: '10', width: '10', height: '10', distance_unit: 'cm' }],
  async: false,
};
const answerSchema = z.looseObject({
  object_id: z.string().optional(),
  status: z.string().optional(),
  rates: z.array(z.looseObject({ object_id: z.string() })).optional(),
});

function opened(more: Partial<ShippoSandboxOptions> = {}) {
  const clock = virtualClock(clockStart);
  const sandbox = createShippoSandbox({ apiKey: 'shippo_live_key', clock, currency: 'USD', tariffs: [ground], ...more });
  async function ask(method: string, path: string, body?: unknown, key = more.apiKey ?? 'shippo_live_key') {
    const response = await sandbox.app(
      new Request(`https://shippo.test${path}`, {
        method,
        headers: { authorization: `ShippoToken ${key}`, 'shippo-api-version': '2018-02-08' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    return { status: response.status, text, json: text.startsWith('{') ? answerSchema.parse(JSON.parse(text)) : {} };
  }
  async function rateId(changed: object = {}): Promise<string> {
    const { json } = await ask('POST', '/shipments', { ...draft, ...changed });
    return json.rates?.[0]?.object_id ?? 'none';
  }
  return { sandbox, clock, ask, rateId };
}

test('without the key nothing is answered', async () => {
  const { ask } = opened();
  expect(await ask('GET', '/carrier_accounts', undefined, 'another')).toMatchObject({
    status: 401,
    text: '{"detail":"Token does not exist"}',
  });
});

test.each([
  ['no parcel', { parcels: undefined }, 'parcels'],
  ['a weight that is a number', { parcels: [{ ...draft.parcels[0], weight: 1 }] }, 'parcels.0.weight'],
  ['no unit', { parcels: [{ ...draft.parcels[0], mass_unit: undefined }] }, 'parcels.0.mass_unit'],
  ['a field that Shippo does not have', { carrier_account: 'a' }, 'carrier_account'],
  ['metadata that is too long', { metadata: 'a'.repeat(101) }, 'metadata'],
])('a shipment with %s is refused by the name of the field', async (_what, changed, field) => {
  const { status, text } = await opened().ask('POST', '/shipments', { ...draft, ...changed });
  expect([status, Object.keys(z.record(z.string(), z.unknown()).parse(JSON.parse(text)))]).toEqual([400, [field]]);
});

test('a rate that is older than seven days is not bought, and says so under a status of success', async () => {
  const { ask, clock, rateId } = opened();
  const rate = await rateId();
  await clock.sleep(7 * 86_400_000);
  const { status, text } = await ask('POST', '/transactions', { rate, async: false });
  expect([status, text.includes('"status":"ERROR"'), text.includes('Rate has expired')]).toEqual([201, true, true]);
});

test('an address is enough for a rate before it is enough for a label', async () => {
  const { ask, rateId } = opened();
  const rate = await rateId({ address_to: { country: 'US', zip: '94104' } });
  const { text } = await ask('POST', '/transactions', { rate, async: false });
  expect(text).toContain('Address validation failed: name, street1, city, state missing');
});

test('one rate that is bought twice is two labels, the second a duplicate', async () => {
  const { ask, rateId, sandbox } = opened();
  const rate = await rateId();
  for (const _ of [1, 2]) await ask('POST', '/transactions', { rate, async: false, metadata: 'intent-1' });
  expect([sandbox.snapshot().labels.length, sandbox.snapshot().duplicates.length, sandbox.snapshot().chargedMinor]).toEqual([2, 1, 1_200]);
});

test('a purchase is made behind the scenes where nobody asks to wait for it', async () => {
  const { ask, clock, rateId } = opened();
  const { json } = await ask('POST', '/transactions', { rate: await rateId() });
  await clock.sleep(3_000);
  expect([json.status, (await ask('GET', `/transactions/${json.object_id ?? ''}`)).json.status]).toEqual(['QUEUED', 'SUCCESS']);
});

test('a list has the newest first, a page at a time, and lists nothing that it is too early for', async () => {
  const { ask, clock, rateId } = opened({ listLagMs: 10_000 });
  for (const metadata of ['one', 'two', 'three']) await ask('POST', '/transactions', { rate: await rateId(), async: false, metadata });
  expect((await ask('GET', '/transactions')).text).toContain('"results":[]');
  await clock.sleep(10_000);
  const { text } = await ask('GET', '/transactions?results=2');
  expect([text.indexOf('"three"') < text.indexOf('"two"'), text.includes('"one"'), text.includes('page=2')]).toEqual([true, false, true]);
});

test('in test mode ten lists a minute are answered, and the next one when the first is a minute old', async () => {
  const { ask, clock } = opened({ apiKey: 'shippo_test_key' });
  const statuses = [];
  for (let nth = 1; nth <= 11; nth++) statuses.push((await ask('GET', '/transactions')).status);
  expect([statuses.slice(0, 10).every((status) => status === 200), statuses[10]]).toEqual([true, 429]);
  await clock.sleep(60_000);
  expect((await ask('GET', '/transactions')).status).toBe(200);
});

test('a refund is paid after a fortnight, unless the parcel moved meanwhile', async () => {
  const { ask, clock, rateId, sandbox } = opened();
  for (const metadata of ['kept', 'used']) {
    const { json } = await ask('POST', '/transactions', { rate: await rateId(), async: false, metadata });
    expect((await ask('POST', '/refunds', { transaction: json.object_id, async: false })).json.status).toBe('PENDING');
    expect((await ask('POST', '/refunds', { transaction: json.object_id, async: false })).status).toBe(400);
  }
  sandbox.scan(sandbox.snapshot().labels[1]?.trackingNumber ?? '');
  await clock.sleep(15 * 86_400_000);
  expect([sandbox.snapshot().labels.map(({ status }) => status), sandbox.snapshot().refundedMinor]).toEqual([
    ['REFUNDED', 'REFUNDREJECTED'],
    600,
  ]);
});

test('mock numbers have a fate of their own, and what is not there is a page', async () => {
  const { ask } = opened();
  expect((await ask('GET', '/tracks/shippo/SHIPPO_RETURNED')).text).toContain('"status":"RETURNED"');
  expect(await ask('GET', '/tracks/usps/92055')).toMatchObject({ status: 404, text: expect.stringContaining('<h1>Not Found</h1>') });
  expect((await ask('GET', '/tracks/pigeon/1')).text).toBe(`{"detail":"Carrier with name 'pigeon' is not supported."}`);
});

test('a label is a document of the format that it was asked for', async () => {
  const { ask, rateId } = opened();
  const { text } = await ask('POST', '/transactions', { rate: await rateId(), label_file_type: 'ZPLII', async: false });
  const url = /"label_url":"([^"]+)"/.exec(text)?.[1] ?? '';
  expect((await ask('GET', new URL(url).pathname, undefined, 'no key')).text).toMatch(/^\^XA/);
});
