import { describe, expect, test } from 'vitest';
import { curatedOf } from '../models/curated-of.ts';
import { compareSchemas } from '../typegen/drift.ts';
import { findingCodes, sentenceOf } from './finding.ts';
import { findingsOf, type CapabilityFacts, type Purpose } from './findings.ts';
import type { ProductFacts } from './data-findings.ts';
import type { WarehouseFacts } from './read-capabilities.ts';

const warehouse: WarehouseFacts = {
  id: 1,
  code: 'EAST',
  deliverySteps: 'ship_only',
  receptionSteps: 'one_step',
  reservation: 'at_confirm',
  autoBatch: false,
  hasRoute: true,
};

/** A database in which all is well. */
const sound: CapabilityFacts = {
  version: 19,
  transport: 'json-2',
  user: { login: 'qm', email: 'qm@example.com' },
  edition: 'community',
  modules: new Set(['base', 'sale_stock', 'stock_delivery']),
  rights: [{ activity: 'orders', daily: true, installed: true, missing: [] }],
  company: { id: 1, name: 'Example', currency: 'EUR' },
  companies: 1,
  features: { multiLocation: true, multiWarehouse: true, lots: true, packages: true, owners: false },
  warehouses: [warehouse],
  digits: { 'Stock Weight': 3, Volume: 6 },
  languages: ['en_US'],
  currencies: ['EUR'],
  negativeQuants: 0,
  overReserved: [],
  textMessages: false,
  missingServices: [],
  trackingNumbers: true,
  batches: true,
  drift: [],
  data: null,
};
const purpose: Purpose = { nodes: ['EAST'], toBeSourced: true };

/** Master data with some products that are sound but for what is given. */
function withData(...products: readonly Partial<ProductFacts>[]): Partial<CapabilityFacts> {
  const lamp = { sku: 'LAMP', barcode: '4006381333931', kilograms: 0.45, unit: 1, otherUnits: [] };
  const units = new Map([
    [1, { name: 'Units', size: 1 }],
    [2, { name: 'Halves', size: 0.5 }],
  ]);
  return { data: { products: products.map((more) => ({ ...lamp, ...more })), units, emptyKits: [] } };
}

const found = (more: Partial<CapabilityFacts>, to: Partial<Purpose> = {}) =>
  findingsOf({ ...sound, ...more }, { ...purpose, ...to }).map(({ code, severity }) => [code, severity]);
const sentences = (more: Partial<CapabilityFacts>) => findingsOf({ ...sound, ...more }, purpose).map(sentenceOf);

test('of a sound database there is nothing to say', () => {
  expect(found({})).toEqual([]);
});

