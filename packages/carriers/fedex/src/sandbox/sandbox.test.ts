import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createFedexSandbox, type FedexSandboxOptions } from './index.ts';
import { billed } from './tariff.ts';
import { isTrackingNumber, trackingNumberOf } from './tracking-number.ts';

const keys = { clientId: 'client', clientSecret: 'secret', accountNumber: '740561073' };
const services = [{ code: 'FEDEX_GROUND', name: 'FedEx Ground', from: 'US', to: 'US', baseMinor: 900, perPoundMinor: 60, days: 3 }];
const account = { value: keys.accountNumber };
const address = { streetLines: ['1 Dock Road'], city: 'New York', stateOrProvinceCode: 'NY', postalCode: '10001', countryCode: 'US' };
const party = { address, contact: { personName: 'Ada', phoneNumber: '2125550132' } };
const shipment = {
  pickupType: 'USE_SCHEDULED_PICKUP',
  serviceType: 'FEDEX_GROUND',
  packagingType: 'YOUR_PACKAGING',
  shipper: party,
  recipients: [party],
  shippingChargesPayment: { paymentType: 'SENDER', payor: { responsibleParty: { accountNumber: account } } },
  requestedPackageLineItems: [{ weight: { units: 'LB', value: 2 } }],
};
const opening = { index: 'A1', accountNumber: account, requestedShipment: shipment };
const confirming = {
  index: 'A1',
  accountNumber: account,
  labelResponseOptions: 'LABEL',
  labelSpecification: { imageType: 'PDF', labelStockType: 'PAPER_4X6' },
};
const repliesSchema = z.looseObject({ errors: z.array(z.object({ code: z.string() })).default([]) });

function sandbox(given: Partial<FedexSandboxOptions> = {}) {
  const clock = virtualClock('2026-11-23T14:00:00.000Z');
  const made = createFedexSandbox({ ...keys, clock, currency: 'USD', services, ...given });
  let token = '';
  const send = async (method: string, path: string, body: string, headers: Record<string, string>) => {
    const response = await made.app(new Request(`https://fedex.test${path}`, { method, body, headers }));
    const text = await response.text();
    return { status: response.status, text, code: repliesSchema.parse(JSON.parse(text)).errors[0]?.code ?? null };
  };
  const logIn = async (form = `grant_type=client_credentials&client_id=client&client_secret=secret`) => {
    const reply = await send('POST', '/oauth/token', form, { 'content-type': 'application/x-www-form-urlencoded' });
    token = z.looseObject({ access_token: z.string().default('') }).parse(JSON.parse(reply.text)).access_token;
    return reply;
  };
  const ask = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
    send(method, path, JSON.stringify(body), { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers });
  return { ...made, clock, ask, logIn };
}

const open = '/ship/v1/openshipments/create';
const confirm = '/ship/v1/openshipments/';
const retrieve = '/ship/v1/openshipments/retrieve';

