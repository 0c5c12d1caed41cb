import { serviceNames } from '@quartermaster/connector-kit';
import { describe, expect, test } from 'vitest';
import { inchesOf, ouncesDown, ouncesOf } from './measures.ts';
import { chooseRate, isBought, labelOf, priceOf, problemsOf, ratesOf, voidOutcomeOf } from './translate.ts';
import { wireShipmentSchema } from './wire.ts';

const names = serviceNames({ ground: 'USPS/GroundAdvantage' });
const rate = { id: 'rate_1', carrier: 'USPS', service: 'GroundAdvantage', rate: '5.93', currency: 'USD' };

describe('weights and sizes are never understated', () => {
  test.each([
    [1, 0.1],
    [28, 1],
    [29, 1.1],
    [454, 16.1],
    [1_000, 35.3],
    [31_500, 1_111.2],
  ])('%i grams are %d ounces', (grams, ounces) => {
    expect(ouncesOf(grams)).toBe(ounces);
  });

  test('what lies in a parcel never weighs more than it does, and something always', () => {
    expect([ouncesDown(1), ouncesDown(1_000), ouncesOf(1_000)]).toEqual([0.1, 35.2, 35.3]);
  });

  test.each([
    [1, 0.1],
    [254, 10],
    [255, 10.1],
    [1_200, 47.3],
  ])('%i millimetres are %d inches', (millimetres, inches) => {
    expect(inchesOf(millimetres)).toBe(inches);
  });
});

describe('a rate', () => {
  test('has its price in minor units, whether it comes as text or as a number', () => {
    const { rates } = wireShipmentSchema.parse({ id: 'shp', rates: [rate, { ...rate, rate: 5.93 }, { ...rate, rate: '5.93000' }] });
    expect(rates.map((each) => priceOf(each).minor)).toEqual([593, 593, 593]);
  });

  test('that cannot be read is left out and hides no other', () => {
    expect(wireShipmentSchema.parse({ id: 'shp', rates: [{ id: 'rate_x' }, rate, { ...rate, rate: 'free' }] }).rates).toHaveLength(1);
  });

  test('says on which day the parcel is there, and whether the carrier stands by it', () => {
    const dated = { ...rate, delivery_days: 2, delivery_date: '2026-11-24T00:00:00Z', delivery_date_guaranteed: true };
    expect(ratesOf(wireShipmentSchema.parse({ id: 'shp', rates: [dated] }), 'USD', names)[0]?.arrival).toEqual({
      day: '2026-11-24',
      transitDays: 2,
      percentiles: null,
      isGuaranteed: true,
    });
  });

  test('is chosen by carrier and service, the cheapest in the currency', () => {
    const dear = { ...rate, id: 'rate_0', rate: '6.40' };
    const foreign = { ...rate, id: 'rate_2', rate: '1.00', currency: 'CAD' };
    const other = { ...rate, id: 'rate_3', rate: '1.00', service: 'Media' };
    expect(chooseRate([dear, foreign, other, rate], 'ground', 'USD', names)?.id).toBe('rate_1');
  });
});

describe('a shipment', () => {
  const bought = {
    id: 'shp_1',
    tracking_code: '9400',
    selected_rate: rate,
    postage_label: { label_url: 'https://files.test/label.png', label_file_type: 'image/png', label_zpl_url: null },
  };

  test('is bought when it has a tracking code and a label', () => {
    expect(
      [bought, { ...bought, tracking_code: null }, { ...bought, postage_label: null }].map((each) =>
        isBought(wireShipmentSchema.parse(each)),
      ),
    ).toEqual([true, false, false]);
  });

  test('gives the document that there is, by its true format, when the one asked for is missing', () => {
    expect(labelOf(wireShipmentSchema.parse(bought), { format: 'zpl', now: '2026-11-21T00:00:00.000Z', names })).toEqual({
      ref: 'shp_1',
      carrier: 'USPS',
      service: 'ground',
      trackingNumber: '9400',
      trackingUrl: null,
      price: { minor: 593, currency: 'USD' },
      charges: [],
      boughtAt: '2026-11-21T00:00:00.000Z',
      document: { format: 'png', base64: null, url: 'https://files.test/label.png' },
    });
  });

  test('that was converted gives the converted document', () => {
    const converted = wireShipmentSchema.parse({
      ...bought,
      postage_label: { ...bought.postage_label, label_zpl_url: 'https://files.test/label.zpl' },
    });
    expect(labelOf(converted, { format: 'zpl', now: '2026-11-21T00:00:00.000Z', names })?.document).toEqual({
      format: 'zpl',
      base64: null,
      url: 'https://files.test/label.zpl',
    });
  });

  test('carries messages of carriers in any form', () => {
    const shipment = wireShipmentSchema.parse({
      id: 'shp_1',
      messages: [
        { carrier: 'UPS', type: 'rate_error', message: 'no account' },
        { type: 'warning', message: { fields: ['zip'] } },
        'gone',
        { carrier: 'DHL' },
      ],
      rates: [{ ...rate, currency: 'CAD' }],
    });
    expect(problemsOf(shipment, 'USD')).toEqual([
      'UPS: no account',
      'warning: {"fields":["zip"]}',
      'DHL: no reason given',
      'USPS/GroundAdvantage is priced in CAD, not in USD.',
    ]);
  });
});

test.each([
  ['submitted', 'accepted'],
  ['refunded', 'voided'],
  ['not_applicable', 'voided'],
  ['rejected', 'refused'],
  ['thinking_about_it', 'accepted'],
])('a refund that is %s makes a label %s', (status, kind) => {
  expect(voidOutcomeOf(status).kind).toBe(kind);
});
