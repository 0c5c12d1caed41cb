import { plainDelivery } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { productPrice } from './charges.ts';
import { exportDeclarationOf } from './customs-draft.ts';
import { dhlMoment, instantOfLocal, monthsAround, plannedAt } from './moments.ts';
import { customsPartyOf, linesOf, partyOf, placeOf } from './party.ts';
import { shipmentDraftOf } from './shipment-draft.ts';
import { abroad, ada, customs, dock, request, simone } from './testing/account.ts';
import { packageOf, referenceOf, spokenReferenceOf, valueAddedServicesOf } from './translate.ts';

describe('moments', () => {
  test.each([
    ['2026-11-23T14:00:05.000Z', 'Europe/Berlin', '2026-11-23T15:00:05 GMT+01:00'],
    ['2026-07-01T22:30:00.000Z', 'Europe/Berlin', '2026-07-02T00:30:00 GMT+02:00'],
    ['2026-11-23T02:00:00.000Z', 'America/St_Johns', '2026-11-22T22:30:00 GMT-03:30'],
    ['2026-11-23T14:00:00.000Z', 'UTC', '2026-11-23T14:00:00 GMT+00:00'],
  ])('%s is in %s told as %s', (instant, zone, text) => {
    expect(dhlMoment(instant, zone)).toBe(text);
    expect(text.length).toBeLessThanOrEqual(29);
  });

  test('a hand-over is never told before ten minutes from now', () => {
    expect(plannedAt('2026-11-23T08:05:00.000Z', '2026-11-23T08:00:00.000Z')).toBe('2026-11-23T08:10:00.000Z');
    expect(plannedAt('2026-11-23T18:00:00.000Z', '2026-11-23T08:00:00.000Z')).toBe('2026-11-23T18:00:00.000Z');
  });

  test('a cutoff is a time of the node, or none', () => {
    expect(instantOfLocal('2026-11-23T18:00:00', 'Europe/Berlin')).toBe('2026-11-23T17:00:00.000Z');
    expect([instantOfLocal(null, 'UTC'), instantOfLocal('18:00', 'UTC')]).toEqual([null, null]);
  });

  test('a waybill is looked for in the months around its day, each once', () => {
    expect(monthsAround('2026-11-23')).toEqual(['2026-11', '2026-12', '2026-10', '2026-09', '2026-08']);
    expect(monthsAround('2026-11-05')).toEqual(['2026-11', '2026-10', '2026-09', '2026-08']);
  });
});

describe('measures', () => {
  test('are told to the gram and the millimetre, so nothing is declared smaller than it is', () => {
    expect(packageOf({ grams: 1_234, millimetres: [301, 202, 99] })).toEqual({
      weight: 1.234,
      dimensions: { length: 30.1, width: 20.2, height: 9.9 },
    });
    expect(packageOf({ grams: 1, millimetres: null })).toEqual({ weight: 0.001 });
  });
});

describe('parties', () => {
  test('have a street of three lines at most, broken between words', () => {
    expect(linesOf([' Kaistraße 1 ', ''])).toEqual(['Kaistraße 1']);
    const long = linesOf([`${'Langestraßenname '.repeat(4)}12`, 'Hinterhof']);
    expect([long?.length, long?.join(' ')]).toEqual([3, `${'Langestraßenname '.repeat(4)}12 Hinterhof`]);
    expect([linesOf([]), linesOf(['w', 'x', 'y', 'z'].map((letter) => letter.repeat(40)))]).toEqual([null, null]);
  });

  test('are named by company and person, and by the person twice where there is no company', () => {
    expect(partyOf(dock, 'x', 'sender')).toMatchObject({ contactInformation: { companyName: 'Quartermaster', fullName: 'Berth 7' } });
    expect(partyOf(simone, 'x', 'recipient')).toMatchObject({ contactInformation: { companyName: 'Simone Weil' } });
  });

  test('go without an e-mail address that is too long, and without a province of one letter', () => {
    const { contactInformation } = partyOf({ ...dock, email: `${'x'.repeat(70)}@example.com` }, 'x', 'sender');
    expect(contactInformation).not.toHaveProperty('email');
    expect(placeOf({ ...ada, region: 'C' })).not.toHaveProperty('provinceCode');
    expect(placeOf(ada)).toMatchObject({ provinceCode: 'CA' });
  });

  test('have their own tax numbers, an IOSS number as an overseas supplier’s', () => {
    const ioss = { ...customs, taxIds: [...customs.taxIds, { of: 'sender', type: 'IOSS', value: 'IM1', country: 'ie' } as const] };
    const party = customsPartyOf(dock, { operation: 'x', whose: 'sender', customs: ioss, of: 'sender' });
    expect(party).toMatchObject({
      typeCode: 'business',
      registrationNumbers: [
        { typeCode: 'EOR', number: 'DE1234567', issuerCountryCode: 'DE' },
        { typeCode: 'SDT', number: 'IM1', issuerCountryCode: 'IE' },
      ],
    });
  });
});

