import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { fullExample, misfits, schemaOf, type Specification } from '@quartermaster/connector-kit/testing';
import type { DeliveryTerms, LabelRequest } from '@quartermaster/domain';
import { plainDelivery } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { procedures } from './limits.ts';
import { statusTable } from './status-table.ts';
import { standardEvents } from './tracking-codes.ts';
import { account, dock, heidi, konrad, request } from './testing/account.ts';
import { vendorSpecification, vendorTable } from './testing/vendor-files.ts';
import {
  wireBookedSchema,
  wireCancelledSchema,
  wireManifestSchema,
  wirePickupsSchema,
  wireOrdersSchema,
  wireProblemSchema,
  wireReturnSchema,
} from './wire.ts';

const shipping = vendorSpecification('parcel-de-shipping-v2_2.yaml');
const returns = vendorSpecification('pp-parcel-returns.yaml');
const pickups = vendorSpecification('parcel-de-pickup-v3.yaml');
const codes = vendorTable('parcel_de_ice_event_ric_combinations_July_2024.csv');

const customs: NonNullable<DeliveryTerms['customs']> = {
  contents: 'other',
  incoterm: 'DDP',
  ifUndeliverable: 'abandon',
  invoiceNumber: 'RE-1',
  signer: 'Ada',
  items: [
    {
      sku: 'MUG',
      description: 'Mug of clay',
      units: 2,
      unitValue: { minor: 1290, currency: 'EUR' },
      unitGrams: 300.5,
      hsCode: '6912.00.23',
      origin: 'DE',
    },
  ],
  taxIds: [{ of: 'sender', type: 'EORI', value: 'DE123456789', country: 'DE' }],
};

function misfitsOf(specification: Specification, name: string, value: unknown, way: 'request' | 'answer' = 'request'): string[] {
  return misfits(specification, schemaOf(specification, name), value, way);
}

function exampleOf(specification: Specification, name: string): unknown {
  return fullExample(specification, schemaOf(specification, name), { integer: 200 });
}

const orders: readonly (readonly [string, Partial<LabelRequest>])[] = [
  ['a parcel within Germany', {}],
  ['a parcel whose sides are not known', { parcel: { ...request.parcel, millimetres: null } }],
  ['a parcel to a Packstation', { shipTo: { ...konrad, lines: ['Packstation 118', '12345678'] } }],
  ['a parcel to a post office', { shipTo: { ...konrad, lines: ['Postfiliale 518'] } }],
  [
    'a parcel with age check and insurance',
    { delivery: { ...plainDelivery, signature: 'adult', insured: { minor: 250_050, currency: 'EUR' } } },
  ],
  ['a parcel over a customs border', { service: 'international', shipTo: heidi, delivery: { ...plainDelivery, customs } }],
];

describe.skipIf(shipping === null)(
  'requests of ours, by the specification of DHL Parcel DE Shipping (skipped where ../shared is not there)',
  () => {
    test.each(orders)('%s', async (_, change) => {
      const { carrier, bodies, calls } = account({
        carrier: { tellsRecipient: true, costCenter: 'Webshop', extraServices: { adultSignature: 300, insurance: 600 } },
      });
      await carrier.buy({ ...request, ...change }, intentMemo());
      const at = calls.findIndex((call) => call.includes('/orders?'));
      expect(shipping && misfitsOf(shipping, 'ShipmentOrderRequest', JSON.parse(bodies[at] ?? ''))).toEqual([]);
    });

    test('an address that is checked, and a manifest', async () => {
      const { carrier, bodies, calls } = account();
      await carrier.addressCheck?.(konrad);
      const label = await carrier.buy(request, intentMemo());
      await carrier.manifest?.make({ from: dock, day: '2026-11-23', labels: [label] }, intentMemo('manifest'));
      const bodyOf = (part: string) =>
        JSON.parse(bodies[calls.findIndex((call) => call.startsWith('POST') && call.includes(part))] ?? '') as unknown;
      expect(shipping && misfitsOf(shipping, 'ShipmentOrderRequest', bodyOf('validate=true'))).toEqual([]);
      expect(shipping && misfitsOf(shipping, 'ShipmentManifestingRequest', bodyOf('/manifests'))).toEqual([]);
    });

    test.each([
      ['LabelDataResponse', wireOrdersSchema],
      ['LabelDataResponse', wireProblemSchema],
      ['MultipleManifestResponse', wireOrdersSchema],
      ['SingleManifestResponse', wireManifestSchema],
      ['RequestStatus', wireProblemSchema],
    ] as const)('an answer with everything that %s has is read', (name, schema) => {
      expect(shipping && schema.safeParse(exampleOf(shipping, name)).error).toBeUndefined();
    });

    test('what the sandbox answers is what DHL specifies', async () => {
      const { carrier, sandbox } = account();
      const raw = intentMemo();
      const label = await carrier.buy(request, raw);
      const answers = [...(await raw.rawAnswers())];
      sandbox.nextOrder('refused-in-207');
      const refused = intentMemo('another');
      await carrier.buy(request, refused).catch(() => null);
      answers.push(...(await refused.rawAnswers()));
      expect(answers.length).toBe(2);
      for (const text of answers) expect(shipping && misfitsOf(shipping, 'LabelDataResponse', JSON.parse(text), 'answer')).toEqual([]);
      expect(label.trackingNumber).toMatch(/^0034043416\d{10}$/);
    });

    test('a request that DHL would not take is seen', () => {
      const wrong = { profile: 'p', shipments: [{ product: 'V01', refNo: 'short', details: { dim: { uom: 'cm' } }, more: 1 }] };
      expect(shipping && misfitsOf(shipping, 'ShipmentOrderRequest', wrong)).toMatchObject({ length: 7 });
    });

    test('the products are those that DHL has', () => {
      expect(shipping?.components.schemas['Product']?.enum).toEqual(Object.keys(procedures).filter((product) => product !== 'pickups'));
    });
  },
);

