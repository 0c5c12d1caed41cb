import { serviceNames } from '@quartermaster/connector-kit';
import { plainDelivery, type Address, type Customs } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { addresseeOf, addressObstacle, labelAddressOf, placeOf } from './address.ts';
import { customsFormOf, customsObstacle } from './customs-form.ts';
import { extraServicesOf } from './extra-services.ts';
import { labelDraftOf, obstacleOf } from './label-draft.ts';
import { inchesOf, poundsDown, poundsOf } from './measures.ts';
import { mailingDateOf, offersOf, optionsDraftOf } from './options.ts';
import { boughtPrice } from './prices.ts';
import { mailClassFor, outwardClass, serviceOf } from './services.ts';
import { ada, dock, postage, request } from './testing/account.ts';
import { wireBoughtSchema, wireOptionsSchema } from './wire.ts';

describe('measures', () => {
  test.each([
    [1, 0.0023],
    [454, 1.0009],
    [1_000, 2.2047],
    [31_751, 69.999],
  ])('of %i grams are %f pounds, never less', (grams, pounds) => {
    expect(poundsOf(grams)).toBe(pounds);
    expect(pounds * 453.59237).toBeGreaterThanOrEqual(grams);
  });

  test.each([
    [254, 10],
    [255, 10.04],
    [1, 0.04],
  ])('of %i millimetres are %f inches', (millimetres, inches) => expect(inchesOf(millimetres)).toBe(inches));

  test('of what lies in a parcel are never more than it weighs', () => {
    expect([poundsDown(1_000), poundsDown(0)]).toEqual([2.2046, 0.0001]);
  });
});

describe('an address', () => {
  test.each([
    ['Ada Lovelace', null, { firstName: 'Ada', lastName: 'Lovelace' }],
    ['Ada King Lovelace', ' Engines Ltd ', { firstName: 'Ada King', lastName: 'Lovelace', firm: 'Engines Ltd' }],
    ['Ada', null, { firm: 'Ada' }],
    ['Ada', 'Engines Ltd', { firm: 'Ada, Engines Ltd' }],
    ['', 'Engines Ltd', { firm: 'Engines Ltd' }],
  ])('of %j at %j has the names that USPS wants', (name, company, names) => expect(addresseeOf({ name, company })).toEqual(names));

  test.each<[string, Partial<Address>, ReturnType<typeof placeOf>]>([
    ['a state', {}, { state: 'CA', zip: '94104' }],
    ['nine digits', { postalCode: '941041234' }, { state: 'CA', zip: '94104' }],
    ['a territory that ISO has as a country', { country: 'PR', region: null, postalCode: '00901' }, { state: 'PR', zip: '00901' }],
    ['a ship', { region: 'ae', postalCode: '09008-0041' }, { state: 'AE', zip: '09008' }],
    ['a state that there is not', { region: 'XX' }, null],
    ['another country', { country: 'CA', region: 'ON', postalCode: 'M5V 2T6' }, null],
  ])('with %s is placed', (_, change, place) => expect(placeOf({ ...ada, ...change })).toEqual(place));

  test.each<[string, Partial<Address>, RegExp]>([
    ['abroad', { country: 'DE' }, /not domestic/],
    ['without a state', { region: null }, /state of two letters/],
    ['without a street', { lines: [' '] }, /no street/],
    ['with a street that USPS would cut off', { lines: ['x'.repeat(51)] }, /more than 50/],
    ['of nobody', { name: ' ' }, /no name/],
  ])('%s is not sent to USPS, and why is told without it', (_, change, why) => {
    expect(addressObstacle({ ...ada, ...change })).toMatch(why);
    expect(addressObstacle({ ...ada, ...change })).not.toContain('Harbor');
  });

  test('has its lines after the first in one', () =>
    expect(labelAddressOf({ ...ada, lines: ['12 Harbor Drive', 'Apt 3', 'Rear'] })).toMatchObject({
      streetAddress: '12 Harbor Drive',
      secondaryAddress: 'Apt 3 Rear',
    }));
});

describe('a service', () => {
  test('is a mail class, or one with a packaging of USPS’s', () => {
    expect(['USPS_GROUND_ADVANTAGE', 'PRIORITY_MAIL/FB', 'by-pigeon', 'PRIORITY_MAIL/'].map(serviceOf)).toEqual([
      { mailClass: 'USPS_GROUND_ADVANTAGE', packaging: null },
      { mailClass: 'PRIORITY_MAIL', packaging: 'FB' },
      null,
      null,
    ]);
  });

  test('has a name of ours where the map has one', () => {
    const names = serviceNames({ ground: 'USPS_GROUND_ADVANTAGE' });
    expect([names.toTheirs('ground'), names.toOurs('USPS_GROUND_ADVANTAGE'), names.toTheirs('PRIORITY_MAIL')]).toEqual([
      'USPS_GROUND_ADVANTAGE',
      'ground',
      'PRIORITY_MAIL',
    ]);
  });

  test('is the same on its way back', () => {
    const back = mailClassFor('PRIORITY_MAIL', true);
    expect([back, mailClassFor(back, true), outwardClass(back)]).toEqual([
      'PRIORITY_MAIL_RETURN_SERVICE',
      'PRIORITY_MAIL_RETURN_SERVICE',
      'PRIORITY_MAIL',
    ]);
  });
});

