import type { Sku } from '@quartermaster/domain';
import { z } from 'zod';
import type { OdooClient } from '../client/client.ts';
import { odooFault } from '../client/exceptions.ts';
import { setupXid } from '../session/external-id.ts';
import { importTable, tableOf, type Cells } from '../session/import-table.ts';
import { nodeOf, type Layout } from '../session/layout.ts';

import { inBatches, productFields } from '../erp/products.ts';
import { discountSku, otherSku, shippingSku, taxSku } from '../erp/service-products.ts';
import { nothing, type OdooSetup, type SetupCounts, type SetupProduct } from './setup.ts';
import { gramsPer, millilitresPer, productOf } from '../erp/translate.ts';
import { productSchema, quantSchema, skuSchema, type ProductRow } from '../erp/wire.ts';

/** Products by their SKU, and our service products. The kind of one that is there is not compared: Odoo forbids to change it once the product has moved. */
export async function prepareProducts(client: OdooClient, products: readonly SetupProduct[]): Promise<SetupCounts> {
  const wanted = [...serviceProducts, ...products];
  const kindFields = await client.knownFields('product.product', ['is_storable']);
  const fields = [...productFields, ...kindFields];
  const skus = wanted.map((product) => product.sku);
  const rows = await inBatches(skus, (batch) =>
    client.searchRead('product.product', { domain: [['default_code', 'in', batch]], fields }, productSchema),
  );
  const there = new Map(rows.map((row) => [row.default_code, row]));
  const missing = wanted.filter((product) => !there.has(product.sku));
  const differing = wanted.flatMap((product) => {
    const row = there.get(product.sku);
    return row !== undefined && differs(product, row) ? [{ product, row }] : [];
  });
  const units = await measureUnits(client);
  const isNew = (product: SetupProduct): Cells => ({
    id: setupXid('product', product.sku),
    default_code: product.sku,
    ...describedBy(product, units),
    list_price: product.price ?? '0',
    ...(kindFields.has('is_storable') ? kindCells[product.kind] : oldKindCells[product.kind]),
    'taxes_id/.id': '',
  });
  const isChanged = ({ product, row }: (typeof differing)[number]): Cells => ({
    '.id': String(row.id),
    ...describedBy(product, units),
    list_price: product.price ?? String(row.list_price),
  });
  await inBatches(missing, async (batch) => [...(await importTable(client, 'product.product', tableOf(batch.map(isNew))))]);
  await inBatches(differing, async (batch) => [...(await importTable(client, 'product.product', tableOf(batch.map(isChanged))))]);
  return { created: missing.length, changed: differing.length, left: wanted.length - missing.length - differing.length };
}

/** Counts the stock where it is another than wanted. */
export async function prepareStock(client: OdooClient, layout: Layout, wanted: OdooSetup['stock']): Promise<SetupCounts> {
  if (wanted.length === 0) return nothing;
  const productIds = await productIdsOf(client, [...new Set(wanted.map((count) => count.sku))]);
  const counts = wanted.map((count) => {
    const product = productIds.get(count.sku);
    if (product === undefined) throw odooFault('invalid-request', 'stock.quant.create', `there is no product ${count.sku}`);
    return { product, location: nodeOf(layout, count.node, 'stock.quant.create').lot_stock_id, units: count.units };
  });
  const there = await readUnits(client, [...new Set(counts.map((count) => count.location))]);
  const differing = counts.filter((count) => (there.get(quantKey(count)) ?? 0) !== count.units);
  await inBatches(differing, async (batch) => {
    const values = batch.map(({ product, location, units }) => ({
      product_id: product,
      location_id: location,
      inventory_quantity: units,
    }));
    const ids = await client.create('stock.quant', values, { inventory_mode: true });
    await client.call({ model: 'stock.quant', method: 'action_apply_inventory', ids, repeat: 'never', timeout: 'write' }, z.unknown());
    return [];
  });
  const created = differing.filter((count) => !there.has(quantKey(count))).length;
  return { created, changed: differing.length - created, left: wanted.length - differing.length };
}

const serviceProducts: readonly SetupProduct[] = [
  { sku: shippingSku, name: 'Shipping', grams: 0, millilitres: 0, price: '0', kind: 'service' },
  { sku: taxSku, name: 'Tax', grams: 0, millilitres: 0, price: '0', kind: 'service' },
  { sku: discountSku, name: 'Discount', grams: 0, millilitres: 0, price: '0', kind: 'service' },
  { sku: otherSku, name: 'Other', grams: 0, millilitres: 0, price: '0', kind: 'service' },
];

const kindCells: Readonly<Record<SetupProduct['kind'], Cells>> = {
  storable: { type: 'consu', is_storable: '1' },
  service: { type: 'service', is_storable: '0' },
};

/** Until Odoo 17. */
const oldKindCells: Readonly<Record<SetupProduct['kind'], Cells>> = {
  storable: { detailed_type: 'product' },
  service: { detailed_type: 'service' },
};

type MeasureUnits = { readonly grams: number; readonly millilitres: number };

function describedBy(product: SetupProduct, units: MeasureUnits): Cells {
  return { name: product.name, weight: String(product.grams / units.grams), volume: String(product.millilitres / units.millilitres) };
}

function differs(wanted: SetupProduct, row: ProductRow): boolean {
  const { name, grams, millilitres } = productOf(row);
  const price = wanted.price !== undefined && Number(wanted.price) !== row.list_price;
  return name !== wanted.name || grams !== wanted.grams || millilitres !== wanted.millilitres || price;
}

/** Grams and millilitres of one unit of this database, which is set to metric or imperial as a whole. */
async function measureUnits(client: OdooClient): Promise<MeasureUnits> {
  const domain = [
    ['key', 'in', ['product.weight_in_lbs', 'product.volume_in_cubic_feet']],
    ['value', '=', '1'],
  ];
  const rows = await client.searchRead('ir.config_parameter', { domain, fields: ['key'] }, z.object({ id: z.int(), key: z.string() }));
  const imperial = new Set(rows.map((row) => row.key));
  return {
    grams: gramsPer(imperial.has('product.weight_in_lbs') ? 'lb' : 'kg'),
    millilitres: millilitresPer(imperial.has('product.volume_in_cubic_feet') ? 'ft³' : 'm³'),
  };
}

async function productIdsOf(client: OdooClient, skus: readonly Sku[]): Promise<ReadonlyMap<Sku, number>> {
  const rows = await inBatches(skus, (batch) =>
    client.searchRead('product.product', { domain: [['default_code', 'in', batch]], fields: ['default_code'] }, skuSchema),
  );
  return new Map(rows.map((row) => [row.default_code, row.id]));
}

/** Units by product and location. */
async function readUnits(client: OdooClient, locations: readonly number[]): Promise<ReadonlyMap<string, number>> {
  const units = new Map<string, number>();
  const fields = ['product_id', 'location_id', 'quantity', 'reserved_quantity'];
  for await (const page of client.pages('stock.quant', { domain: [['location_id', 'in', [...locations]]], fields }, quantSchema)) {
    for (const quant of page) {
      const key = quantKey({ product: quant.product_id, location: quant.location_id });
      units.set(key, (units.get(key) ?? 0) + quant.quantity);
    }
  }
  return units;
}

function quantKey({ product, location }: { readonly product: number; readonly location: number }): string {
  return `${product} ${location}`;
}