describe.skipIf(returns === null)(
  'requests of ours, by the specification of DHL Parcel DE Returns (skipped where ../shared is not there)',
  () => {
    const back = { ...request, shipFrom: konrad, shipTo: dock, delivery: { ...plainDelivery, isReturn: true } };

    test.each([
      ['from Germany', back],
      ['from Switzerland', { ...back, shipFrom: heidi, delivery: { ...back.delivery, customs } }],
    ])('a return %s, and its answer', async (_, asked) => {
      const { carrier, bodies, calls } = account();
      const kept = intentMemo();
      await carrier.buy(asked, kept);
      const at = calls.findIndex((call) => call.includes('/returns/v1/orders'));
      expect(returns && misfitsOf(returns, 'ReturnOrder', JSON.parse(bodies[at] ?? ''))).toEqual([]);
      expect(returns && wireReturnSchema.safeParse(exampleOf(returns, 'ReturnOrderConfirmation')).error).toBeUndefined();
    });
  },
);

describe.skipIf(pickups === null)(
  'requests of ours, by the specification of DHL Parcel DE Pickup (skipped where ../shared is not there)',
  () => {
    test('a driver on call, and the answers about him', async () => {
      const { carrier, bodies, calls } = account();
      const label = await carrier.buy(request, intentMemo());
      const [from, until] = ['2026-11-23T12:00:00.000Z', '2026-11-23T16:30:00.000Z'];
      await carrier.pickup?.make({ at: dock, from, until, labels: [label], grams: 1_000, note: 'Ring twice' }, intentMemo('pickup'));
      const at = calls.findIndex((call) => call.includes('/pickup/v3/orders'));
      expect(pickups && misfitsOf(pickups, 'PickupOrder', JSON.parse(bodies[at] ?? ''))).toEqual([]);
      expect(pickups && wireCancelledSchema.safeParse(exampleOf(pickups, 'CancelResult')).error).toBeUndefined();
      expect(pickups && wirePickupsSchema.safeParse([exampleOf(pickups, 'PickupOrderStatus')]).error).toBeUndefined();
      const booked = { confirmation: { type: 'ORDERPICKUP', value: pickups && exampleOf(pickups, 'PickupConfirmation') } };
      expect(wireBookedSchema.safeParse(booked).error).toBeUndefined();
    });
  },
);

describe.skipIf(codes === null)('codes of DHL (skipped where ../shared is not there)', () => {
  const rows = (codes ?? '')
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.split(';'));

  test('every published pair of event and reason has a meaning, and no other is in the table', () => {
    const published = new Set(rows.map(([ice, ric]) => `${ice}/${ric}`));
    expect([...published].toSorted()).toEqual(Object.keys(statusTable).toSorted());
  });

  test('every published standard event has a meaning', () => {
    expect([...new Set(rows.map((row) => row[2] ?? ''))].toSorted()).toEqual(Object.keys(standardEvents).toSorted());
  });
});
