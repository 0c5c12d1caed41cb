import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { back, keys, standard } from '../testing/given.ts';
import { createSendcloudSandbox } from './index.ts';

const authorization = `Basic ${Buffer.from(`${keys.publicKey}:${keys.secretKey}`).toString('base64')}`;
const address = { name: 'Ada', address_line_1: 'Insulindelaan 115', postal_code: '5642 CV', city: 'Eindhoven', country_code: 'NL' };
const shipment = {
  ship_with: { type: 'shipping_option_code', properties: { shipping_option_code: 'postnl:standard' } },
  from_address: address,
  to_address: address,
  external_reference_id: 'R1',
  parcels: [{ weight: { value: '1.000', unit: 'kg' } }],
};

function given() {
  const clock = virtualClock('2026-11-23T09:00:00.000Z');
  const shop = { code: 'dhl:shop', contractId: 5, maxGrams: 5_000, needsServicePoint: true, lanes: standard.lanes };
  const sandbox = createSendcloudSandbox({ ...keys, clock, currency: 'EUR', options: [standard, back, shop] });
  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = { authorization }) {
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const reply = await sandbox.app(new Request(`https://panel.sendcloud.sc/api/v3${path}`, init));
    const text = await reply.text();
    return { status: reply.status, text, link: reply.headers.get('link') };
  }
  return { clock, sandbox, call, announce: (more: object = {}) => call('POST', '/shipments/announce', { ...shipment, ...more }) };
}

test('nobody gets in without both keys', async () => {
  const { call } = given();
  const wrong = `Basic ${Buffer.from(`${keys.publicKey}:guess`).toString('base64')}`;
  for (const headers of [{}, { authorization: wrong }] as Record<string, string>[])
    expect((await call('GET', '/user/auth/metadata', undefined, headers)).status).toBe(401);
});

test('a reference is taken once: the second time what took it is the answer', async () => {
  const { announce } = given();
  expect((await announce()).status).toBe(201);
  const again = await announce();
  expect([again.status, JSON.parse(again.text)]).toMatchObject([409, { data: { external_reference_id: 'R1' } }]);
  expect((await announce({ external_reference_id: 'R2' })).status).toBe(201);
});

test.each<[string, object, string]>([
  ['an unknown field', { ship_by: 'pigeon' }, 'validation_error'],
  ['a weight that is a number', { parcels: [{ weight: { value: 1, unit: 'kg' } }] }, 'validation_error'],
  ['no city', { to_address: { ...address, city: undefined } }, 'validation_error'],
  ['no option of ours', { ship_with: { type: 'shipping_option_code', properties: { shipping_option_code: 'ups:standard' } } }, 'invalid'],
  [
    'an option for returns',
    { ship_with: { type: 'shipping_option_code', properties: { shipping_option_code: 'postnl:return' } } },
    'invalid',
  ],
  [
    'somebody else’s contract',
    { ship_with: { type: 'shipping_option_code', properties: { shipping_option_code: 'postnl:standard', contract_id: 1 } } },
    'invalid',
  ],
  ['a service point missing', { ship_with: { type: 'shipping_option_code', properties: { shipping_option_code: 'dhl:shop' } } }, 'invalid'],
  ['too much weight', { parcels: [{ weight: { value: '24', unit: 'kg' } }] }, 'invalid'],
  [
    'too much insurance',
    { parcels: [{ weight: { value: '1', unit: 'kg' }, additional_insured_price: { value: '5001', currency: 'EUR' } }] },
    'invalid',
  ],
  ['a customs border without papers', { to_address: { ...address, country_code: 'CH' } }, 'invalid'],
])('a shipment with %s is refused, and nothing is kept of it', async (_, more, code) => {
  const { announce, sandbox } = given();
  const { status, text } = await announce(more);
  expect([status, JSON.parse(text)]).toMatchObject([400, { errors: [{ code }] }]);
  expect(sandbox.snapshot().labels).toEqual([]);
});

test('a list comes in pages, each of which leads to the next', async () => {
  const { announce, call, clock } = given();
  for (const reference of ['R1', 'R2', 'R3']) {
    await announce({ external_reference_id: reference });
    await clock.sleep(1_000);
  }
  const first = await call('GET', '/shipments?page_size=2');
  const next = /\/api\/v3(\/shipments[^>]*)>; rel="next"/.exec(first.link ?? '')?.[1] ?? '';
  const second = await call('GET', next);
  const references = [first, second].flatMap(({ text }) =>
    JSON.parse(text).data.map((one: { external_reference_id: string }) => one.external_reference_id),
  );
  expect([references, second.link]).toEqual([['R1', 'R2', 'R3'], null]);
  expect((await call('GET', '/shipments?cursor=rubbish')).status).toBe(404);
});

test('more than 15 changing requests in a second, or 100 in a minute, are too many', async () => {
  const { call, clock } = given();
  const rate = () => call('POST', '/shipping-options', {});
  const burst = await Promise.all(Array.from({ length: 16 }, rate));
  expect(burst.map(({ status }) => status)).toEqual([...Array.from({ length: 15 }, () => 200), 429]);
  await clock.sleep(1_000);
  for (let nth = 16; nth <= 100; nth++) {
    await clock.sleep(200);
    expect((await rate()).status).toBe(200);
  }
  expect((await rate()).status).toBe(429);
  await clock.sleep(60_000);
  expect((await rate()).status).toBe(200);
});

test('a label that was cancelled has no document any more, and is still to be found', async () => {
  const { announce, call } = given();
  const { data } = JSON.parse((await announce()).text);
  const document = `/parcels/${data.parcels[0].id}/documents/label`;
  expect((await call('GET', document)).text).toContain('%PDF');
  expect((await call('POST', `/shipments/${data.id}/cancel`)).status).toBe(200);
  expect((await call('GET', document)).status).toBe(404);
  expect(JSON.parse((await call('GET', `/shipments/${data.id}`)).text).data.parcels[0].status.code).toBe('CANCELLED');
});

test('returns are listed for a stretch of time, without ids', async () => {
  const { call } = given();
  const made = await call('POST', '/returns/announce-synchronously', {
    from_address: address,
    to_address: address,
    ship_with: { type: 'shipping_option_code', shipping_option_code: 'postnl:return' },
    weight: { value: 1, unit: 'kg' },
    order_number: 'R1',
  });
  expect([made.status, Object.keys(JSON.parse(made.text))]).toEqual([201, ['return_id', 'parcel_id', 'multi_collo_ids']]);
  expect((await call('GET', '/returns')).status).toBe(400);
  const { text } = await call('GET', '/returns?from_date=2026-11-23%2000:00:00&to_date=2026-11-24%2000:00:00');
  const [listed] = JSON.parse(text).data;
  expect([listed.order_number, listed.id, listed.external_reference]).toEqual(['R1', undefined, undefined]);
});
