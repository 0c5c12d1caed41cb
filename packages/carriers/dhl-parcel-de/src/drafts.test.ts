import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery, type Address, type LabelRequest } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { refOf, refText } from './label-ref.ts';
import { consigneeOf, houseOf, shipperOf } from './party.ts';
import { referenceOf } from './reference.ts';
import { detailsOf } from './shipment-draft.ts';
import { account, dock, heidi, konrad, request } from './testing/account.ts';

const to = (address: Address, tellsRecipient = false) => consigneeOf(address, { tellsRecipient, operation: 'test' });

async function sent(
  change: Partial<LabelRequest>,
  prices = {},
): Promise<{ readonly services?: unknown; readonly customs?: unknown; readonly details?: unknown }> {
  const { carrier, bodies, calls } = account({ carrier: { extraServices: prices } });
  await carrier.buy({ ...request, ...change }, intentMemo());
  const body: { readonly shipments: readonly [Record<string, unknown>] } = JSON.parse(
    bodies[calls.findIndex((call) => call.includes('/orders'))] ?? '',
  );
  return body.shipments[0];
}

describe('an address', () => {
  test('within Germany has its further lines above the street, where DHL prints them', () => {
    expect(to(konrad)).toEqual({
      name1: 'Konrad Zuse',
      name2: '2. Hinterhof',
      addressStreet: 'Methfesselstraße 7',
      postalCode: '10965',
      city: 'Berlin',
      country: 'DEU',
    });
  });

  test('abroad has them below it', () => {
    expect(to({ ...heidi, company: 'Abel AG' })).toEqual({
      name1: 'Abel AG',
      name2: 'Heidi Abel',
      addressStreet: 'Bahnhofstrasse 12',
      additionalAddressInformation1: 'c/o Meier',
      postalCode: '8001',
      city: 'Zürich',
      country: 'CHE',
    });
  });

  test('in the United States names its state as DHL wants it', () => {
    expect(to({ ...heidi, country: 'US', region: 'AL', city: 'Mobile', postalCode: '36602' })).toMatchObject({
      state: 'US-AL',
      country: 'USA',
    });
  });

  test('goes without phone and e-mail until recipients agreed, and within Germany never with a phone number', () => {
    expect(Object.keys(to(heidi))).not.toContain('email');
    expect(to(heidi, true)).toMatchObject({ email: 'konrad@example.com', phone: '+49 30 5550177' });
    expect(Object.keys(to(konrad, true))).not.toContain('phone');
  });

  test.each([
    ['a Packstation', { lines: ['Packstation 118', '12345678'] }, { lockerID: 118, postNumber: '12345678' }],
    [
      'a Packstation with the post number in the field of the company',
      { lines: ['DHL Packstation 118'], company: 'Postnummer 12345678' },
      { lockerID: 118, postNumber: '12345678' },
    ],
    ['a post office by post number', { lines: ['Postfiliale 518', '1234567'] }, { retailID: 518, postNumber: '1234567' }],
    ['a post office by e-mail address', { lines: ['Filiale 518'] }, { retailID: 518, email: 'konrad@example.com' }],
  ])('of %s is one that nobody lives at', (_, change, counter) => {
    expect(to({ ...konrad, ...change })).toEqual({ name: 'Konrad Zuse', city: 'Berlin', postalCode: '10965', country: 'DEU', ...counter });
  });

  test.each([
    ['a Packstation without the post number', { lines: ['Packstation 118'] }, 'a Packstation needs the post number of the recipient'],
    ['no street', { lines: [' '] }, 'the street of the recipient is missing'],
    ['a street that would have to be cut', { lines: ['Straße '.repeat(8)] }, 'the street of the recipient is longer than 50 characters'],
    ['more lines than a label', { lines: ['Weg 1', 'a', 'b', 'c'] }, 'the address of the recipient has more lines than a label'],
    ['a country that DHL does not have', { country: 'AQ' }, 'DHL Parcel DE has no country AQ'],
  ])('with %s is refused', (_, change, message) => {
    expect(() => to({ ...konrad, ...change })).toThrow(message);
  });

  test('of the sender goes without what nobody prints', () => {
    expect(shipperOf(dock, 'test')).toEqual({
      name1: 'Quartermaster GmbH',
      name2: 'Berth 7',
      addressStreet: 'Hafenstraße 1',
      postalCode: '20457',
      city: 'Hamburg',
      country: 'DEU',
    });
  });

  test.each([
    ['Methfesselstraße 7', { street: 'Methfesselstraße', house: '7' }],
    ['Straße des 17. Juni 135', { street: 'Straße des 17. Juni', house: '135' }],
    ['Am Markt 12-14a', { street: 'Am Markt', house: '12-14a' }],
    ['12 Harbor Drive', { street: 'Harbor Drive', house: '12' }],
    ['Schlossplatz', null],
  ])('%s has its house number told apart', (street, parts) => {
    expect(houseOf(street)).toEqual(parts);
  });
});

