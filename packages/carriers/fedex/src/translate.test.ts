import { serviceNames } from '@quartermaster/connector-kit';
import { describe, expect, test } from 'vitest';
import { verdictOf } from './address-check.ts';
import { quotedPrice, shippedPrice } from './charges.ts';
import { ada } from './testing/account.ts';
import {
  companyOf,
  dayWordOf,
  labelRefOf,
  lengthOf,
  linesOf,
  phoneOf,
  placeOf,
  ratesOf,
  referenceOf,
  spokenReferenceOf,
  weightOf,
} from './translate.ts';
import { wireRatesSchema, wireResolvedSchema } from './wire.ts';

const words = (value: unknown) => wireRatesSchema.parse({ output: { rateReplyDetails: [value] } }).output.rateReplyDetails ?? [];

describe('measures', () => {
  test.each([
    [1_000, 'LB', 2.3],
    [453, 'LB', 1],
    [454, 'LB', 1.1],
    [1, 'LB', 0.1],
    [1_000, 'KG', 1],
    [1_001, 'KG', 1.1],
  ] as const)('%i grams are declared as %s %d', (grams, unit, value) => {
    expect(weightOf(grams, unit)).toEqual({ units: unit, value });
  });

  test.each([
    [254, 'IN', 10],
    [255, 'IN', 11],
    [300, 'CM', 30],
    [301, 'CM', 31],
  ] as const)('%i millimetres are declared as %s %i', (millimetres, unit, value) => {
    expect(lengthOf(millimetres, unit)).toBe(value);
  });
});

describe('references', () => {
  test('that of a key is short enough for Ground, and another for another key', () => {
    expect(referenceOf('acme/1')).toMatch(/^QM[0-9A-F]{26}$/);
    expect(referenceOf('acme/1')).not.toBe(referenceOf('acme/2'));
  });

  test('that for people is what FedEx prints, or none', () => {
    expect(spokenReferenceOf('Größe S00042 1/1 — mit Überlänge')).toBe('Gro e S00042 1/1 mit Uberlange');
    expect(spokenReferenceOf('— …')).toBeNull();
  });

  test('the ref of a label says which company carries it', () => {
    expect(labelRefOf({ completedShipmentDetail: { carrierCode: 'FDXE' } }, 'FEDEX_2_DAY', '79')).toBe('FDXE/79');
    expect(labelRefOf({ serviceCategory: 'GROUND' }, 'GROUND_HOME_DELIVERY', '79')).toBe('FDXG/79');
    expect([companyOf({ ref: 'FDXG/79' }), companyOf({ ref: 'FDXE/79' })]).toEqual(['FDXG', 'FDXE']);
  });
});

describe('addresses', () => {
  test('long lines are broken between words, and refused where three do not hold them', () => {
    expect(linesOf(['12 Harbor Drive in the old town of San Francisco', ' ', 'Apt 3'])).toEqual([
      '12 Harbor Drive in the old town of',
      'San Francisco Apt 3',
    ]);
    expect(linesOf([Array.from({ length: 20 }, () => 'longword').join(' ')])).toBeNull();
  });

  test('Puerto Rico is a country, and a region that is no code is left out', () => {
    expect(placeOf({ country: 'US', region: 'PR' })).toEqual({ country: 'PR', state: 'PR' });
    expect(placeOf({ country: 'de', region: 'Bavaria' })).toEqual({ country: 'DE', state: null });
  });

  test('a telephone number is its digits', () => {
    expect(phoneOf({ phone: '+1 (212) 555-0132' })).toBe('12125550132');
    expect(phoneOf({ phone: 'none' })).toBeNull();
  });

  test('one that FedEx finds in several places is ambiguous, and its messages are codes without the address', () => {
    const verdict = (value: unknown) => {
      const [resolved] = wireResolvedSchema.parse({ output: { resolvedAddresses: [value] } }).output.resolvedAddresses ?? [];
      return verdictOf(ada, resolved);
    };
    expect(verdict({ attributes: { Resolved: 'true', DPV: 'true', MultipleMatches: 'true' } }).kind).toBe('ambiguous');
    expect(verdict({ attributes: { Resolved: true, DPV: false } }).kind).toBe('invalid');
    expect(
      verdict({ attributes: { Resolved: 'true', DPV: 'true' }, streetLinesToken: ['12 HARBOR DR', 'APT 3'], city: 'SAN FRANCISCO' }),
    ).toMatchObject({
      kind: 'corrected',
      suggested: { lines: ['12 HARBOR DR', 'APT 3'], postalCode: ada.postalCode, name: ada.name },
    });
    expect(verdict({ customerMessage: ['SUITE.NUMBER.REQUIRED', 'at 12 Harbor Drive'] }).messages).toEqual([
      'FedEx cannot resolve it.',
      'SUITE.NUMBER.REQUIRED',
    ]);
  });
});