const missing = [{ model: 'sale.order', operation: 'create', right: 'Sales: all documents' }] as const;
const everyFinding: readonly (readonly [string, Partial<CapabilityFacts>, Partial<Purpose>, string, string])[] = [
  [
    'a right that daily work needs',
    { rights: [{ activity: 'orders', daily: true, installed: true, missing }] },
    {},
    'right-missing',
    'blocks',
  ],
  [
    'a right that something else needs',
    { rights: [{ activity: 'scrap', daily: false, installed: true, missing }] },
    {},
    'right-missing',
    'tells',
  ],
  ['no address, on Odoo 18', { version: 18, user: { login: 'qm', email: null } }, {}, 'email-missing', 'blocks'],
  ['no app for tracking numbers', { trackingNumbers: false }, {}, 'app-missing', 'blocks'],
  ['no app for batches', { batches: false }, {}, 'app-missing', 'tells'],
  ['no warehouse at all', { warehouses: [] }, {}, 'warehouse-missing', 'blocks'],
  ['a node that is no warehouse', {}, { nodes: ['EAST', 'NORTH'] }, 'warehouse-missing', 'blocks'],
  ['a node without a route', { warehouses: [{ ...warehouse, hasRoute: false }] }, {}, 'route-missing', 'blocks'],
  ['no place to wait', {}, { toBeSourced: false }, 'route-missing', 'blocks'],
  ['a service product that is missing', { missingServices: ['QM-TAX'] }, {}, 'service-missing', 'blocks'],
  ['digits that are too few', { digits: { 'Stock Weight': 2, Volume: 6 } }, {}, 'digits-too-few', 'blocks'],
  ['batches that make themselves', { warehouses: [{ ...warehouse, autoBatch: true }] }, {}, 'auto-batch', 'warns'],
  ['delivery in two steps', { warehouses: [{ ...warehouse, deliverySteps: 'pick_ship' }] }, {}, 'delivery-steps', 'warns'],
  ['reservation by date', { warehouses: [{ ...warehouse, reservation: 'by_date' }] }, {}, 'reservation-method', 'warns'],
  ['somebody else who releases', { modules: new Set(['stock_release_channel']) }, {}, 'release-module', 'warns'],
  ['stock below zero', { negativeQuants: 2 }, {}, 'negative-stock', 'warns'],
  ['goods promised twice', { overReserved: [{ product: 1, location: 8, quantity: 2, reserved: 3 }] }, {}, 'over-reserved', 'warns'],
  ['a version that nobody knows', { version: 20, drift: null }, {}, 'version-unknown', 'warns'],
  ['text messages', { textMessages: true }, {}, 'text-messages', 'tells'],
  ['several companies', { companies: 2 }, {}, 'several-companies', 'tells'],
  ['one location alone', { features: { ...sound.features, multiLocation: false } }, {}, 'single-location', 'tells'],
  ['a product without barcode', withData({ barcode: null }), {}, 'barcode-missing', 'warns'],
  ['a barcode that two products have', withData({}, {}), {}, 'barcode-twice', 'warns'],
  ['a product without weight', withData({ kilograms: 0 }), {}, 'weight-missing', 'warns'],
  ['a unit that is no whole multiple', withData({ otherUnits: [2] }), {}, 'unit-not-whole', 'warns'],
  ['a kit of nothing', { data: { products: [], units: new Map(), emptyKits: ['SET'] } }, {}, 'kit-empty', 'warns'],
  ['digits that nobody may see', { digits: null }, {}, 'cannot-tell', 'tells'],
];

test.each(everyFinding)('%s is found', (_what, more, to, code, severity) => {
  expect(found(more, to)).toEqual([[code, severity]]);
});

test('every code can be found', () => {
  expect(new Set([...everyFinding.map(([, , , code]) => code), 'drift'])).toEqual(new Set(findingCodes));
});

test('on Odoo 19 the user needs no address', () => {
  expect(found({ user: { login: 'qm', email: null } })).toEqual([]);
});

test('warehouses that are no nodes may be set as people like', () => {
  expect(found({ warehouses: [warehouse, { ...warehouse, code: 'SHOP', hasRoute: false, autoBatch: true }] })).toEqual([]);
});

describe('drift', () => {
  const lock = { models: curatedOf(19) ?? {} };
  const without = (model: string, field: string) => {
    const { [field]: _gone, ...fields } = lock.models[model] ?? {};
    return compareSchemas(lock, { models: { ...lock.models, [model]: fields } });
  };

  test('blocks in a field that the connector uses, and warns of in another one', () => {
    expect(found({ drift: without('sale.order', 'client_order_ref') })).toEqual([['drift', 'blocks']]);
    expect(found({ drift: without('sale.order', 'tag_ids') })).toEqual([['drift', 'warns']]);
  });

  test('is said with the name of the field and what to do', () => {
    expect(sentences({ drift: without('sale.order', 'client_order_ref') })).toEqual([
      'The schema drifted: sale.order.client_order_ref is gone, or this user may not see it: undo the change in Odoo, or take a version of Quartermaster that knows it.',
    ]);
  });
});
