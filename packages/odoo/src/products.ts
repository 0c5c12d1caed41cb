import type { ErpProduct, NodeId, Sku, StockPosition } from '@quartermaster/domain';
import { nodeOf } from './layout.ts';
import { rowsPerCall } from './limits.ts';
import type { Session } from './session.ts';
import { productOf } from './translate.ts';
import { locationSchema, productSchema, quantSchema, skuSchema } from './wire.ts';

export const productFields = [
  'default_code',
  'name',
  'weight',
  'volume',
  'weight_uom_name',
  'volume_uom_name',
  'type',
  'list_price',
] as const;

/** The products of these SKUs. A SKU that two products have counts as unknown: nobody can say which is meant. */
export async function readProducts(session: Session, skus: readonly Sku[]): Promise<ErpProduct[]> {
  const { client } = session;
  const storable = await client.knownFields('product.product', ['is_storable']);
  const fields = [...productFields, ...storable];
  const rows = await inBatches(skus, (batch) =>
    client.searchRead('product.product', { domain: [['default_code', 'in', batch]], fields }, productSchema),
  );
  return unambiguous(rows).map(productOf);
}

/** Product ids by SKU, without those that two products share. */
export async function readProductIds(session: Session, skus: readonly Sku[]): Promise<ReadonlyMap<Sku, number>> {
  const rows = await inBatches(skus, (batch) =>
    session.client.searchRead('product.product', { domain: [['default_code', 'in', batch]], fields: ['default_code'] }, skuSchema),
  );
  return new Map(unambiguous(rows).map((row) => [row.default_code, row.id]));
}

/** What is to be read of the stock; `skus: null` is all of them. */
export type StockQuery = { readonly nodes: readonly NodeId[]; readonly skus: readonly Sku[] | null };

/**
 * Stock as Odoo's quants say, in one read over all warehouses, summed per SKU and warehouse (more than one quant per product and shelf is normal). A kit has no quants of its own and
 * so no position. A product with a fractional unit of measure counts its whole units.
 */
export async function readStock(session: Session, query: StockQuery): Promise<StockPosition[]> {
  const { client, layout } = session;
  const nodes = [...new Set(query.nodes)].map((id) => ({ id, stockLocation: nodeOf(layout, id, 'stock.quant.search_read').lot_stock_id }));
  if (nodes.length === 0 || query.skus?.length === 0) return [];
  const asOf = session.clock.now();
  const within = ['location_id', 'child_of', nodes.map((node) => node.stockLocation)];
  const ofSkus = query.skus === null ? [] : [['product_id.default_code', 'in', [...new Set(query.skus)]]];
  const fields = ['product_id', 'location_id', 'quantity', 'reserved_quantity'];
  const quants = [];
  for await (const page of client.pages('stock.quant', { domain: [within, ...ofSkus], fields }, quantSchema)) quants.push(...page);

  const products = await inBatches([...new Set(quants.map((quant) => quant.product_id))], (batch) =>
    client.searchRead('product.product', { domain: [['id', 'in', batch]], fields: ['default_code'] }, skuSchema),
  );
  const skuOf = new Map(unambiguous(products).map((product) => [product.id, product.default_code]));
  const nodeOfLocation = await locationsOf(
    session,
    nodes,
    quants.map((quant) => quant.location_id),
  );

  const sums = new Map<string, { sku: Sku; node: NodeId; quantity: number; reserved: number }>();
  for (const quant of quants) {
    const sku = skuOf.get(quant.product_id);
    const node = nodeOfLocation.get(quant.location_id);
    if (sku === undefined || node === undefined) continue;
    const key = JSON.stringify([node, sku]);
    const sum = sums.get(key) ?? { sku, node, quantity: 0, reserved: 0 };
    sums.set(key, { ...sum, quantity: sum.quantity + quant.quantity, reserved: sum.reserved + quant.reserved_quantity });
  }
  return [...sums.values()].map(({ sku, node, quantity, reserved }) => ({
    sku,
    node,
    asOf,
    // A sum of floats may miss a whole number by a hair.
    sellable: Math.floor(quantity + 1e-6),
    reserved: Math.ceil(reserved - 1e-6),
    qualityHold: 0,
    damaged: 0,
    returnPending: 0,
    inTransit: 0,
    inbound: [],
    lot: null,
    owner: null,
  }));
}

/** Reads in batches and puts the answers together. */
export async function inBatches<Key, Row>(keys: readonly Key[], read: (batch: Key[]) => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let at = 0; at < keys.length; at += rowsPerCall) rows.push(...(await read(keys.slice(at, at + rowsPerCall))));
  return rows;
}

/** Node of each location: the stock location itself needs no look-up, a shelf below it does. */
async function locationsOf(
  session: Session,
  nodes: readonly { readonly id: NodeId; readonly stockLocation: number }[],
  used: readonly number[],
): Promise<ReadonlyMap<number, NodeId>> {
  const found = new Map(nodes.map((node) => [node.stockLocation, node.id]));
  const shelves = [...new Set(used)].filter((location) => !found.has(location));
  const rows = await inBatches(shelves, (batch) =>
    session.client.searchRead('stock.location', { domain: [['id', 'in', batch]], fields: ['parent_path'], archived: true }, locationSchema),
  );
  for (const { id, parent_path: path } of rows) {
    const above = new Set(path.split('/').map(Number));
    const node = nodes.find(({ stockLocation }) => above.has(stockLocation));
    if (node !== undefined) found.set(id, node.id);
  }
  return found;
}

function unambiguous<Row extends { readonly default_code: string }>(rows: readonly Row[]): Row[] {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row.default_code, (counts.get(row.default_code) ?? 0) + 1);
  return rows.filter((row) => row.default_code !== '' && counts.get(row.default_code) === 1);
}