describe('what is asked of a delivery', () => {
  const insured = (minor: number) => ({ ...plainDelivery, insured: { minor, currency: 'USD' } });
  test.each([
    [plainDelivery, 'PRIORITY_MAIL', []],
    [{ ...plainDelivery, signature: 'anyone' as const }, 'PRIORITY_MAIL', [921]],
    [{ ...plainDelivery, signature: 'anyone' as const }, 'PRIORITY_MAIL_EXPRESS', [981]],
    [{ ...plainDelivery, signature: 'adult' as const }, 'USPS_GROUND_ADVANTAGE', [922]],
    [insured(50_000), 'USPS_GROUND_ADVANTAGE', [930]],
    [insured(50_001), 'USPS_GROUND_ADVANTAGE', [931]],
    [insured(1_000), 'PRIORITY_MAIL_EXPRESS', [925]],
    [insured(0), 'PRIORITY_MAIL', []],
  ])('is an extra service: %j with %s', (delivery, mailClass, codes) => expect(extraServicesOf(delivery, mailClass)).toEqual(codes));

  test('is the same when it is priced and when it is bought', () => {
    const signed = { ...request, delivery: { ...insured(60_000), signature: 'adult' as const } };
    const given = { account: postage, zone: 'America/Chicago', now: '2026-11-23T06:10:00.000Z' };
    const priced = optionsDraftOf(signed, 'PRIORITY_MAIL', given);
    const bought = labelDraftOf(signed, {
      mailClass: 'PRIORITY_MAIL',
      rateIndicator: 'SP',
      processingCategory: 'MACHINABLE',
      mailingDate: '2026-11-23',
    });
    expect(priced).toMatchObject({ packageDescription: { extraServices: [922, 931], packageValue: 600, mailingDate: '2026-11-23' } });
    expect(bought).toMatchObject({ packageDescription: { extraServices: [922, 931], packageOptions: { packageValue: 600 } } });
  });
});

test.each([
  ['the day of handing over', '2026-11-25T18:00:00.000Z', '2026-11-25'],
  ['the day at the node', '2026-11-25T03:00:00.000Z', '2026-11-24'],
  ['today, where it is past', '2026-11-20T18:00:00.000Z', '2026-11-23'],
])('the day of mailing is %s', (_, shipAt, day) =>
  expect(mailingDateOf(shipAt, { zone: 'America/Chicago', now: '2026-11-23T18:00:00.000Z' })).toBe(day),
);

test('a contract is asked its prices by the account that pays, and on the way back by the mailer id', () => {
  const given = { account: { ...postage, hasContract: true }, zone: 'America/Chicago', now: '2026-11-23T06:10:00.000Z' };
  const back = { ...request, delivery: { ...plainDelivery, isReturn: true } };
  expect(optionsDraftOf(request, null, given)).toMatchObject({
    pricingOptions: [{ priceType: 'CONTRACT', paymentAccount: { accountType: 'EPS', accountNumber: '1000123456', CRID: '12345678' } }],
    packageDescription: { mailClass: 'ALL_OUTBOUND' },
  });
  expect(optionsDraftOf(back, null, given)).toMatchObject({
    pricingOptions: [{ priceType: 'CONTRACT', paymentAccount: { accountType: 'MID', accountNumber: '899000067', CRID: '12345678' } }],
    packageDescription: { mailClass: 'ALL_RETURNS' },
  });
});

