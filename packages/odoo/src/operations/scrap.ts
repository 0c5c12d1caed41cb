import { odooFault } from '../client/exceptions.ts';
import { tableOf } from '../session/import-table.ts';
import type { Session } from '../session/session.ts';
import { claim, demandUnits } from './claim.ts';
import { documentXid } from './documents.ts';
import { operation } from './operation.ts';

/** Goods that are thrown away. */
export type GoodsToScrap = {
  /** The caller's name for it: the same on every attempt. */
  readonly key: string;
  readonly product: number;
  readonly units: number;
  /** Odoo's id of the location where they lie. */
  readonly location: number;
  /** Needed for a product with lots. */
  readonly lot?: number;
  readonly package?: number;
  /** What it is for, for people to read. */
  readonly reason?: string;
};

/** A scrap order as it stands. */
export type Scrapped = { readonly id: number; readonly name: string; readonly units: number };

/** Scrap. */
export const scrap = {
  /**
   * Throws goods away, once per key. Throws `refused` when less lies there than is to go, or the product has lots and none is named; then nothing is scrapped.
   */
  scrap: operation('scrap.scrap', 'claim', (session, goods: GoodsToScrap): Promise<Scrapped> =>
    session.inTurn('everything', () => scrapGoods(session, goods)),
  ),
};

/** See {@link scrap.scrap}; the caller keeps the turn. */
export async function scrapGoods(session: Session, goods: GoodsToScrap): Promise<Scrapped> {
  const name = 'scrap.scrap';
  demandUnits(goods.units, name);
  const externalId = documentXid('scrap', goods.key);
  const { id } = await claim(session, 'stock.scrap', externalId, async () => {
    const [product] = await session.odoo.read('product.product', [goods.product], ['tracking']);
    if (product === undefined) throw odooFault('not-found', name, `there is no product ${goods.product}`);
    if (product.tracking !== 'none' && goods.lot === undefined) throw odooFault('refused', name, 'the product has lots, and none is named');
    return tableOf([
      {
        id: externalId,
        'product_id/.id': String(goods.product),
        scrap_qty: String(goods.units),
        'location_id/.id': String(goods.location),
        'lot_id/.id': goods.lot === undefined ? '' : String(goods.lot),
        'package_id/.id': goods.package === undefined ? '' : String(goods.package),
        origin: goods.reason ?? '',
      },
    ]);
  });
  const read = async () => (await session.odoo.read('stock.scrap', [id], ['name', 'state', 'scrap_qty']))[0];
  const before = await read();
  // Validating again would scrap again.
  if (before?.state === 'done') return { id, name: before.name ?? '', units: before.scrap_qty };
  await session.client.act('stock.scrap', 'action_validate', [id]);
  const after = await read();
  if (after?.state === 'done') return { id, name: after.name ?? '', units: after.scrap_qty };
  throw odooFault('refused', name, `less than ${goods.units} units lie there`, { advice: 'Count the place in Odoo, then try again.' });
}
