import { isFault, type ConnectorFault } from '@quartermaster/domain';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sendcloudCarrier } from './index.ts';
import { asked, keys, request } from './testing/given.ts';
import { intentMemo, virtualClock } from '@quartermaster/connector-kit/sandbox';

const origin = 'https://panel.sendcloud.sc';
const option = {
  code: 'postnl:standard',
  carrier: { code: 'postnl' },
  functionalities: { tracked: true, returns: false },
  quotes: [{ price: { breakdown: [], total: { value: '6.50', currency: 'EUR' } } }],
};

beforeEach(() => {
  nock.disableNetConnect();
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

function carrier() {
  return sendcloudCarrier({
    connection: 'cloud',
    ...keys,
    currency: 'EUR',
    clock: virtualClock('2026-11-23T09:00:00.000Z'),
    random: () => 0.5,
  });
}

async function faultOfBuying(): Promise<ConnectorFault> {
  const error: unknown = await carrier()
    .buy(request(), intentMemo('K1'))
    .catch((reason: unknown) => reason);
  if (!isFault(error)) throw new Error('no fault');
  return error;
}

test('calls go to version 3 with both keys', async () => {
  nock(origin)
    .get('/api/v3/user/auth/metadata')
    .basicAuth({ user: 'public-key', pass: 'secret-key' })
    .reply(200, { data: { user_id: 4, integration_id: 9 } });
  expect(await carrier().probe()).toEqual({ account: 'Sendcloud user 4, integration 9', problems: [] });
});

test('a purchase says what it is in Sendcloud’s words', async () => {
  let sent: unknown;
  nock(origin)
    .post('/api/v3/shipping-options')
    .reply(200, { data: [option] });
  nock(origin)
    .post('/api/v3/shipments/announce', (body) => ((sent = body), true))
    .reply(400, { errors: [{ status: '400', code: 'invalid', detail: 'no' }] });
  await faultOfBuying();
  expect(sent).toEqual({
    label_details: { mime_type: 'application/pdf', dpi: 203 },
    ship_with: { type: 'shipping_option_code', properties: { shipping_option_code: 'postnl:standard' } },
    from_address: {
      name: 'Quartermaster Berth 7',
      address_line_1: 'Stadhuisplein 10',
      postal_code: '5611 EM',
      city: 'Eindhoven',
      country_code: 'NL',
      phone_number: '+31612345678',
      email: 'dock@quartermaster.example',
    },
    to_address: {
      name: 'Ada Lovelace',
      address_line_1: 'Insulindelaan 115',
      postal_code: '5611 EM',
      city: 'Eindhoven',
      country_code: 'NL',
      phone_number: '+31612345678',
      email: 'ada@customer.example',
    },
    order_number: 'S00042 1/1',
    reference: 'K1',
    external_reference_id: 'K1',
    delivery_dates: { handover_at: '2026-11-23T15:00:00.000Z' },
    parcels: [
      {
        weight: { value: '1000', unit: 'g' },
        dimensions: { length: '305', width: '203', height: '101', unit: 'mm' },
        label_notes: ['S00042 1/1'],
      },
    ],
  });
});

describe('an answer to a purchase', () => {
  test.each<[string, number, string, string, string]>([
    ['a refusal in Sendcloud’s words', 400, '{"errors":[{"status":"400","code":"invalid","detail":"no"}]}', 'refused', 'not-applied'],
    ['a refusal in somebody else’s words', 400, '<html>blocked</html>', 'invalid-request', 'unknown'],
    ['a 404 of somebody in between', 404, 'not here', 'not-found', 'unknown'],
    [
      'too many requests, by Sendcloud',
      429,
      '{"errors":[{"status":"429","code":"hit_rate_limit","detail":"slow down"}]}',
      'rate-limited',
      'not-applied',
    ],
    ['too many requests, by somebody in between', 429, 'slow down', 'rate-limited', 'unknown'],
    ['keys that are not taken', 401, '{"error":"unauthorized"}', 'unauthorized', 'not-applied'],
    ['a breakdown', 500, '{"errors":[{"status":"500","code":"error","detail":"oops"}]}', 'server-error', 'unknown'],
    ['something that is no shipment', 201, '{"data":{}}', 'malformed-reply', 'unknown'],
  ])('that is %s (%i) leaves it %s', async (_, status, body, code, outcome) => {
    nock(origin)
      .post('/api/v3/shipping-options')
      .reply(200, { data: [option] });
    nock(origin).post('/api/v3/shipments/announce').reply(status, body, { 'content-type': 'application/json' });
    const fault = await faultOfBuying();
    expect([fault.code, fault.facts.outcome]).toEqual([code, outcome]);
    expect(nock.isDone()).toBe(true);
  });
});

test('what Sendcloud quotes of people and keys is blanked out', async () => {
  const detail = 'Cannot ship to ADA LOVELACE, insulindelaan 115, Insulindelaan 115 with secret-key';
  nock(origin)
    .post('/api/v3/shipping-options')
    .reply(200, { data: [option] });
  nock(origin)
    .post('/api/v3/shipments/announce')
    .reply(400, { errors: [{ status: '400', code: 'invalid', detail, source: { pointer: '/to_address' } }] });
  expect((await faultOfBuying()).facts.message).toBe('/to_address: Cannot ship to •••, insulindelaan 115, ••• with •••');
});

test.each([
  ['of returns', { error: { code: 'invalid_postal_code', message: 'The postal code is invalid.' } }, 'The postal code is invalid.'],
  ['of tracking', { detail: 'Parcel does not exist' }, 'Parcel does not exist'],
  ['with a title alone', { errors: [{ title: 'Bad Request', status: 400 }] }, 'Bad Request'],
])('errors in the form %s are read', async (_, body, words) => {
  nock(origin).post('/api/v3/shipping-options').reply(400, body);
  await expect(carrier().rates(asked())).rejects.toMatchObject({ facts: { message: words, outcome: 'not-applied' } });
});

test('one odd option does not hide the others', async () => {
  nock(origin)
    .post('/api/v3/shipping-options')
    .reply(200, { data: [{ code: 7 }, null, option] });
  expect((await carrier().rates(asked())).rates.map(({ service }) => service)).toEqual(['postnl:standard']);
});

test('parts that do not sum to the price are one sum', async () => {
  const breakdown = [{ type: 'price_without_insurance', label: 'Label', price: { value: '6.00', currency: 'EUR' } }];
  nock(origin)
    .post('/api/v3/shipping-options')
    .reply(200, { data: [{ ...option, quotes: [{ price: { breakdown, total: { value: '6.50', currency: 'EUR' } } }] }] });
  const { rates } = await carrier().rates(asked());
  expect(rates[0]?.charges).toEqual([{ type: 'shipping', amount: { minor: 650, currency: 'EUR' }, vendorCode: null }]);
});

test('a search that is not narrowed to our reference is no proof of anything', async () => {
  nock(origin)
    .get('/api/v3/shipments')
    .query({ external_reference_id: 'K1' })
    .reply(200, { data: [{ id: 'x', external_reference_id: 'other', parcels: [] }] });
  expect(await carrier().reconcile(request(), {}, intentMemo('K1'))).toMatchObject({ kind: 'cannot-tell' });
});

test('a shipment whose parcel cannot be read is no shipment that failed', async () => {
  nock(origin)
    .get('/api/v3/shipments')
    .query(true)
    .reply(200, { data: [{ id: 'a', external_reference_id: 'K1', parcels: [{ number: 'X' }] }] });
  await expect(carrier().reconcile(request(), {}, intentMemo('K1'))).rejects.toMatchObject({ code: 'malformed-reply' });
});

test('two shipments under one reference are a matter for a person', async () => {
  const parcels = [{ id: 1, status: { code: 'READY_TO_SEND' }, tracking_number: 'X' }];
  const twice = ['a', 'b'].map((id) => ({ id, external_reference_id: 'K1', parcels }));
  nock(origin).get('/api/v3/shipments').query(true).reply(200, { data: twice });
  expect(await carrier().reconcile(request(), {}, intentMemo('K1'))).toMatchObject({
    kind: 'cannot-tell',
    check: expect.stringContaining('(a, b)'),
  });
});

test('an empty search may come as a 404 of Sendcloud’s own', async () => {
  nock(origin)
    .get('/api/v3/shipments')
    .query(true)
    .reply(404, { errors: [{ status: '404', code: 'not_found', detail: 'Not found' }] });
  expect(await carrier().reconcile(request(), {}, intentMemo('K1'))).toEqual({ kind: 'absent' });
});
