import { plainDelivery, type Customs } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { obstacleOf, shipmentDraftOf } from './draft.ts';
import { address, request } from './testing/given.ts';

const abroad = { ...address('Grace Hopper', '2 Quay'), country: 'GB', postalCode: 'E1 6AN', region: null };
const item = {
  sku: 'MUG',
  description: 'Mug',
  units: 3,
  unitValue: { minor: 1_250, currency: 'USD' },
  unitGrams: 310,
  hsCode: '691110',
  origin: 'US',
};
const customs: Customs = {
  contents: 'merchandise',
  incoterm: 'DAP',
  ifUndeliverable: 'return',
  invoiceNumber: 'INV-7',
  signer: 'Ada Lovelace',
  items: [item],
  taxIds: [
    { of: 'sender', type: 'EORI', value: 'US123456789', country: 'US' },
    { of: 'sender', type: 'IOSS', value: 'IM2760000742', country: 'EU' },
  ],
};
const declared = (more: Partial<Customs>) =>
  obstacleOf(request({ shipTo: abroad, delivery: { ...plainDelivery, customs: { ...customs, ...more } } }));

test('a parcel goes out in grams and millimetres, as texts', () => {
  expect(shipmentDraftOf(request(), [])).toEqual({
    address_from: {
      name: 'Quartermaster Berth 7',
      street1: '1 Dock Road',
      city: 'San Francisco',
      state: 'CA',
      zip: '94104',
      country: 'US',
      phone: '4155550132',
      email: 'somebody@quartermaster.example',
    },
    address_to: expect.objectContaining({ name: 'Ada Lovelace' }),
    parcels: [{ weight: '1000', mass_unit: 'g', length: '305', width: '203', height: '101', distance_unit: 'mm' }],
    shipment_date: '2026-11-23T10:00:00.000Z',
    async: false,
    extra: { reference_1: 'S00042 1/1' },
  });
});

test('signature, Saturday, insurance and the accounts to ask are told', () => {
  const insured = { minor: 20_000, currency: 'USD' };
  const delivery = { ...plainDelivery, signature: 'adult' as const, onSaturday: true, insured };
  const { extra, carrier_accounts: accounts } = shipmentDraftOf(request({ delivery, reference: 'A'.repeat(60) }), ['account-1']);
  expect([extra, accounts]).toEqual([
    {
      signature_confirmation: 'ADULT',
      saturday_delivery: true,
      insurance: { amount: '200.00', currency: 'USD', content: 'Goods' },
      reference_1: 'A'.repeat(50),
    },
    ['account-1'],
  ]);
});

test('of a way back Shippo is told the addresses of the way out, and switches them by itself', () => {
  const back = shipmentDraftOf(request({ delivery: { ...plainDelivery, isReturn: true } }), []);
  expect(back).toMatchObject({
    address_from: { name: 'Ada Lovelace' },
    address_to: { name: 'Quartermaster Berth 7' },
    extra: { is_return: true },
  });
});

test('a company without a name is its own name, and further lines of an address are one', () => {
  const dock = { ...address('', '1 Dock Road'), company: 'Quartermaster', lines: ['1 Dock Road', 'Hall 2', 'Gate 3'] };
  expect(shipmentDraftOf(request({ shipTo: dock }), [])['address_to']).toMatchObject({ name: 'Quartermaster', street2: 'Hall 2, Gate 3' });
});

test('the customs are told value and weight of all units, and by which rule the goods leave the United States', () => {
  const delivery = { ...plainDelivery, customs };
  expect(shipmentDraftOf(request({ shipTo: abroad, delivery }), [])['customs_declaration']).toEqual({
    certify: true,
    certify_signer: 'Ada Lovelace',
    contents_type: 'MERCHANDISE',
    non_delivery_option: 'RETURN',
    incoterm: 'DDU',
    eel_pfc: 'NOEEI_30_37_a',
    invoice: 'INV-7',
    exporter_identification: { eori_number: 'US123456789', tax_id: { number: 'IM2760000742', type: 'IOSS' } },
    items: [
      {
        description: 'Mug',
        quantity: 3,
        net_weight: '930',
        mass_unit: 'g',
        value_amount: '37.50',
        value_currency: 'USD',
        origin_country: 'US',
        sku_code: 'MUG',
        tariff_number: '691110',
      },
    ],
  });
  expect(shipmentDraftOf(request({ shipTo: { ...abroad, country: 'CA' }, delivery }), [])['customs_declaration']).toMatchObject({
    eel_pfc: 'NOEEI_30_36',
  });
});

test('what Shippo cannot be told is an obstacle in words', () => {
  expect(obstacleOf(request({ parcel: { ...request().parcel, millimetres: null } }))).toMatch(/^Shippo needs the sides of the parcel/);
  expect(declared({})).toBeNull();
  expect(declared({ items: [{ ...item, origin: null }] })).toMatch(/country of origin/);
  expect(declared({ taxIds: [{ of: 'recipient', type: 'VAT', value: 'GB1', country: 'GB' }] })).toBe(
    'Shippo takes no tax number of the recipient',
  );
  expect(
    declared({ taxIds: ['VAT', 'EIN'].map((type) => ({ of: 'sender', type: type === 'VAT' ? 'VAT' : 'EIN', value: '1', country: 'US' })) }),
  ).toMatch(/one EORI number and one other/);
  expect(declared({ items: [{ ...item, units: 201 }] })).toMatch(/2,500\.00 USD/);
});
