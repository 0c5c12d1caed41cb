import { expect, test } from 'vitest';
import { chooseRate, documentOf, problemsOf, ratesOf, sentenceOf, stateOfPurchase, voidOutcomeOf } from './translate.ts';
import { wireRateSchema, wireShipmentSchema, wireTransactionSchema, type WireRate } from './wire.ts';

function rate(more: object = {}): WireRate {
  return wireRateSchema.parse({
    object_id: 'rate-1',
    object_created: '2026-11-23T09:00:00.000Z',
    amount: '5.50',
    currency: 'USD',
    provider: 'USPS',
    servicelevel: { token: 'usps_priority' },
    carrier_account: 'account-1',
    estimated_days: 2,
    zone: '4',
    ...more,
  });
}

const shipment = (more: object) =>
  wireShipmentSchema.parse({ object_id: 'shipment-1', status: 'SUCCESS', rates: [], messages: [], ...more });
const same = (text: string) => text;

test('a rate is a price with the days on the way, its zone, and the seven days that it holds', () => {
  expect(ratesOf(shipment({ rates: [rate()] }), 'USD')).toEqual([
    {
      service: 'usps_priority',
      total: { minor: 550, currency: 'USD' },
      charges: [],
      billable: null,
      zone: '4',
      arrival: { day: null, transitDays: 2, percentiles: null, isGuaranteed: false },
      expiresAt: '2026-11-30T09:00:00.000Z',
      isNegotiated: null,
    },
  ]);
});

test('of two accounts that offer a service the cheaper one counts, and of equal ones the lower account', () => {
  const rates = [
    rate({ object_id: 'b', carrier_account: 'account-2' }),
    rate({ object_id: 'c', carrier_account: 'account-1' }),
    rate({ object_id: 'dear', amount: '5.51' }),
  ];
  expect(chooseRate(rates, 'usps_priority', 'USD')?.object_id).toBe('c');
  expect(chooseRate([...rates, rate({ object_id: 'cheap', amount: '4' })], 'usps_priority', 'USD')?.object_id).toBe('cheap');
  expect(chooseRate(rates, 'usps_priority', 'EUR')).toBeNull();
});

test('yen have no hundredths, and what is finer than a cent is rounded', () => {
  const prices = ratesOf(shipment({ rates: [rate({ amount: '830.00', currency: 'JPY' })] }), 'JPY').map(({ total }) => total.minor);
  expect([...prices, ...ratesOf(shipment({ rates: [rate({ amount: '5.505' })] }), 'USD').map(({ total }) => total.minor)]).toEqual([
    830, 551,
  ]);
});

test('what carriers say, services in another currency and carriers that are still being asked are problems', () => {
  const messages = [
    { source: 'UPS', code: '', text: 'No negotiated rates.' },
    { source: 'UPS', code: '', text: 'No negotiated rates.' },
    { source: 'DHL', code: 'carrier_timeout', text: null },
  ];
  expect(problemsOf(shipment({ rates: [rate({ currency: 'CAD' })], messages, status: 'QUEUED' }), 'USD', same)).toEqual([
    'UPS: No negotiated rates.',
    'DHL: carrier_timeout',
    'usps_priority is priced in CAD, not in USD.',
    'Shippo is still asking carriers: more rates may come later.',
  ]);
  expect(problemsOf(shipment({}), 'USD', same)).toEqual(['No carrier of Shippo offers anything for this parcel.']);
  expect(sentenceOf({ source: null, code: null, text: null })).toBe('no reason given');
});

test('one rate that cannot be read hides no other', () => {
  expect(shipment({ rates: [{ amount: 'a lot' }, rate()] }).rates.map(({ object_id }) => object_id)).toEqual(['rate-1']);
});

test('the status of a purchase says what it is, whatever the status of HTTP', () => {
  const states = ['WAITING', 'QUEUED', 'SUCCESS', 'ERROR', 'REFUNDED', 'REFUNDPENDING', 'REFUNDREJECTED'].map((status) =>
    stateOfPurchase({ status, label_url: '', tracking_number: '' }),
  );
  expect(states).toEqual(['making', 'making', 'bought', 'failed', 'given-back', 'given-back', 'bought']);
});

test('a status of tomorrow is a label where there is one, and otherwise on its way', () => {
  expect(stateOfPurchase({ status: 'PRINTED', label_url: 'https://a.example/1.pdf', tracking_number: '9' })).toBe('bought');
  expect(stateOfPurchase({ status: 'PONDERED', label_url: null, tracking_number: null })).toBe('making');
});

test('a label tells its true format, by its type or else by its address', () => {
  const document = (more: object) => documentOf(wireTransactionSchema.parse({ object_id: 't', status: 'SUCCESS', ...more }), 'zpl');
  expect(document({ label_url: 'https://a.example/1?x', label_file_type: 'PDF_4x6' })?.format).toBe('pdf');
  expect(document({ label_url: 'https://a.example/1.png?Signature=a' })?.format).toBe('png');
  expect(document({ label_url: 'https://a.example/1' })?.format).toBe('zpl');
  expect(document({ label_url: '' })).toBeNull();
});

test('a refund is done, on its way or refused', () => {
  expect(['SUCCESS', 'QUEUED', 'PENDING', 'ERROR', 'DELIBERATED'].map((status) => voidOutcomeOf(status).kind)).toEqual([
    'voided',
    'accepted',
    'accepted',
    'refused',
    'accepted',
  ]);
});
