import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ZodType } from 'zod';
import { labelSchema } from './carrier.ts';
import { chargeTypes } from './charge.ts';
import { scopeSchema } from './identity.ts';
import { instantOf } from './instant.ts';
import { moneySchema } from './money.ts';
import { fulfilmentNodeSchema } from './node.ts';
import { channelOrderSchema } from './order.ts';
import { parcelSchema } from './parcel.ts';
import { destinationSchema, personSchema } from './person.ts';
import { stockPositionSchema, type StockPosition } from './stock.ts';

const text = fc.string({ unit: 'binary' });
const id = fc.string({ unit: 'binary', minLength: 1 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const units = fc.maxSafeInteger();
const positive = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const instant = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }).map(instantOf);
const amount = fc.record({ minor: units, currency: fc.constantFrom('EUR', 'JPY', 'KWD') });
const decimal = fc.tuple(fc.integer(), fc.nat()).map(([whole, fraction]) => `${whole}.${fraction}`);
const minutes = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));

const address = fc.record({
  name: text,
  company: maybe(text),
  lines: fc.array(text),
  postalCode: text,
  city: text,
  region: maybe(text),
  country: text,
  phone: maybe(text),
  email: maybe(text),
});
const destination = fc.record({ country: text, region: maybe(text), postalArea: text });
const line = fc.record({
  id,
  kind: fc.constantFrom('product', 'non-stock', 'kit', 'component'),
  parent: maybe(text),
  sku: maybe(id),
  title: text,
  quantity: fc.nat(),
  unitFactor: positive,
  unitPrice: decimal,
  total: amount,
  tax: amount,
});
const order = fc.record({
  id,
  name: text,
  revision: id,
  status: fc.constantFrom('open', 'cancelled', 'closed'),
  test: fc.boolean(),
  placedAt: instant,
  updatedAt: instant,
  class: fc.constantFrom('consumer', 'business'),
  purchaseOrderNumber: maybe(text),
  terms: maybe(text),
  shipNotBefore: maybe(instant),
  requestedService: maybe(text),
  pickupPoint: maybe(text),
  currency: fc.constantFrom('EUR', 'JPY'),
  taxesIncluded: fc.boolean(),
  payment: fc.record({ status: text, secured: amount }),
  risk: fc.constantFrom('low', 'medium', 'high', 'unknown'),
  subject: id,
  destination: maybe(destination),
  addressHash: maybe(text),
  lines: fc.array(line, { maxLength: 3 }),
  shipping: amount,
  shippingTax: amount,
  orderDiscount: amount,
  total: amount,
});
const position: fc.Arbitrary<StockPosition> = fc.record({
  sku: text,
  node: text,
  asOf: instant,
  sellable: units,
  reserved: units,
  qualityHold: units,
  damaged: units,
  returnPending: units,
  inTransit: units,
  inbound: fc.array(fc.record({ units, expectedAt: instant })),
  lot: maybe(text),
  owner: maybe(text),
  kit: maybe(fc.array(fc.record({ sku: text, units: fc.constantFrom(1, 2, 0.5) }))),
});

const words: readonly (readonly [string, ZodType, fc.Arbitrary<unknown>])[] = [
  ['scope', scopeSchema, fc.record({ tenant: id, company: id, connection: id })],
  ['money', moneySchema, amount],
  ['person', personSchema, fc.record({ shipTo: maybe(address), billTo: maybe(address) })],
  ['destination', destinationSchema, destination],
  ['order', channelOrderSchema, order],
  ['stock position', stockPositionSchema, position],
  [
    'node',
    fulfilmentNodeSchema,
    fc.record({
      id,
      kind: fc.constantFrom('warehouse', '3pl', 'store'),
      company: id,
      zone: id,
      address,
      cutoff: fc.tuple(fc.nat(23), fc.nat(59)).map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':')),
      labor: fc.record({
        minutesPerShipment: minutes,
        minutesPerLine: minutes,
        minutesPerUnit: minutes,
        tiers: fc.array(fc.record({ minutes: maybe(minutes), costPerMinute: minutes }), { minLength: 1, maxLength: 3 }),
      }),
    }),
  ],
  [
    'parcel',
    parcelSchema,
    fc.record({
      number: positive,
      grams: positive,
      millimetres: maybe(fc.tuple(positive, positive, positive)),
      items: fc.array(fc.record({ lineId: text, sku: text, units: positive }), { minLength: 1 }),
    }),
  ],
  [
    'label',
    labelSchema,
    fc.record({
      ref: id,
      carrier: text,
      service: text,
      trackingNumber: id,
      trackingUrl: maybe(text),
      price: amount,
      charges: fc.array(fc.record({ type: fc.constantFrom(...chargeTypes), amount, vendorCode: maybe(text) }), { maxLength: 3 }),
      boughtAt: instant,
      document: fc.record({ format: text, base64: maybe(text), url: maybe(text) }),
    }),
  ],
];

test.each(words)('a %s that is stored comes back as it was', (_name, schema, values) => {
  fc.assert(
    fc.property(values, (value) => {
      expect(schema.parse(JSON.parse(JSON.stringify(value)))).toEqual(value);
    }),
  );
});