describe('offers', () => {
  const option = (price: number, rate: Record<string, unknown> = {}, rest: Record<string, unknown> = {}) => ({
    rates: [
      {
        price,
        weight: 2.2,
        dimWeight: 0,
        rateIndicator: 'SP',
        processingCategory: 'MACHINABLE',
        priceType: 'COMMERCIAL',
        zone: '04',
        ...rate,
      },
    ],
    ...rest,
  });
  const offers = (rateOptions: unknown[], delivery = plainDelivery, mailClass = 'PRIORITY_MAIL') =>
    offersOf(wireOptionsSchema.parse({ pricingOptions: [{ shippingOptions: [{ mailClass, rateOptions }] }] }), delivery, {
      everything: false,
    });

  test('are the cheapest of each service: a box of ours, and each packaging of USPS’s', () => {
    const found = offers([option(19.95, { rateIndicator: 'FB' }), option(9.1), option(8.05, { rateIndicator: 'CP' })]);
    expect(found.map(({ service, rateIndicator, price }) => [service.packaging, rateIndicator, price.total.minor])).toEqual([
      [null, 'CP', 805],
      ['FB', 'FB', 1_995],
    ]);
  });

  test('are none of mail that is presorted, or brought to a facility of its destination, or for books alone', () => {
    expect(offers([option(5, { rateIndicator: '5D' }), option(5, { destinationEntryFacilityType: 'DESTINATION_DELIVERY_UNIT' })])).toEqual(
      [],
    );
    expect(offers([option(3)], plainDelivery, 'MEDIA_MAIL')).toEqual([]);
  });

  test('have their fees and the extra services that were asked for, and no others', () => {
    const extras = [
      { extraService: '921', price: 3.7, SKU: 'X' },
      { extraService: '957', price: 2.62, SKU: 'Y' },
    ];
    const fees = [{ name: 'Nonstandard Length > 22', price: 4, SKU: 'D811' }];
    const [offer] = offers([option(6.17, { fees }, { extraServices: extras })], { ...plainDelivery, signature: 'anyone' });
    expect(offer?.price).toEqual({
      total: { minor: 1_387, currency: 'USD' },
      charges: [
        { type: 'shipping', amount: { minor: 617, currency: 'USD' }, vendorCode: null },
        { type: 'oversize', amount: { minor: 400, currency: 'USD' }, vendorCode: 'D811' },
        { type: 'confirmation', amount: { minor: 370, currency: 'USD' }, vendorCode: '921' },
      ],
    });
  });

  test('without an extra service that was asked for are none', () =>
    expect(offers([option(6.17)], { ...plainDelivery, signature: 'adult' })).toEqual([]));

  test('bill the size of a light parcel, in ounces', () =>
    expect(offers([option(6.17, { rateIndicator: 'DR', dimWeight: 160 })])).toMatchObject([
      { billable: { grams: 4_536, because: 'dimensional' } },
    ]));

  test('say when they arrive, as far as USPS does', () => {
    const commitment = { name: '2 Days', scheduleDeliveryDate: '2026-11-26', expectedDeliveryDate: '2026-11-25', guaranteedDelivery: true };
    const days = offers([option(6.17, {}, { commitment })])[0]?.arrival;
    const military = offers([option(6.17, {}, { commitment: { name: 'MILITARY' } })])[0]?.arrival;
    expect([days, military]).toEqual([
      { day: '2026-11-25', transitDays: 2, percentiles: null, isGuaranteed: true },
      { day: null, transitDays: null, percentiles: null, isGuaranteed: false },
    ]);
  });
});

test('a bought label whose parts have no price, or whose figures are texts, is a label all the same', () => {
  const parts = { fees: [{ name: 'Nonstandard', price: null }], extraServices: [{ name: 'Adult Signature', price: '9.45' }] };
  const bought = wireBoughtSchema.parse({ trackingNumber: '9305', postage: '7.99', ...parts });
  expect([boughtPrice(bought)?.total.minor, boughtPrice(wireBoughtSchema.parse({ trackingNumber: '9305' }))]).toEqual([1_744, null]);
});

describe('a customs form', () => {
  const customs: Customs = {
    contents: 'other',
    incoterm: 'DAP',
    ifUndeliverable: 'return',
    invoiceNumber: 'INV-1',
    signer: 'Berth Seven',
    items: [
      {
        sku: 'MUG',
        description: 'A mug of the Quartermaster, blue',
        units: 3,
        unitValue: { minor: 1_299, currency: 'USD' },
        unitGrams: 300,
        hsCode: '691110',
        origin: 'PT',
      },
    ],
    taxIds: [],
  };

  test('has what lies in the parcel, of all units together', () =>
    expect(customsFormOf(customs)).toEqual({
      customsContentType: 'OTHER',
      contentComments: 'A mug of the Quartermaste',
      AESITN: 'NO EEI 30.37(a)',
      invoiceNumber: 'INV-1',
      contents: [
        {
          itemDescription: 'A mug of the Quartermaster, bl',
          itemQuantity: 3,
          itemTotalValue: 38.97,
          weightUOM: 'lb',
          itemTotalWeight: 1.9841,
          HSTariffNumber: '691110',
          countryofOrigin: 'PT',
        },
      ],
    }));

  test('is not made of what must be filed, or is not in dollars', () => {
    const [item] = customs.items;
    if (item === undefined) throw new Error('no item');
    const dear = { ...customs, items: [{ ...item, unitValue: { minor: 90_000, currency: 'USD' } }] };
    const euro = { ...customs, items: [{ ...item, unitValue: { minor: 900, currency: 'EUR' } }] };
    expect([customsObstacle(dear), customsObstacle(euro), customsObstacle(customs)]).toEqual([
      expect.stringContaining('2,500.00 USD'),
      expect.stringContaining('US dollars'),
      null,
    ]);
    expect(obstacleOf({ ...request, shipFrom: dock, delivery: { ...plainDelivery, customs: euro } })).toContain('US dollars');
  });
});