describe('who may ask', () => {
  test('a token for the right keys, for an hour', async () => {
    const { ask, logIn, clock } = sandbox();
    expect((await logIn('grant_type=client_credentials&client_id=client&client_secret=wrong')).status).toBe(401);
    expect((await ask('POST', retrieve, {})).status).toBe(401);
    await logIn();
    expect((await ask('POST', retrieve, { index: 'A1', accountNumber: account })).status).toBe(404);
    await clock.sleep(3_600_000);
    expect(await ask('POST', retrieve, { index: 'A1', accountNumber: account })).toMatchObject({
      status: 401,
      code: 'NOT.AUTHORIZED.ERROR',
    });
  });

  test('1,400 requests in ten seconds, and no more', async () => {
    const { ask, logIn, clock } = sandbox({ limit: { requests: 2, perMs: 10_000 } });
    await logIn();
    const statuses = [(await ask('POST', open, opening)).status, (await ask('POST', confirm, confirming)).status];
    await clock.sleep(10_000);
    expect([...statuses, (await ask('POST', confirm, confirming)).status]).toEqual([200, 429, 200]);
  });

  test('JSON alone, for the account of the project alone', async () => {
    const { ask, logIn } = sandbox();
    await logIn();
    expect((await ask('POST', open, opening, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await ask('POST', open, { ...opening, accountNumber: { value: '111111111' } })).code).toBe('ACCOUNT.NUMBER.MISMATCH');
  });
});

describe('open shipments', () => {
  test('an index is taken by one shipment at a time, costs nothing, and is purged after five days', async () => {
    const { ask, logIn, snapshot, clock } = sandbox();
    await logIn();
    expect([(await ask('POST', open, opening)).status, (await ask('POST', open, opening)).status]).toEqual([200, 400]);
    expect(snapshot()).toMatchObject({ open: ['A1'], labels: [] });
    await clock.sleep(5 * 86_400_000 + 1);
    await logIn();
    expect((await ask('POST', retrieve, { index: 'A1', accountNumber: account })).status).toBe(404);
  });

  test('is confirmed once, and has its label in that answer alone', async () => {
    const { ask, logIn, snapshot } = sandbox();
    await logIn();
    await ask('POST', open, opening);
    const [first, second] = [await ask('POST', confirm, confirming), await ask('POST', confirm, confirming)];
    expect([first.status, second.status, second.code]).toEqual([200, 404, 'NOT.FOUND.ERROR']);
    expect(first.text).toContain('encodedLabel');
    expect(snapshot()).toMatchObject({ open: [], labels: [{ service: 'FEDEX_GROUND' }] });
  });

  test.each([
    ['a stock that does not go with the image', { ...confirming, labelSpecification: { imageType: 'ZPLII', labelStockType: 'PAPER_4X6' } }],
    ['no label specification', { ...confirming, labelSpecification: undefined }],
  ])('is not confirmed with %s', async (_, body) => {
    const { ask, logIn, snapshot } = sandbox();
    await logIn();
    await ask('POST', open, opening);
    expect((await ask('POST', confirm, body)).code).toBe('INVALID.INPUT.EXCEPTION');
    expect(snapshot().open).toEqual(['A1']);
  });

  test.each([
    ['a line of more than 35 characters', { recipients: [{ ...party, address: { ...address, streetLines: ['x'.repeat(36)] } }] }],
    ['no telephone number', { recipients: [{ ...party, contact: { personName: 'Ada' } }] }],
    ['no state', { recipients: [{ ...party, address: { ...address, stateOrProvinceCode: undefined } }] }],
    [
      'another payer',
      { shippingChargesPayment: { paymentType: 'SENDER', payor: { responsibleParty: { accountNumber: { value: '111111111' } } } } },
    ],
    ['another country and nothing for its customs', { recipients: [{ ...party, address: { ...address, countryCode: 'DE' } }] }],
    [
      'a type of return, which Open Ship has not',
      { shipmentSpecialServices: { specialServiceTypes: ['RETURN_SHIPMENT'], returnShipmentDetail: { returnType: 'PRINT_RETURN_LABEL' } } },
    ],
    [
      'a reference that is too long for Ground',
      {
        requestedPackageLineItems: [
          {
            weight: { units: 'LB', value: 2 },
            customerReferences: [{ customerReferenceType: 'CUSTOMER_REFERENCE', value: 'x'.repeat(31) }],
          },
        ],
      },
    ],
  ])('is not opened with %s', async (_, change) => {
    const { ask, logIn } = sandbox();
    await logIn();
    expect((await ask('POST', open, { ...opening, requestedShipment: { ...shipment, ...change } })).status).toBe(400);
  });
});

test('thirty-one numbers are too many to track, and a window without a time is no pickup', async () => {
  const { ask, logIn } = sandbox();
  await logIn();
  const trackingInfo = Array.from({ length: 31 }, (_, nth) => ({ trackingNumberInfo: { trackingNumber: trackingNumberOf(nth) } }));
  expect((await ask('POST', '/track/v1/trackingnumbers', { includeDetailedScans: true, trackingInfo })).status).toBe(400);
  const originDetail = { pickupLocation: party, readyDateTimestamp: '2026-11-23T15:00:00', customerCloseTime: '14:00:00' };
  expect((await ask('POST', '/pickup/v1/pickups', { associatedAccountNumber: account, carrierCode: 'FDXG', originDetail })).code).toBe(
    'PICKUP.CLOSETIME.INVALID',
  );
});

test('a number is checked by its last digit, as FedEx’s are', () => {
  expect(isTrackingNumber('986578788855')).toBe(true);
  expect(isTrackingNumber('986578788856')).toBe(false);
  expect(isTrackingNumber(trackingNumberOf(7))).toBe(true);
});

test('a parcel is billed by its weight or by its size, whichever is more', () => {
  expect(billed({ pounds: 2.1, inches: [10, 10, 10] })).toEqual({ pounds: 8, isDimensional: true });
  expect(billed({ pounds: 20, inches: null })).toEqual({ pounds: 20, isDimensional: false });
});