describe('references', () => {
  test('follow from the key alone, and fit', () => {
    expect(referenceOf('a')).not.toBe(referenceOf('b'));
    expect(referenceOf('a')).toMatch(/^QM[0-9A-F]{26}$/);
  });

  test('for people are what a label can print', () => {
    expect(spokenReferenceOf('Größe S00042 '.repeat(4))).toBe('Groe S00042 Groe S00042 Groe S00042');
    expect(spokenReferenceOf('注文')).toBeNull();
  });
});

describe('customs', () => {
  test('are told of each line with its weight in all', () => {
    expect(exportDeclarationOf(abroad, customs, 'Europe/Berlin')).toEqual({
      lineItems: [
        {
          number: 1,
          description: 'Mug of stoneware, glazed in blue, with a handle',
          price: 12.5,
          quantity: { value: 2, unitOfMeasurement: 'PCS' },
          commodityCodes: [{ typeCode: 'outbound', value: '6912.00' }],
          exportReasonType: 'commercial_purpose_or_sale',
          manufacturerCountry: 'DE',
          weight: { netValue: 0.8, grossValue: 0.8 },
        },
      ],
      invoice: { number: 'INV/7', date: '2026-11-23', signatureName: 'Grace Hopper' },
      exportReasonType: 'commercial_purpose_or_sale',
      shipmentType: 'commercial',
    });
  });

  const draft = (change: Partial<typeof customs>) =>
    shipmentDraftOf(
      { ...abroad, delivery: { ...plainDelivery, customs: { ...customs, ...change } } },
      request.shipAt,
      { code: 'P', localCode: 'P' },
      'key',
      { accountNumber: '1', zone: 'Europe/Berlin', paperlessTrade: false },
    );

  test('paid by us are billed to our account', () => {
    expect(draft({})).toMatchObject({
      accounts: [
        { typeCode: 'shipper', number: '1' },
        { typeCode: 'duties-taxes', number: '1' },
      ],
      valueAddedServices: [{ serviceCode: 'DD' }],
      content: { isCustomsDeclarable: true, declaredValue: 25, declaredValueCurrency: 'EUR', incoterm: 'DDP' },
    });
    expect(draft({ incoterm: 'DAP' })).not.toHaveProperty('valueAddedServices');
  });

  test('are told nothing of documents', () => {
    const { content } = draft({ contents: 'documents' });
    expect(content).toMatchObject({ isCustomsDeclarable: false });
    expect(content).not.toHaveProperty('exportDeclaration');
  });

  test('take no goods of several currencies, none without goods, and nothing that is given up on the way', () => {
    const [item] = customs.items;
    const dollars = item === undefined ? [] : [item, { ...item, unitValue: { minor: 1, currency: 'USD' } }];
    expect(() => draft({ items: dollars })).toThrow('several currencies');
    expect(() => draft({ items: [] })).toThrow('there are none');
    expect(() => draft({ ifUndeliverable: 'abandon' })).toThrow('give up');
  });
});

describe('what is asked beyond the product', () => {
  test('goes by DHL’s codes', () => {
    const all = { ...plainDelivery, signature: 'anyone', onSaturday: true, insured: { minor: 12_345, currency: 'EUR' }, customs } as const;
    expect(valueAddedServicesOf(all, { paperlessTrade: true })).toEqual([
      { serviceCode: 'SF' },
      { serviceCode: 'AA' },
      { serviceCode: 'II', value: 123.45, currency: 'EUR' },
      { serviceCode: 'DD' },
      { serviceCode: 'WY' },
    ]);
    expect(valueAddedServicesOf({ ...all, customs: { ...customs, contents: 'documents' } }, { paperlessTrade: true })).toEqual([
      { serviceCode: 'SF' },
      { serviceCode: 'AA' },
      { serviceCode: 'IB', value: 123.45, currency: 'EUR' },
    ]);
  });
});

describe('prices', () => {
  const bill = (price: string, breakdown: readonly { readonly serviceCode?: string; readonly price: string }[]) =>
    productPrice({
      productCode: 'P',
      totalPrice: [
        { currencyType: 'PULCL', priceCurrency: 'EUR', price: '99' },
        { currencyType: 'BILLC', priceCurrency: 'EUR', price },
      ],
      detailedPriceBreakdown: [{ currencyType: 'BILLC', breakdown: [...breakdown] }],
    });

  test('are those that the account is billed, with what is not named as an adjustment', () => {
    expect(bill('20.01', [{ price: '18' }, { serviceCode: 'OO', price: '3' }])).toEqual({
      total: { minor: 2_001, currency: 'EUR' },
      charges: [
        { type: 'shipping', amount: { minor: 1_800, currency: 'EUR' }, vendorCode: null },
        { type: 'location-fee', amount: { minor: 300, currency: 'EUR' }, vendorCode: 'OO' },
        { type: 'adjustment', amount: { minor: -99, currency: 'EUR' }, vendorCode: null },
      ],
    });
  });

  test('without parts are shipping', () => expect(bill('7.5', [])?.charges.map(({ type }) => type)).toEqual(['shipping']));
  test('of nothing are none', () => expect(bill('0', [])).toBeNull());
});