describe('prices', () => {
  const detail = {
    rateType: 'ACCOUNT',
    totalNetCharge: 21.45,
    totalBaseCharge: 18.3,
    totalDiscounts: 2,
    shipmentRateDetail: { currency: 'USD' },
  };

  test('the parts sum to the total; what FedEx does not itemize is an adjustment', () => {
    const surCharges = [
      { type: 'FUEL', amount: 3.15 },
      { type: 'SOMETHING_NEW', amount: '1.00' },
    ];
    const [reply] = words({ serviceType: 'X', ratedShipmentDetails: [{ ...detail, shipmentRateDetail: { currency: 'USD', surCharges } }] });
    const price = quotedPrice(reply?.ratedShipmentDetails ?? []);
    expect(price?.charges.map(({ type, amount, vendorCode }) => [type, amount.minor, vendorCode])).toEqual([
      ['shipping', 1_830, null],
      ['discount', -200, null],
      ['fuel-charge', 315, 'FUEL'],
      ['additional-fees', 100, 'SOMETHING_NEW'],
      ['adjustment', 100, null],
    ]);
    expect(price?.total).toEqual({ minor: 2_145, currency: 'USD' });
  });

  test('a price is that of the contract where there is one, wherever it stands', () => {
    const [reply] = words({ serviceType: 'X', ratedShipmentDetails: [{ ...detail, rateType: 'LIST', totalNetCharge: 30 }, detail] });
    expect(quotedPrice(reply?.ratedShipmentDetails ?? [])).toMatchObject({ total: { minor: 2_145 }, isNegotiated: true });
  });

  test('a currency without a minor unit, and FedEx’s own code of it', () => {
    const [reply] = words({
      serviceType: 'X',
      ratedShipmentDetails: [{ ...detail, totalNetCharge: 2145, shipmentRateDetail: { currency: 'JYE' } }],
    });
    expect(quotedPrice(reply?.ratedShipmentDetails ?? [])?.total).toEqual({ minor: 2_145, currency: 'JPY' });
  });

  test('a service without a price is a problem in words, and hides no other', () => {
    const replies = [...words({ serviceType: 'A' }), ...words({ serviceType: 'B', ratedShipmentDetails: [detail] })];
    const { rates, problems } = ratesOf(replies, { currency: 'USD' }, serviceNames({}));
    expect([rates.map((rate) => rate.service), problems]).toEqual([['B'], ['FedEx names no price of A.']]);
  });

  test('what a purchase cost is the type of rate that FedEx calls actual; an account that is shown none has none', () => {
    const rates = [
      { rateType: 'PAYOR_LIST_PACKAGE', currency: 'USD', totalNetCharge: '30.00' },
      { rateType: 'PAYOR_ACCOUNT_PACKAGE', currency: 'USD', totalNetCharge: '21.45' },
    ];
    expect(shippedPrice(rates, 'PAYOR_ACCOUNT_PACKAGE')).toMatchObject({ total: { minor: 2_145 }, isNegotiated: true });
    expect(shippedPrice(rates, 'PAYOR_LIST_PACKAGE')).toMatchObject({ total: { minor: 3_000 }, isNegotiated: false });
    expect(shippedPrice([], undefined)).toBeNull();
  });

  test('days in transit are words', () => {
    const rateOf = (value: object) =>
      ratesOf(words({ serviceType: 'B', ratedShipmentDetails: [detail], ...value }), { currency: 'USD' }, serviceNames({})).rates[0]
        ?.arrival;
    expect(rateOf({ operationalDetail: { transitTime: dayWordOf(2), deliveryDate: '2026-11-25T17:00:00' } })).toMatchObject({
      transitDays: 2,
      day: '2026-11-25',
    });
    expect(rateOf({ commit: { daysInTransit: 'UNKNOWN' } })).toMatchObject({ transitDays: null, day: null, isGuaranteed: false });
  });
});
