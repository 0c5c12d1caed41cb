import { serviceNames } from '@quartermaster/connector-kit';
import { plainDelivery, type Address } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOf, shipmentOf } from './shipment.ts';
import { given, request } from './testing/given.ts';
import { addressVerdictOf, documentOf, labelOf, problemsOf, ratesOf, voidOutcomeOf } from './translate.ts';
import { wireAddressVerdictsSchema, wireLabelSchema, wireRatesSchema, type WireAddressVerdict } from './wire.ts';

const names = serviceNames({});
const usd = (amount: number | string) => ({ currency: 'usd', amount });
const rate = {
  rate_id: 'se-1',
  carrier_id: 'se-101',
  carrier_code: 'ups',
  service_code: 'ups_ground',
  package_type: null,
  shipping_amount: usd(12.5),
  insurance_amount: usd(0),
  confirmation_amount: usd(2),
  other_amount: usd(1.25),
};
const answered = (...rates: readonly object[]) => wireRatesSchema.parse({ rate_response: { rates } }).rate_response;

test('a price is all that ShipEngine names apart, in minor units', () => {
  const [only] = ratesOf(answered({ ...rate, tax_amount: usd('0.75') }), 'USD', names);
  expect(only?.total).toEqual({ minor: 1_650, currency: 'USD' });
  expect(only?.charges.map(({ type, amount }) => [type, amount.minor])).toEqual([
    ['shipping', 1_250],
    ['confirmation', 200],
    ['additional-fees', 125],
    ['tax', 75],
  ]);
});

test('details that do not sum to the price are not its parts', () => {
  const details = [{ rate_detail_type: 'shipping', amount: usd(1), carrier_billing_code: 'X' }];
  const [only] = ratesOf(answered({ ...rate, rate_details: details }), 'USD', names);
  expect(only?.charges.map(({ vendorCode }) => vendorCode)).toEqual([null, null, null]);
});

test('a kind of charge that is new is a fee, and one that is taken off is negative', () => {
  const details = [
    { rate_detail_type: 'shipping', amount: usd(17) },
    { rate_detail_type: 'discount', amount: usd(-2) },
    { rate_detail_type: 'moon_phase', amount: usd(0.75) },
  ];
  const [only] = ratesOf(answered({ ...rate, rate_details: details }), 'USD', names);
  expect(only?.charges.map(({ type, amount }) => [type, amount.minor])).toEqual([
    ['shipping', 1_700],
    ['discount', -200],
    ['additional-fees', 75],
  ]);
});

test("boxes of the carrier's own are not priced for a parcel of ours", () => {
  const flat = { ...rate, rate_id: 'se-2', package_type: 'flat_rate_envelope', shipping_amount: usd(1) };
  expect(ratesOf(answered(rate, flat), 'USD', names).map(({ total }) => total.minor)).toEqual([1_575]);
});

test('a rate in another currency, one that is not valid, and one that cannot be read are no rates, and the first two are problems', () => {
  const answer = answered(
    { ...rate, shipping_amount: { currency: 'cad', amount: 9 }, other_amount: null, confirmation_amount: null },
    { ...rate, service_code: 'ups_next_day_air', validation_status: 'invalid', error_messages: ['too heavy'] },
    { ...rate, shipping_amount: usd('dear') },
  );
  expect(ratesOf(answer, 'USD', names)).toEqual([]);
  expect(problemsOf(answer, 'USD')).toEqual([
    'ups/ups_next_day_air does not take it: too heavy',
    'ups/ups_ground is priced in CAD, not in USD.',
  ]);
});

test('no rates and no reason is a problem all the same', () => {
  expect(problemsOf(answered(), 'USD')).toEqual(['No carrier offers a service for this parcel.']);
});

const label = {
  label_id: 'se-7',
  status: 'completed',
  created_at: '2026-11-23T09:00:00Z',
  shipment_cost: usd(8.4),
  insurance_cost: usd(1),
  tracking_number: '1Z999AA10123456784',
  carrier_code: 'ups',
  service_code: 'ups_ground ',
  label_format: 'zpl',
  label_download: { href: 'data:application/zpl;base64,XlhB' },
};
const given1 = { format: 'zpl', now: '2026-11-23T09:00:01.000Z', names } as const;

test('a label costs its shipment and its insurance, and a bought one is not lost for what cannot be read of it', () => {
  expect(labelOf(wireLabelSchema.parse(label), given1)).toMatchObject({
    price: { minor: 940 },
    service: 'ups/ups_ground',
    document: { format: 'zpl', base64: 'XlhB', url: null },
  });
  const strange = { ...label, rate_details: 'none', label_download: 7, created_at: 'yesterday', status: 'brand_new' };
  expect(labelOf(wireLabelSchema.parse(strange), given1)).toMatchObject({
    price: { minor: 940 },
    boughtAt: given1.now,
    document: { base64: null, url: null },
  });
  expect(labelOf(wireLabelSchema.parse({ ...label, tracking_number: null }), given1)).toBeNull();
});

