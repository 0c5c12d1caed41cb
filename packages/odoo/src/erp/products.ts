import type { ErpProduct, Instant, NodeId, Sku, StockPosition } from '@quartermaster/domain';
import type { z } from 'zod';
import { nodeOf } from '../session/layout.ts';
import { rowsPerCall } from '../client/limits.ts';
import type { Session } from '../session/session.ts';
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

/** A location outside the warehouses whose stock is a node's, but not for sale. */
export type HoldLocation = {
  /** Odoo's id of the location; what lies below it counts too. */
  readonly locationId: number;
  readonly node: NodeId;
  readonly state: 'qualityHold' | 'damaged' | 'returnPending';
};

/**
 * Stock as Odoo's quants say, in one read over all warehouses, summed per SKU and warehouse (more than one quant per product and shelf is normal). States other than sellable and
 * reserved come from `holds` and are 0 without; goods in transit and inbound are not read. A kit has no quants of its own and so no position.
 */
export async function readStock(session: Session, query: StockQuery, holds: readonly HoldLocation[]): Promise<StockPosition[]> {
  const { client, layout } = session;
  const asked = new Set(query.nodes);
  if (asked.size === 0 || query.skus?.length === 0) return [];
  const places: Place[] = [
    ...[...asked].map((id) => ({ root: nodeOf(layout, id, 'stock.quant.search_read').lot_stock_id, node: id, state: 'sellable' as const })),
    ...holds.filter((hold) => asked.has(hold.node)).map(({ locationId, node, state }) => ({ root: locationId, node, state })),
  ];
  const asOf = session.clock.now();
  const within = ['location_id', 'child_of', places.map((place) => place.root)];
  const ofSkus = query.skus === null ? [] : [['product_id.default_code', 'in', [...new Set(query.skus)]]];
  const fields = ['product_id', 'location_id', 'quantity', 'reserved_quantity'];
  const quants: Quant[] = [];
  for await (const page of client.pages('stock.quant', { domain: [within, ...ofSkus], fields }, quantSchema)) quants.push(...page);

  const products = await inBatches([...new Set(quants.map((quant) => quant.product_id))], (batch) =>
    client.searchRead('product.product', { domain: [['id', 'in', batch]], fields: ['default_code'], archived: true }, skuSchema),
  );
  const skuOf = new Map(unambiguous(products).map((product) => [product.id, product.default_code]));
  const placeOf = await placesOf(session, places, [...new Set(quants.map((quant) => quant.location_id))]);
  return sumQuants(quants, { asOf, skuOf, placeOf });
}

type Quant = z.infer<typeof quantSchema>;

/** A location with what lies below it, and what its stock counts as. */
type Place = { readonly root: number; readonly node: NodeId; readonly state: 'sellable' | HoldLocation['state'] };

/** Adds quants up to one position per SKU and node. A product or location that is in no map is left out. Whole units only: a sum of floats may miss one by a hair. */
export function sumQuants(
  quants: readonly Quant[],
  known: { readonly asOf: Instant; readonly skuOf: ReadonlyMap<number, Sku>; readonly placeOf: ReadonlyMap<number, Place> },
): StockPosition[] {
  type Sum = { readonly sku: Sku; readonly node: NodeId; reserved: number } & Record<Place['state'], number>;
  const sums = new Map<string, Sum>();
  for (const quant of quants) {
    const sku = known.skuOf.get(quant.product_id);
    const place = known.placeOf.get(quant.location_id);
    if (sku === undefined || place === undefined) continue;
    const key = JSON.stringify([place.node, sku]);
    const sum = sums.get(key) ?? { sku, node: place.node, sellable: 0, qualityHold: 0, damaged: 0, returnPending: 0, reserved: 0 };
    sum[place.state] += quant.quantity;
    if (place.state === 'sellable') sum.reserved += quant.reserved_quantity;
    sums.set(key, sum);
  }
  const hair = 1e-6;
  return [...sums.values()].map(({ sku, node, sellable, qualityHold, damaged, returnPending, reserved }) => ({
    sku,
    node,
    asOf: known.asOf,
    sellable: Math.floor(sellable + hair),
    // Plus 0, because rounding up makes -0 of it.
    reserved: Math.ceil(reserved - hair) + 0,
    qualityHold: Math.floor(qualityHold + hair),
    damaged: Math.floor(damaged + hair),
    returnPending: Math.floor(returnPending + hair),
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

/** Place of each location: a root needs no look-up, a shelf below one does. The nearest root counts. */
async function placesOf(session: Session, places: readonly Place[], used: readonly number[]): Promise<ReadonlyMap<number, Place>> {
  const byRoot = new Map(places.map((place) => [place.root, place]));
  const found = new Map(byRoot);
  const shelves = used.filter((location) => !byRoot.has(location));
  const rows = await inBatches(shelves, (batch) =>
    session.client.searchRead('stock.location', { domain: [['id', 'in', batch]], fields: ['parent_path'], archived: true }, locationSchema),
  );
  for (const { id, parent_path: path } of rows) {
    const nearest = path
      .split('/')
      .map((part) => byRoot.get(Number(part)))
      .findLast((place) => place !== undefined);
    if (nearest !== undefined) found.set(id, nearest);
  }
  return found;
}

function unambiguous<Row extends { readonly default_code: string }>(rows: readonly Row[]): Row[] {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row.default_code, (counts.get(row.default_code) ?? 0) + 1);
  return rows.filter((row) => row.default_code !== '' && counts.get(row.default_code) === 1);
}
