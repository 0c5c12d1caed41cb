import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { createDhlParcelDeSandbox } from './index.ts';

const keys = { user: 'u', password: 'p', apiKey: 'k', apiSecret: 's' };
const login = { authorization: `Basic ${Buffer.from('u:p').toString('base64')}`, 'dhl-api-key': 'k' };
const party = { name1: 'Ada', addressStreet: 'Hafenstraße 1', postalCode: '20457', city: 'Hamburg', country: 'DEU' };
const shipment = {
  product: 'V01PAK',
  billingNumber: '33333333330101',
  refNo: 'Order 1234',
  shipper: party,
  consignee: party,
  details: { weight: { uom: 'g', value: 500 } },
};

function dhl() {
  const clock = virtualClock('2026-11-23T09:00:00.000Z');
  const sandbox = createDhlParcelDeSandbox({ ...keys, clock, billingNumbers: ['33333333330101', '33333333335301'] });
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = login) => {
    const response = await sandbox.app(
      new Request(`https://dhl.test/parcel/de/shipping/v2${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const json: unknown = await response.json();
    return { status: response.status, json };
  };
  const order = (...shipments: readonly object[]) => call('POST', '/orders', { profile: 'STANDARD_GRUPPENPROFIL', shipments });
  return { call, clock, order, sandbox };
}

test.each([
  ['a field that is missing', { consignee: { ...party, city: undefined } }, 'shipments.0.consignee'],
  ['a field that DHL does not have', { color: 'red' }, 'shipments.0'],
  ['a reference that is too short', { refNo: 'short' }, 'shipments.0.refNo'],
  ['a country of two letters', { shipper: { ...party, country: 'DE' } }, 'shipments.0.shipper.country'],
  ['a billing number of another product', { product: 'V53WPAK', consignee: { ...party, country: 'FRA' } }, 'billingNumber'],
  ['a billing number of somebody else', { billingNumber: '44444444440101' }, 'billingNumber'],
  ['a day that is past', { shipDate: '2026-11-22' }, 'shipDate'],
  ['a product that does not go there', { consignee: { ...party, country: 'FRA' } }, 'consignee.country'],
  ['a parcel that is too heavy', { details: { weight: { uom: 'kg', value: 32 } } }, 'details.weight'],
  [
    'a parcel that is too large',
    { details: { weight: { uom: 'g', value: 5 }, dim: { uom: 'cm', length: 121, width: 10, height: 10 } } },
    'details.dim',
  ],
  ['a service that the product does not have', { services: { endorsement: 'RETURN' } }, 'services.endorsement'],
  [
    'a way out of the customs union without a declaration',
    { product: 'V53WPAK', billingNumber: '33333333335301', consignee: { ...party, country: 'CHE' } },
    'customs',
  ],
])('%s is refused with its property', async (_, change, property) => {
  const { order, sandbox } = dhl();
  const { status, json } = await order({ ...shipment, ...change });
  expect([status, sandbox.snapshot().labels]).toEqual([400, []]);
  expect(json).toMatchObject({ items: [{ sstatus: { status: 400 }, validationMessages: [{ property, validationState: 'Error' }] }] });
});

test('several shipments are answered with 207, each with a status of its own, in their order', async () => {
  const { order, sandbox } = dhl();
  const { status, json } = await order(shipment, { ...shipment, shipDate: '2026-11-22' }, shipment);
  expect(status).toBe(207);
  expect(json).toMatchObject({ items: [{ sstatus: { status: 200 } }, { sstatus: { status: 400 } }, { sstatus: { status: 200 } }] });
  expect(sandbox.snapshot().labels.length).toBe(2);
});

test('a dry run makes nothing', async () => {
  const { call, sandbox } = dhl();
  const { status } = await call('POST', '/orders?validate=true', { profile: 'STANDARD_GRUPPENPROFIL', shipments: [shipment] });
  expect([status, sandbox.snapshot().labels]).toEqual([200, []]);
});

test('a shipment is closed at 18:00 of its day in Berlin; until then it may be deleted', async () => {
  const { call, clock, order } = dhl();
  await order(shipment);
  await order({ ...shipment, shipDate: '2026-11-24' });
  clock.advanceTo('2026-11-23T16:59:59.000Z');
  expect((await call('GET', '/manifests')).status).toBe(404);
  clock.advanceTo('2026-11-23T17:00:00.000Z');
  const { json } = await call('GET', '/manifests');
  expect(json).toMatchObject({ manifestDate: '2026-11-23', items: [{ sheetNo: '1' }] });
  const deleted = await call('DELETE', '/orders?profile=STANDARD_GRUPPENPROFIL&shipment=00340434160000000017');
  expect(deleted).toMatchObject({ status: 200, json: { items: [{ sstatus: { status: 400 } }] } });
});

test.each([
  ['no login', {}],
  ['a login without its key', { authorization: login.authorization }],
  ['a token that nobody gave out', { authorization: 'Bearer sandbox-token-9' }],
])('with %s nobody is let in', async (_, headers) => {
  const { call } = dhl();
  expect((await call('GET', '/manifests', undefined, headers)).status).toBe(401);
});

test('more than thirty shipments, and a query that DHL does not have, are refused', async () => {
  const { call, order } = dhl();
  expect((await order(...Array.from({ length: 31 }, () => shipment))).status).toBe(400);
  expect((await call('POST', '/orders?docFormat=PNG', { profile: 'STANDARD_GRUPPENPROFIL', shipments: [shipment] })).status).toBe(400);
});
