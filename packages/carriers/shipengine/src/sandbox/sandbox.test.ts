import { expect, test } from 'vitest';
import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { ground } from '../testing/given.ts';
import { createShipEngineSandbox } from './index.ts';

const address = {
  name: 'Ada',
  phone: '4155550132',
  address_line1: '1 Dock Road',
  city_locality: 'San Francisco',
  state_province: 'CA',
  postal_code: '94104',
  country_code: 'US',
};
const shipment = {
  carrier_id: 'se-101',
  service_code: 'usps_ground_advantage',
  external_shipment_id: 'one',
  ship_to: address,
  ship_from: address,
  packages: [{ weight: { value: 1, unit: 'kilogram' } }],
};

function scene(apiKey = 'key') {
  const clock = virtualClock('2026-11-23T09:00:00Z');
  const sandbox = createShipEngineSandbox({ apiKey, clock, currency: 'USD', tariffs: [ground] });
  const call = async (method: string, path: string, body?: object, key = apiKey) => {
    const reply = await sandbox.app(
      new Request(`https://api.shipengine.com${path}`, {
        method,
        headers: { 'api-key': key },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const text = await reply.text();
    const json: unknown = text === '' ? null : JSON.parse(text);
    return { status: reply.status, json, retryAfter: reply.headers.get('retry-after') };
  };
  return { clock, sandbox, call };
}
const refused = (code: string, more: object = {}) => ({ status: 400, json: { errors: [{ error_code: code, ...more }] } });

test('a wrong key is refused', async () => {
  expect(await scene().call('GET', '/v1/carriers', undefined, 'other')).toMatchObject({
    status: 401,
    json: { errors: [{ error_code: 'unauthorized' }] },
  });
});

test.each([
  ['an unknown field', { ...shipment, colour: 'red' }, 'shipment'],
  ['no phone of the sender', { ...shipment, ship_from: { ...address, phone: undefined } }, 'shipment.ship_from.phone'],
  ['no state in America', { ...shipment, ship_to: { ...address, state_province: undefined } }, 'shipment.ship_to.state_province'],
  ['an empty line', { ...shipment, ship_to: { ...address, address_line2: '' } }, 'shipment.ship_to.address_line2'],
  ['neither address nor warehouse', { ...shipment, ship_from: undefined }, 'shipment.ship_from'],
  ['a weight of nothing', { ...shipment, packages: [{ weight: { value: 0, unit: 'gram' } }] }, 'shipment.packages.0.weight.value'],
  ['a ship date that is past', { ...shipment, ship_date: '2026-11-22' }, 'shipment.ship_date'],
])('a label with %s is refused, and the field is named', async (_title, wrong, field) => {
  expect(await scene().call('POST', '/v1/labels', { shipment: wrong })).toMatchObject(
    refused('invalid_field_value', { field_name: field }),
  );
});

test('an external id is taken once, and only its first fifty characters count', async () => {
  const { call } = scene();
  const long = 'x'.repeat(50);
  await call('POST', '/v1/labels', { shipment: { ...shipment, external_shipment_id: `${long}1` } });
  expect(await call('POST', '/v1/labels', { shipment: { ...shipment, external_shipment_id: `${long}2` } })).toMatchObject(
    refused('identifier_conflict'),
  );
  expect(await call('GET', `/v1/labels/external_shipment_id/${long}`)).toMatchObject({ status: 200, json: { status: 'completed' } });
});

test('a key for tests has twenty requests a minute, and any twenty-first is told when to come back', async () => {
  const { call, clock } = scene('TEST_key');
  for (let nth = 0; nth < 20; nth++) expect((await call('GET', '/v1/carriers')).status).toBe(200);
  expect(await call('GET', '/v1/carriers')).toMatchObject({
    status: 429,
    retryAfter: '60',
    json: { errors: [{ error_code: 'rate_limit_exceeded' }] },
  });
  await clock.sleep(60_000);
  expect((await call('GET', '/v1/carriers')).status).toBe(200);
});

test('a list of labels has pages', async () => {
  const { call, clock } = scene();
  for (const id of ['one', 'two', 'three']) {
    await call('POST', '/v1/labels', { shipment: { ...shipment, external_shipment_id: id } });
    await clock.sleep(1_000);
  }
  const page = await call('GET', '/v1/labels?sort_by=created_at&sort_dir=asc&page=2&page_size=2');
  expect(page.json).toMatchObject({ pages: 2, total: 3, labels: [{ external_shipment_id: 'three' }] });
});

test('a slow purchase has taken its id and shows no label for three quarters of a minute', async () => {
  const { call, clock, sandbox } = scene();
  sandbox.trouble('slow');
  expect((await call('POST', '/v1/labels', { shipment })).status).toBe(504);
  expect((await call('GET', '/v1/labels/external_shipment_id/one')).status).toBe(404);
  expect((await call('GET', '/v1/shipments/external_shipment_id/one')).json).toMatchObject({ shipment_status: 'processing' });
  expect(await call('POST', '/v1/labels', { shipment })).toMatchObject(refused('identifier_conflict'));
  await clock.sleep(45_000);
  expect((await call('GET', '/v1/labels/external_shipment_id/one')).json).toMatchObject({ status: 'completed' });
});

test('parcels that nobody asked to follow send no webhook', async () => {
  const { call, sandbox } = scene();
  await call('POST', '/v1/labels', { shipment });
  const number = sandbox.snapshot().labels[0]?.trackingNumber ?? '';
  const follow = (path: string) => call('POST', `/v1/tracking/${path}?carrier_code=stamps_com&tracking_number=${number}`);
  sandbox.scan(number, 'accepted');
  expect(sandbox.takeWebhooks()).toEqual([]);
  expect((await follow('start')).status).toBe(204);
  sandbox.scan(number, 'delivered');
  expect(sandbox.takeWebhooks()).toHaveLength(1);
  await follow('stop');
  sandbox.scan(number, 'delivered');
  expect(sandbox.takeWebhooks()).toEqual([]);
});
