import { intentMemo, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { isFault, plainDelivery, type Address, type LabelRequest } from '@quartermaster/domain';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { easypostCarrier } from './index.ts';

const apiKey = 'EZAK-live-key-1234';
const clock = virtualClock('2026-11-21T12:00:00.000Z');
const carrier = easypostCarrier({ connection: 'post', apiKey, currency: 'USD', clock, random: () => 0.5, carrierAccounts: ['ca_1'] });
const basic = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`;

const shipTo: Address = {
  name: 'Elizabeth Swan',
  company: null,
  lines: ['179 N Harbor Dr', 'Apt 2', 'Rear'],
  postalCode: '90277',
  city: 'Redondo Beach',
  region: 'CA',
  country: 'US',
  phone: '3105550100',
  email: 'swan@example.com',
};
const request: LabelRequest = {
  shipFrom: { ...shipTo, name: 'Warehouse', lines: ['388 Townsend St'], phone: null, email: null },
  shipTo,
  parcel: { number: 1, grams: 436, millimetres: [254, 203, 102], items: [{ lineId: '1', sku: 'A', units: 1 }] },
  service: 'USPS/Priority',
  format: 'pdf',
  shipAt: '2026-11-23T08:00:00.000Z',
  reference: 'SO1001',
  delivery: plainDelivery,
  priceLimit: null,
};

const rates = [{ id: 'rate_9', carrier: 'USPS', service: 'Priority', rate: '6.90', currency: 'USD', delivery_days: 2 }];
const bought = {
  id: 'shp_1',
  tracking_code: '9400100110368068953228',
  selected_rate: rates[0],
  postage_label: { label_url: 'https://files.test/1.pdf', label_file_type: 'application/pdf', created_at: '2026-11-21T12:00:01Z' },
  tracker: { public_url: 'https://track.easypost.test/1' },
  status: 'a status of tomorrow',
  refund_status: null,
};

function easypost(): nock.Scope {
  return nock('https://api.easypost.com', { reqheaders: { authorization: basic } });
}

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

describe('on the wire', () => {
  test('a shipment is made in ounces and inches, with the key as its reference, and bought by the id of its rate', async () => {
    const sent: unknown[] = [];
    easypost()
      .post('/v2/shipments', (body: unknown) => sent.push(body) > 0)
      .reply(201, { id: 'shp_1', rates, messages: [] })
      .post('/v2/shipments/shp_1/buy', (body: unknown) => sent.push(body) > 0)
      .reply(200, bought);
    const label = await carrier.buy(request, intentMemo());
    expect(sent).toEqual([
      {
        shipment: {
          reference: 'intent-1',
          from_address: { name: 'Warehouse', street1: '388 Townsend St', city: 'Redondo Beach', state: 'CA', zip: '90277', country: 'US' },
          to_address: {
            name: 'Elizabeth Swan',
            street1: '179 N Harbor Dr',
            street2: 'Apt 2, Rear',
            city: 'Redondo Beach',
            state: 'CA',
            zip: '90277',
            country: 'US',
            phone: '3105550100',
            email: 'swan@example.com',
          },
          parcel: { weight: 15.4, length: 10, width: 8, height: 4.1 },
          options: { label_format: 'PDF', currency: 'USD', print_custom_1: 'SO1001', label_date: '2026-11-23T08:00:00.000Z' },
          carrier_accounts: ['ca_1'],
        },
      },
      { rate: { id: 'rate_9' } },
    ]);
    expect(label).toEqual({
      ref: 'shp_1',
      carrier: 'USPS',
      service: 'USPS/Priority',
      trackingNumber: '9400100110368068953228',
      trackingUrl: 'https://track.easypost.test/1',
      price: { minor: 690, currency: 'USD' },
      charges: [],
      boughtAt: '2026-11-21T12:00:01.000Z',
      document: { format: 'pdf', base64: null, url: 'https://files.test/1.pdf' },
    });
  });

  test('a purchase is sent once, even when the server fails', async () => {
    let purchases = 0;
    easypost()
      .post('/v2/shipments')
      .reply(201, { id: 'shp_1', rates })
      .post('/v2/shipments/shp_1/buy')
      .times(3)
      .reply(503, () => {
        purchases++;
        return 'down';
      });
    await expect(carrier.buy(request, intentMemo())).rejects.toMatchObject({ code: 'server-error', facts: { outcome: 'unknown' } });
    expect(purchases).toBe(1);
  });

  test('rating is repeated when the server fails', async () => {
    easypost().post('/v2/shipments').reply(503).post('/v2/shipments').reply(201, { id: 'shp_1', rates });
    expect((await carrier.rates({ ...request, currency: 'USD' })).rates).toHaveLength(1);
  });

  test('an answer to a purchase that cannot be read leaves its outcome open, and the raw text is kept', async () => {
    easypost().post('/v2/shipments').reply(201, { id: 'shp_1', rates }).post('/v2/shipments/shp_1/buy').reply(200, '<html>');
    const kept = intentMemo();
    await expect(carrier.buy(request, kept)).rejects.toMatchObject({ code: 'malformed-reply', facts: { outcome: 'unknown' } });
    expect(await kept.rawAnswers()).toEqual(['<html>']);
  });
});

describe('errors', () => {
  test.each([
    [
      'details with fields',
      422,
      { code: 'PARAMETER.REQUIRED', message: 'Missing required parameter.', errors: [{ field: 'shipment', message: 'cannot be blank' }] },
      'invalid-request',
      'Missing required parameter. shipment cannot be blank',
    ],
    [
      'details as texts',
      404,
      { code: 'NOT_FOUND', message: 'The requested resource could not be found.', errors: ['No such account.'] },
      'not-found',
      'The requested resource could not be found. No such account.',
    ],
    ['a text alone', 422, 'Something is wrong', 'invalid-request', 'Something is wrong'],
    ['details of another kind', 422, { code: null, message: 'Odd', errors: [7, null, { field: 'zip' }] }, 'invalid-request', 'Odd zip'],
    ['a bill', 402, { code: 'BILLING.INSUFFICIENT', message: 'Insufficient funds.' }, 'refused', 'Insufficient funds.'],
  ])('come with %s', async (_, status, error, code, message) => {
    easypost().post('/v2/shipments').reply(status, { error }, { 'x-ep-request-uuid': 'uuid-1' });
    await expect(carrier.buy(request, intentMemo())).rejects.toMatchObject({
      code,
      facts: { message, status, requestId: 'uuid-1', outcome: 'not-applied' },
    });
  });

  test.each([
    ['SHIPMENT.PURCHASE.IN_PROGRESS', 'conflict', 'unknown'],
    ['SHIPMENT.POSTAGE.TIMED_OUT', 'timeout', 'unknown'],
    ['SHIPMENT.POSTAGE.NO_RESPONSE', 'timeout', 'unknown'],
    ['SHIPMENT.POSTAGE.FAILURE', 'refused', 'not-applied'],
    ['SHIPMENT.SOMETHING.NEW', 'invalid-request', 'not-applied'],
  ])('%s of a purchase is %s, outcome %s', async (vendorCode, code, outcome) => {
    easypost()
      .post('/v2/shipments')
      .reply(201, { id: 'shp_1', rates })
      .post('/v2/shipments/shp_1/buy')
      .reply(422, { error: { code: vendorCode, message: 'x', errors: [] } });
    await expect(carrier.buy(request, intentMemo())).rejects.toMatchObject({ code, facts: { outcome, vendorCode } });
  });

  test('SHIPMENT.POSTAGE.EXISTS means that the label is there: it is read', async () => {
    easypost()
      .post('/v2/shipments')
      .reply(201, { id: 'shp_1', rates })
      .post('/v2/shipments/shp_1/buy')
      .reply(422, { error: { code: 'SHIPMENT.POSTAGE.EXISTS', message: 'exists', errors: [] } })
      .get('/v2/shipments/shp_1')
      .reply(200, bought);
    expect(await carrier.buy(request, intentMemo())).toMatchObject({ trackingNumber: '9400100110368068953228' });
  });

  test('name neither the key nor the person', async () => {
    easypost()
      .post('/v2/shipments')
      .reply(422, {
        error: {
          code: 'ADDRESS.VERIFY.FAILURE',
          message: `ELIZABETH SWAN, 179 N HARBOR DR does not exist (swan@example.com, ${apiKey})`,
          errors: [],
        },
      });
    const fault = await carrier.buy(request, intentMemo()).catch((error: unknown) => error);
    expect(isFault(fault) && JSON.stringify(fault)).not.toMatch(/swan|harbor|EZAK/i);
  });
});