describe('a parcel', () => {
  test('is never declared lighter or smaller than it is, its longest side first', () => {
    expect(detailsOf({ grams: 1_000.2, millimetres: [100, 301, 200] })).toEqual({
      dim: { uom: 'cm', length: 31, width: 20, height: 10 },
      weight: { uom: 'g', value: 1_001 },
    });
  });

  test('goes with the services that were asked for and have a price', async () => {
    const delivery = { ...plainDelivery, signature: 'anyone' as const, insured: { minor: 250_050, currency: 'EUR' } };
    expect((await sent({ delivery }, { signature: 175, insurance: 600 })).services).toEqual({
      signedForByRecipient: true,
      additionalInsurance: { currency: 'EUR', value: 2500.5 },
    });
    expect((await sent({})).services).toBeUndefined();
  });

  const customs: NonNullable<LabelRequest['delivery']['customs']> = {
    contents: 'gift',
    incoterm: 'DDP',
    ifUndeliverable: 'abandon',
    invoiceNumber: null,
    signer: 'Ada',
    items: [
      {
        sku: 'MUG',
        description: 'Mug',
        units: 2,
        unitValue: { minor: 1290, currency: 'EUR' },
        unitGrams: 300.5,
        hsCode: '6912.00',
        origin: 'CH',
      },
    ],
    taxIds: [
      { of: 'sender', type: 'VAT', value: 'DE1', country: 'DE' },
      { of: 'sender', type: 'EORI', value: 'DE2', country: 'DE' },
    ],
  };
  const abroad = { service: 'international', shipTo: heidi };

  test('over a customs border goes with its declaration, in the currency of its goods', async () => {
    const shipment = await sent({ ...abroad, delivery: { ...plainDelivery, customs } });
    expect(shipment.services).toEqual({ endorsement: 'ABANDON', postalDeliveryDutyPaid: true });
    expect(shipment.customs).toEqual({
      exportType: 'PRESENT',
      postalCharges: { currency: 'EUR', value: 13.53 },
      shipperCustomsRef: 'DE2',
      items: [
        {
          itemDescription: 'Mug',
          countryOfOrigin: 'CHE',
          hsCode: '691200',
          packagedQuantity: 2,
          itemValue: { currency: 'EUR', value: 12.9 },
          itemWeight: { uom: 'g', value: 301 },
        },
      ],
    });
  });

  test('whose goods are in another currency than its postage is refused, as DHL would refuse it', async () => {
    const inFrancs = { ...customs, items: customs.items.map((item) => ({ ...item, unitValue: { minor: 1290, currency: 'CHF' } })) };
    await expect(sent({ ...abroad, delivery: { ...plainDelivery, customs: inFrancs } })).rejects.toThrow(
      'the goods are declared in CHF and the tariff is in EUR',
    );
  });
});

describe('what a label is known by', () => {
  test.each([
    ['2026-11-23/00340434161094015902', { kind: 'shipment', closesOn: '2026-11-23', number: '00340434161094015902' }],
    ['return/999991587211', { kind: 'return', number: '999991587211' }],
  ] as const)('%s', (text, ref) => {
    expect(refOf(text)).toEqual(ref);
    expect(refText(ref)).toBe(text);
  });

  test.each(['00340434161094015902', 'shp_1', '2026-11-23/', ''])('%j is none', (text) => {
    expect(refOf(text)).toBeNull();
  });

  test('a reference fits on a label, follows from the key, and has nothing in it that cannot be typed in', () => {
    const long = { reference: `Bestellung <4711> ${'x'.repeat(60)}` };
    const one = referenceOf(long, 'key-1');
    expect(one).toMatch(/^Bestellung 4711 x{4} QM[0-9A-F]{12}$/);
    expect([one.length <= 35, referenceOf(long, 'key-2') === one, referenceOf({ reference: '' }, 'key-1').length]).toEqual([
      true,
      false,
      14,
    ]);
  });
});
