import type { Sku } from '@quartermaster/domain';
import type { Session } from '../session/session.ts';
import { fromTheBeginning, type ChangeCursor } from './change-cursor.ts';
import { changesSince } from './changes-since.ts';

/** Which product a SKU is. One that two active products share is nobody's: no one can say which is meant. Of archived ones it is only where no active one has it. */
export type SkuBook = { readonly skuOf: ReadonlyMap<number, Sku>; readonly idOf: ReadonlyMap<Sku, number> };

type Named = { readonly id: number; readonly default_code: string | null; readonly active: boolean };

export function skuBook(products: Iterable<Named>): SkuBook {
  const claims = new Map<Sku, Named[]>();
  for (const product of products) {
    if (product.default_code === null) continue;
    const claimed = claims.get(product.default_code);
    if (claimed === undefined) claims.set(product.default_code, [product]);
    else claimed.push(product);
  }
  const idOf = new Map<Sku, number>();
  for (const [sku, claimed] of claims) {
    const active = claimed.filter((product) => product.active);
    const [only, ...others] = active.length > 0 ? active : claimed;
    if (only !== undefined && others.length === 0) idOf.set(sku, only.id);
  }
  return { idOf, skuOf: new Map([...idOf].map(([sku, id]) => [id, sku])) };
}

const fields = ['default_code', 'active'] as const;

/** The products of some SKUs, as they are now. */
export async function readSkus(session: Session, skus: readonly Sku[]): Promise<SkuBook> {
  return skuBook(await session.odoo.readBy('product.product', 'default_code', skus, fields, { archived: true }));
}

/** All products, read once for a connection; after that only what changed is read. */
export async function wholeCatalogue(session: Session): Promise<SkuBook> {
  const kept = catalogues.get(session.client) ?? { products: new Map(), cursor: fromTheBeginning, book: null, turn: Promise.resolve() };
  catalogues.set(session.client, kept);
  const turn = kept.turn.then(() => catchUp(session, kept));
  kept.turn = turn.catch(() => undefined);
  await turn;
  return (kept.book ??= skuBook(kept.products.values()));
}

type Kept = { readonly products: Map<number, Named>; cursor: ChangeCursor; book: SkuBook | null; turn: Promise<unknown> };

/** By connection, which lives as long as the process. */
const catalogues = new WeakMap<object, Kept>();

async function catchUp({ odoo }: Session, kept: Kept): Promise<void> {
  for await (const { rows, cursor } of changesSince(odoo, 'product.product', kept.cursor, [], fields)) {
    for (const product of rows) kept.products.set(product.id, product);
    if (rows.length > 0) kept.book = null;
    kept.cursor = cursor;
  }
}
