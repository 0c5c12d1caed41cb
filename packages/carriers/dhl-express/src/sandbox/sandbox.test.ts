import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { describe, expect, test } from 'vitest';
import { rateDraftOf } from '../rate-draft.ts';
import { shipmentDraftOf } from '../shipment-draft.ts';
import { abroad, ada, keys, products, request } from '../testing/account.ts';
import { referenceOf } from '../translate.ts';
import { createDhlExpressSandbox, type DhlExpressSandboxOptions } from './index.ts';
import { waybillNumber } from './state.ts';

const given = { accountNumber: keys.accountNumber, zone: 'Europe/Berlin', paperlessTrade: false };
const basic = `Basic ${Buffer.from(`${keys.username}:${keys.password}`).toString('base64')}`;

function opened(options: Partial<DhlExpressSandboxOptions> = {}) {
  const clock = virtualClock('2026-11-23T08:00:00.000Z');
  const sandbox = createDhlExpressSandbox({ ...keys, clock, currency: 'EUR', products, ...options });
  const ask = async (
    path: string,
    { headers: more, ...init }: { method?: string; body?: string; headers?: Record<string, string> } = {},
  ) => {
    const headers = { authorization: basic, 'x-version': '3.1.0', 'content-type': 'application/json', ...more };
    const response = await sandbox.app(new Request(`https://dhl.test/mydhlapi${path}`, { ...init, headers }));
    const text = await response.text();
    const answer: { detail?: string; additionalDetails?: readonly string[] } = text === '' ? {} : JSON.parse(text);
    return { status: response.status, detail: answer.additionalDetails?.join(' ') ?? answer.detail ?? null, text };
  };
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask(path, { method: 'POST', body: JSON.stringify(body), headers });
  return { clock, sandbox, ask, post };
}

const rate = (change: Partial<typeof request> = {}, at = request.shipAt) => rateDraftOf({ ...request, ...change }, at, null, given);
const shipment = (change: Partial<typeof request> = {}, at = request.shipAt, localCode: string | null = null) => {
  const asked = { ...request, ...change };
  return shipmentDraftOf(asked, at, { code: asked.service, localCode }, 'key', given);
};

describe('the sandbox of DHL Express', () => {
  test('wants its keys and the version of the interface', async () => {
    const { post } = opened();
    expect((await post('/rates', rate(), { authorization: 'Basic bm8=' })).status).toBe(401);
    expect((await post('/rates', rate(), { 'x-version': '' })).detail).toContain('x-version');
    expect((await post('/rates', rate(), { 'message-reference': 'x'.repeat(37) })).status).toBe(400);
    expect((await post('/rates', rate())).status).toBe(200);
  });

  test('takes nothing that it does not know, and says where it stands', async () => {
    const { post } = opened();
    expect(await post('/rates', { ...rate(), weight: 1 })).toMatchObject({
      status: 422,
      detail: '#/: extraneous key [weight] is not permitted',
    });
    expect((await post('/shipments', { ...shipment(), content: {} })).status).toBe(422);
    expect((await post('/rates', 'no object')).status).toBe(422);
  });

  test.each([
    ['a good one', shipment(), 201, null],
    ['a day in the past', shipment({}, '2026-11-23T07:59:00.000Z'), 400, 'in the past'],
    ['a day in two weeks', shipment({}, '2026-12-07T08:00:00.000Z'), 400, '10 days'],
    ['a day that is written otherwise', { ...shipment(), plannedShippingDateAndTime: '2026-11-23' }, 400, '998:'],
    ['another account', { ...shipment(), accounts: [{ typeCode: 'shipper', number: '999' }] }, 400, 'account number'],
    [
      'a service that it does not have',
      { ...shipment(), valueAddedServices: [{ serviceCode: 'XX' }] },
      400,
      "7008: The requested Special Service Code  #/valueAddedServices/0/serviceCode 'XX'",
    ],
    ['a product that does not go there', shipment({ service: 'N', shipTo: ada }), 400, '996:'],
    ['more than 70 kilograms', shipment({ parcel: { ...request.parcel, grams: 70_001 } }), 400, '996:'],
    ['a domestic product without its local code', shipment({ service: 'N', shipTo: request.shipFrom }), 400, 'local product code'],
    ['a domestic product with its local code', shipment({ service: 'N', shipTo: request.shipFrom }, request.shipAt, 'DOM'), 201, null],
    ['goods for the customs', shipmentDraftOf(abroad, request.shipAt, { code: 'P', localCode: null }, 'key', given), 201, null],
  ])('answers a shipment of %s', async (_, body, status, words) => {
    const { post, sandbox } = opened();
    const answer = await post('/shipments', body);
    expect([answer.status, words === null || answer.detail?.includes(words)]).toEqual([status, true]);
    expect(sandbox.snapshot().shipments).toHaveLength(status === 201 ? 1 : 0);
  });

  test('wants the declaration and the value of goods for the customs', async () => {
    const { post } = opened();
    const draft = shipment({ service: 'P', shipTo: ada });
    const goods = { description: 'Mugs', incoterm: 'DAP', unitOfMeasurement: 'metric', isCustomsDeclarable: true };
    const content = { ...goods, packages: [{ weight: 1 }] };
    expect((await post('/shipments', { ...draft, content })).detail).toContain('export declaration');
  });

  test('finds a shipment by reference, account and days, once it is known, and no other way', async () => {
    const { ask, clock, post } = opened({ findableAfterMs: 60_000 });
    await post('/shipments', shipment());
    const find = (change: Record<string, string> = {}) =>
      ask(
        `/tracking?${new URLSearchParams({
          shipmentReference: referenceOf('key'),
          shipmentReferenceType: 'CU',
          shipperAccountNumber: keys.accountNumber,
          dateRangeFrom: '2026-11-22',
          dateRangeTo: '2026-11-24',
          ...change,
        }).toString()}`,
      );
    expect((await find()).detail).toBe(`No Shipments Found for ReferenceID | ${referenceOf('key')}`);
    await clock.sleep(60_000);
    expect((await find()).status).toBe(200);
    expect((await find({ shipmentReferenceType: 'CO' })).status).toBe(404);
    expect((await find({ dateRangeFrom: '2026-11-24' })).status).toBe(404);
    expect((await find({ shipperAccountNumber: '1' })).status).toBe(404);
    expect((await find({ shipperAccountNumber: '' })).detail).toBe('Missing mandatory parameters: shipperAccountNumber');
    expect((await find({ trackingView: 'everything' })).status).toBe(400);
  });

  test('gives a waybill by the month of its hand-over alone, as PDF', async () => {
    const { ask, post, sandbox } = opened();
    await post('/shipments', shipment());
    const [{ trackingNumber } = { trackingNumber: '' }] = sandbox.snapshot().shipments;
    const image = (month: string) =>
      ask(`/shipments/${trackingNumber}/get-image?shipperAccountNumber=${keys.accountNumber}&typeCode=waybill&pickupYearAndMonth=${month}`);
    expect([(await image('2026-11')).status, (await image('2026-12')).detail?.slice(0, 5), (await image('')).status]).toEqual([
      200,
      '1504:',
      400,
    ]);
  });

  test('has no void', async () => {
    const { ask, post, sandbox } = opened();
    await post('/shipments', shipment());
    expect((await ask(`/shipments/${sandbox.snapshot().shipments[0]?.trackingNumber}`, { method: 'DELETE' })).status).toBe(404);
  });

  test('numbers waybills as DHL does: the last digit is what is left of the others by seven', () => {
    expect([1, 2, 1_000].map(waybillNumber)).toEqual(['5530000011', '5530000022', '5530010006']);
  });
});
