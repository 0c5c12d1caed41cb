import type { ErpProduct, KitComponent, NodeId, Sku, StockPosition } from '@quartermaster/domain';
import { skuBook } from '../reads/catalogue.ts';
import { explodeKits, type Components } from '../reads/kits.ts';
import { knowsKits, readKitBook } from '../reads/read-kits.ts';
import { readSides } from '../reads/product-sides.ts';
import { readStockPositions, type HoldLocation } from '../reads/stock-positions.ts';
import type { Session } from '../session/session.ts';
import { productOf } from './translate.ts';
import { productSchema, type ProductRow } from './wire.ts';
import { idsPerCall, rowsPerCall } from '../client/limits.ts';

export type { HoldLocation } from '../reads/stock-positions.ts';

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
  const { client, vocabulary } = session;
  const fields = [
    ...productFields,
    ...(vocabulary.storableFlag ? ['is_storable'] : []),
    ...((await knowsKits(session)) ? ['is_kits'] : []),
  ];
  const rows = unambiguous(
    await inBatches(
      skus,
      (batch) => client.searchRead('product.product', { domain: [['default_code', 'in', batch]], fields }, productSchema),
      idsPerCall,
    ),
  );
  const kits = rows.some((row) => row.is_kits === true) ? await readKits(session) : new Map<number, readonly KitComponent[]>();
  const sides = await inBatches(
    rows.map(({ id }) => id),
    async (batch) => [...(await readSides(session, batch))],
    idsPerCall,
  );
  const sidesOf = new Map(sides);
  return rows.map((row) => productOf(row, kits.get(row.id) ?? null, sidesOf.get(row.id) ?? null));
}

/** Product ids by SKU, without those that two products share. */
export async function readProductIds(session: Session, skus: readonly Sku[]): Promise<ReadonlyMap<Sku, number>> {
  const rows = await session.odoo.readBy('product.product', 'default_code', skus, ['default_code', 'active']);
  return skuBook(rows).idOf;
}

/** What is to be read of the stock; `skus: null` is all of them. */
export type StockQuery = { readonly nodes: readonly NodeId[]; readonly skus: readonly Sku[] | null };

/** Stock in the words of the port: summed over lots, owners and packages, without goods that belong to others or are past their date. */
export async function readStock(session: Session, query: StockQuery, holds: readonly HoldLocation[]): Promise<StockPosition[]> {
  const { positions } = await readStockPositions(session, { ...query, holds });
  return positions.map(
    ({ product: _product, package: _package, consigned: _consigned, expired: _expired, expected: _expected, ...position }) => position,
  );
}

/** What kits are made of, by product id. */
async function readKits(session: Session): Promise<ReadonlyMap<number, readonly KitComponent[]>> {
  const book = await readKitBook(session);
  const kits: ReadonlyMap<number, Components> = book === null ? new Map() : explodeKits(book);
  const parts = [...new Set([...kits.values()].flatMap((components) => [...components.keys()]))];
  const rows = await session.odoo.read('product.product', parts, ['default_code']);
  const skuOf = new Map(rows.map((row) => [row.id, row.default_code ?? '']));
  const named = (components: Components) => [...components].map(([id, units]) => ({ sku: skuOf.get(id) ?? '', units }));
  return new Map([...kits].map(([id, components]) => [id, named(components)]));
}

/** Reads or writes in batches and puts the answers together. */
export async function inBatches<Key, Row>(
  keys: readonly Key[],
  run: (batch: Key[]) => Promise<Row[]>,
  perCall: number = rowsPerCall,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let at = 0; at < keys.length; at += perCall) rows.push(...(await run(keys.slice(at, at + perCall))));
  return rows;
}

function unambiguous(rows: readonly ProductRow[]): ProductRow[] {
  const { skuOf } = skuBook(rows.map((row) => ({ id: row.id, default_code: row.default_code || null, active: true })));
  return rows.filter((row) => skuOf.has(row.id));
}
