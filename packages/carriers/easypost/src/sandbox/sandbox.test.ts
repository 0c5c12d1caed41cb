import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createEasyPostSandbox } from './index.ts';

const shipmentSchema = z.looseObject({
  id: z.string(),
  rates: z.array(z.looseObject({ id: z.string(), rate: z.string() })),
  messages: z.array(z.unknown()),
  refund_status: z.string().nullable(),
});
const address = { name: 'Ada', street1: '1 Dock Road', city: 'San Francisco', state: 'CA', zip: '94104', country: 'US' };
const draft = { to_address: address, from_address: address, parcel: { weight: 35.3 } };

function sandbox() {
  const clock = virtualClock('2026-11-21T12:00:00.000Z');
  const easypost = createEasyPostSandbox({
    apiKey: 'key',
    clock,
    currency: 'USD',
    tariffs: [
      { carrier: 'USPS', service: 'Ground', maxGrams: 30_000, lanes: [{ from: 'US', to: 'US', baseMinor: 500, perKgMinor: 100, days: 3 }] },
    ],
  });
  async function ask(method: string, path: string, body?: unknown, key = 'key') {
    const response = await easypost.app(
      new Request(`https://easypost.test${path}`, {
        method,
        headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const answer: unknown = await response.json();
    return { status: response.status, answer };
  }
  async function rated() {
    return shipmentSchema.parse((await ask('POST', '/v2/shipments', { shipment: draft })).answer);
  }
  return { ...easypost, clock, ask, rated };
}

const customs = (customs_signer: string, weight = 10) => ({
  contents_type: 'merchandise',
  customs_certify: true,
  customs_signer,
  restriction_type: 'none',
  customs_items: [{ description: 'Mug', quantity: 1, value: 10, weight, origin_country: 'US' }],
});

describe('the sandbox', () => {
  test('rates a shipment by weight', async () => {
    const { rates } = await sandbox().rated();
    expect(rates.map(({ rate }) => rate)).toEqual(['6.00']);
  });

  test('answers a parcel that no carrier takes with messages and no rates', async () => {
    const { answer } = await sandbox().ask('POST', '/v2/shipments', { shipment: { ...draft, parcel: { weight: 2_000 } } });
    expect(answer).toMatchObject({
      rates: [],
      messages: [{ carrier: 'USPS', type: 'rate_error', message: 'Ground: the parcel is too heavy' }],
    });
  });

  test('sells one label per shipment', async () => {
    const { ask, rated, snapshot } = sandbox();
    const { id, rates } = await rated();
    const buy = () => ask('POST', `/v2/shipments/${id}/buy`, { rate: { id: rates[0]?.id } });
    expect((await buy()).status).toBe(200);
    expect(await buy()).toMatchObject({ status: 422, answer: { error: { code: 'SHIPMENT.POSTAGE.EXISTS' } } });
    expect(snapshot()).toMatchObject({ labels: [{ priceMinor: 600 }], chargedMinor: 600, duplicates: [] });
  });

  test('counts labels beyond the first of a reference', async () => {
    const { ask, snapshot } = sandbox();
    for (let time = 0; time < 2; time++) {
      const { id, rates } = shipmentSchema.parse(
        (await ask('POST', '/v2/shipments', { shipment: { ...draft, reference: 'order 1' } })).answer,
      );
      await ask('POST', `/v2/shipments/${id}/buy`, { rate: { id: rates[0]?.id } });
    }
    expect(snapshot().duplicates).toHaveLength(1);
  });

  test.each([
    ['without a key', 401, 'APIKEY.INACTIVE', ['GET', '/v2/shipments', undefined, 'other']],
    ['for nothing', 404, 'NOT_FOUND', ['GET', '/v2/shipments/shp_none']],
    ['without a shipment', 422, 'PARAMETER.REQUIRED', ['POST', '/v2/shipments', {}]],
    ['without a weight', 422, 'PARAMETER.REQUIRED', ['POST', '/v2/shipments', { shipment: { ...draft, parcel: {} } }]],
    [
      'with an unknown signature',
      422,
      'PARAMETER.REQUIRED',
      ['POST', '/v2/shipments', { shipment: { ...draft, options: { delivery_confirmation: 'YES' } } }],
    ],
    [
      'with customs that nobody signs',
      422,
      'PARAMETER.REQUIRED',
      ['POST', '/v2/shipments', { shipment: { ...draft, customs_info: customs('') } }],
    ],
    [
      'with goods heavier than the parcel',
      422,
      'PARAMETER.REQUIRED',
      ['POST', '/v2/shipments', { shipment: { ...draft, customs_info: customs('Ada', 99) } }],
    ],
    [
      'for a pickup of nothing',
      422,
      'PARAMETER.REQUIRED',
      ['POST', '/v2/pickups', { pickup: { address, min_datetime: '2026-11-23T08:00:00Z', max_datetime: '2026-11-23T09:00:00Z' } }],
    ],
    ['for a form of no label', 404, 'NOT_FOUND', ['POST', '/v2/scan_forms', { scan_form: { shipments: [{ id: 'shp_none' }] } }]],
    [
      'to verify an address strictly that is none',
      422,
      'ADDRESS.VERIFY.FAILURE',
      ['POST', '/v2/addresses', { verify_strict: true, address: { street1: '000 unknown street', country: 'US' } }],
    ],
  ] as const)('refuses a call %s as EasyPost does', async (_, status, code, [method, path, body, key]) => {
    expect(await sandbox().ask(method, path, body, key)).toMatchObject({ status, answer: { error: { code } } });
  });

  test('lists five times a second', async () => {
    const { ask, clock } = sandbox();
    const statuses: number[] = [];
    for (let time = 0; time < 6; time++) statuses.push((await ask('GET', '/v2/shipments?page_size=1')).status);
    await clock.sleep(1_000);
    statuses.push((await ask('GET', '/v2/shipments?page_size=1')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 200]);
  });

  test('keeps the rates of a shipment until it is rated anew', async () => {
    const { ask, rated, setTariffs } = sandbox();
    const { id } = await rated();
    setTariffs([{ carrier: 'USPS', service: 'Ground', lanes: [{ from: '*', to: '*', baseMinor: 900, perKgMinor: 0, days: 3 }] }]);
    const kept = await ask('GET', `/v2/shipments/${id}`);
    const anew = await ask('POST', `/v2/shipments/${id}/rerate`);
    expect([kept.answer, anew.answer]).toMatchObject([{ rates: [{ rate: '6.00' }] }, { rates: [{ rate: '9.00' }] }]);
  });

  test('gives a label as a picture that can be opened', async () => {
    const { ask, rated, app } = sandbox();
    const { id, rates } = await rated();
    await ask('POST', `/v2/shipments/${id}/buy`, { rate: { id: rates[0]?.id } });
    const file = Buffer.from(await (await app(new Request(`https://easypost.test/labels/${id}.png`))).arrayBuffer());
    const data = file.indexOf('IDAT');
    expect(inflateSync(file.subarray(data + 4, data + 4 + file.readUInt32BE(data - 4)))).toHaveLength(300 * 201);
  });

  test('puts a label on one form, and fetches it once', async () => {
    const { ask, rated } = sandbox();
    const { id, rates } = await rated();
    await ask('POST', `/v2/shipments/${id}/buy`, { rate: { id: rates[0]?.id } });
    const form = () => ask('POST', '/v2/scan_forms', { scan_form: { shipments: [{ id }] } });
    expect([(await form()).status, (await form()).status]).toEqual([200, 422]);
    const pickup = { address, shipment: { id }, min_datetime: '2026-11-23T08:00:00Z', max_datetime: '2026-11-23T09:00:00Z' };
    const made = z.looseObject({ id: z.string() }).parse((await ask('POST', '/v2/pickups', { pickup })).answer);
    const buy = () => ask('POST', `/v2/pickups/${made.id}/buy`, { carrier: 'USPS', service: 'NextDay' });
    expect([(await buy()).status, (await buy()).status]).toEqual([200, 422]);
  });

  test('gives the numbers of the test mode their fates', async () => {
    const { ask } = sandbox();
    const tracker = { tracker: { tracking_code: 'EZ4000000004', carrier: 'USPS' } };
    expect([await ask('POST', '/v2/trackers', tracker), await ask('POST', '/v2/trackers', tracker)]).toMatchObject([
      { answer: { status: 'delivered' } },
      { answer: { status: 'delivered' } },
    ]);
    expect(await ask('GET', '/v2/trackers?tracking_code=EZ4000000004')).toMatchObject({ answer: { trackers: [{ status: 'delivered' }] } });
  });

  test('is the same for the same seed', async () => {
    expect((await sandbox().rated()).id).toBe((await sandbox().rated()).id);
  });
});