test('a document that is there in one format only is not given for another', () => {
  const wire = wireLabelSchema.parse(label);
  expect(documentOf(wire, 'pdf')).toBeNull();
  const urls = wireLabelSchema.parse({ ...label, label_download: { href: 'https://x/l.zpl', png: 'https://x/l.png' } });
  expect([documentOf(urls, 'zpl')?.url, documentOf(urls, 'png')?.url, documentOf(urls, 'pdf')]).toEqual([
    'https://x/l.zpl',
    'https://x/l.png',
    null,
  ]);
});

test('a refused void has a reason also where ShipEngine names none', () => {
  expect(voidOutcomeOf({ approved: false, message: '', reason_code: null })).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(/no reason/),
  });
});

const asked: Address = { ...request().shipTo, region: null };
const verdict = (more: object): WireAddressVerdict => {
  const [one] = wireAddressVerdictsSchema.parse([{ status: 'verified', matched_address: null, messages: [], ...more }]);
  if (one === undefined) throw new RangeError('one verdict');
  return one;
};

test('an address that could be several places is ambiguous; a mistake that was found is a correction, with the person kept', () => {
  const matched = { address_line1: '12 HARBOUR DR', city_locality: 'SAN FRANCISCO', postal_code: 94105, country_code: 'US' };
  const corrected = addressVerdictOf(asked, verdict({ status: 'warning', matched_address: matched }));
  expect([corrected.kind, corrected.suggested?.name, corrected.suggested?.postalCode]).toEqual(['corrected', 'Ada Lovelace', '94105']);
  const several = { detail_code: 'multiple_matches', message: '12 Harbor Drive N or S' };
  const ambiguous = addressVerdictOf(asked, verdict({ status: 'warning', matched_address: matched, messages: [several] }));
  expect([ambiguous.kind, ambiguous.messages]).toEqual(['ambiguous', ['multiple matches']]);
  expect(addressVerdictOf(asked, verdict({ status: 'error' })).kind).toBe('invalid');
});

test('weight and size go as they are, and a ship date that is past is made now', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.tuple(fc.nat(3_000), fc.nat(3_000), fc.nat(3_000)), (grams, [a, b, c]) => {
      const millimetres = [a + 1, b + 1, c + 1] as const;
      const parcel = { ...request().parcel, grams, millimetres: [...millimetres] satisfies [number, number, number] };
      const options = { warehouseId: null, insurance: 'carrier', now: '2026-11-24T00:00:00.000Z' } as const;
      const sent = JSON.stringify(shipmentOf({ ...request(), parcel }, options, null));
      expect(sent).toContain(`"weight":{"value":${grams},"unit":"gram"}`);
      const sides: unknown = /"length":([\d.]+),"width":([\d.]+),"height":([\d.]+)/
        .exec(sent)
        ?.slice(1)
        .map((side) => Math.round(Number(side) * 10));
      expect(sides).toEqual(millimetres);
      expect(sent).toContain('"ship_date":"2026-11-24T00:00:00.000Z"');
    }),
  );
});

test('a parcel on its way back goes from the customer, also where our parcels go from a warehouse', () => {
  const options = { warehouseId: 'se-900', insurance: 'carrier', now: '2026-11-23T09:00:00.000Z' } as const;
  expect(shipmentOf(request(), options, null)).toMatchObject({ warehouse_id: 'se-900' });
  const back = shipmentOf(request({ delivery: { ...plainDelivery, isReturn: true } }), options, null);
  expect([back['warehouse_id'], back['is_return'], back['ship_from']]).toMatchObject([undefined, true, { name: 'Quartermaster Berth 7' }]);
});

test('no empty text goes into an address, and no line of it is lost', () => {
  const long = addressOf({ ...asked, company: '', lines: ['1 Dock Road', ' ', 'Hall 2', 'Gate C', 'Ring twice'] });
  expect(long).toMatchObject({ address_line1: '1 Dock Road', address_line2: 'Hall 2', address_line3: 'Gate C, Ring twice' });
  expect(Object.values(long)).not.toContain('');
  expect(Object.keys(long)).not.toContain('state_province');
});

test('nothing of a person and no key stands in a fault that quotes them', async () => {
  const quoting: typeof fetch = async () =>
    Response.json(
      {
        request_id: 'r-1',
        errors: [
          {
            error_source: 'carrier',
            error_type: 'business_rules',
            error_code: 'invalid_address',
            message: 'ADA LOVELACE, 12 Harbor Drive, key key-of-the-sandbox',
          },
        ],
      },
      { status: 400 },
    );
  const { carrier } = given({ options: { fetch: quoting, carrierIds: ['se-101'] } });
  const fault: unknown = await carrier.rates({ ...request(), currency: 'USD' }).catch((error: unknown) => error);
  expect(fault).toMatchObject({ facts: { vendorCode: 'invalid_address', requestId: 'r-1' } });
  expect(JSON.stringify(fault)).not.toMatch(/lovelace|harbor|key-of/i);
});
