import { ConnectorFault, everyNode, type Channel, type PushedLevel, type StockLevel } from '@quartermaster/domain';
import { connectorName, orNull, type WooClient } from './client.ts';
import { productsBySku, type Item, type ItemIndex } from './items.ts';
import { itemsPerBatch } from './limits.ts';
import { aFewAtOnce } from './parallel.ts';
import { batchSchema, type WireBatchOutcome } from './wire.ts';

/** Sets and shows stock: one figure for each product or variation. */
export function stockKeeping(client: WooClient, items: ItemIndex): Pick<Channel, 'pushStock' | 'shownStock'> {
  return {
    async shownStock(places) {
      const products = await productsBySku(
        client,
        places.filter(({ node }) => node === everyNode).map(({ sku }) => sku),
      );
      return places.map(({ sku, node }) => (node === everyNode ? (products.get(sku)?.stock_quantity ?? null) : null));
    },
    async pushStock(levels) {
      const outcomes: (PushedLevel | null)[] = levels.map(refusedUnsent);
      for (let attempt = 1; attempt <= 2 && outcomes.includes(null); attempt++) {
        const open = levels.flatMap((level, at) => (outcomes[at] === null ? [{ level, at }] : []));
        const found = await items.find(open.map(({ level }) => level.sku));
        const ready: Ready[] = [];
        for (const { level, at } of open) {
          const item = found.get(level.sku);
          if (item === undefined) outcomes[at] = { kind: 'unknown-item', reason: 'the shop has no item of its own with this SKU' };
          else ready.push({ level, at, item });
        }
        for (const { at, level, outcome } of await pushed(ready)) {
          if (outcome === 'gone') items.forget(level.sku);
          else outcomes[at] = outcome;
        }
      }
      return outcomes.map((outcome) => outcome ?? { kind: 'unknown-item', reason: 'the item is gone' });
    },
  };

  async function pushed(ready: readonly Ready[]): Promise<Pushed[]> {
    return (await aFewAtOnce(batchesOf(ready), pushBatch)).flat();
  }

  /** One call for up to a hundred items. The whole call is 404 when a product that had the variations is gone. */
  async function pushBatch({ parent, ready }: Batch): Promise<Pushed[]> {
    const path = parent === null ? '/wc/v3/products/batch' : `/wc/v3/products/${parent}/variations/batch`;
    // An item whose stock is not managed ignores a quantity without a word.
    const update = ready.map(({ item, level }) => ({ id: item.id, manage_stock: true, stock_quantity: level.available }));
    const reply = await orNull(
      client({ operation: 'stock.push', method: 'POST', path, body: { update }, schema: batchSchema, kind: 'repeatable-effect' }),
    );
    if (reply !== null && reply.update.length !== ready.length) throw incomplete();
    return ready.map(({ level, at }, nth) => ({ level, at, outcome: outcomeOf(reply?.update[nth], level) }));
  }
}

type Ready = { readonly level: StockLevel; readonly at: number; readonly item: Item };
type Batch = { readonly parent: number | null; readonly ready: readonly Ready[] };
type Pushed = { readonly level: StockLevel; readonly at: number; readonly outcome: PushedLevel | 'gone' };

/** Variations are refused among products, so those of each product go together. */
function batchesOf(ready: readonly Ready[]): Batch[] {
  const byParent = Map.groupBy(ready, ({ item }) => item.parent);
  return [...byParent].flatMap(([parent, all]) => {
    const batches: Batch[] = [];
    for (let from = 0; from < all.length; from += itemsPerBatch) batches.push({ parent, ready: all.slice(from, from + itemsPerBatch) });
    return batches;
  });
}

function refusedUnsent({ available, node }: StockLevel): PushedLevel | null {
  if (node !== everyNode) return { kind: 'refused', reason: `the shop keeps one figure for all nodes, none for ${node}` };
  if (!Number.isSafeInteger(available) || available < 0) return { kind: 'refused', reason: `not a level: ${available}` };
  return null;
}

function outcomeOf(outcome: WireBatchOutcome | undefined, level: StockLevel): Pushed['outcome'] {
  if (outcome === undefined) return 'gone';
  if (outcome.error !== undefined)
    return noLongerThere.test(outcome.error.code) ? 'gone' : { kind: 'refused', reason: `${outcome.error.code}: ${outcome.error.message}` };
  if (outcome.stock_quantity === level.available) return { kind: 'set' };
  return {
    kind: 'refused',
    reason: `the shop shows ${outcome.stock_quantity ?? 'no figure'}: stock management may be off there, or a plugin sets stock`,
  };
}

function incomplete(): ConnectorFault {
  return new ConnectorFault('malformed-reply', {
    connector: connectorName,
    operation: 'stock.push',
    outcome: 'unknown',
    retry: { kind: 'safely' },
    message: 'the answer has another number of items than the request',
  });
}

/** The item is gone, or became a variation: what was remembered of its SKU is wrong. */
const noLongerThere = /_invalid_id$|_invalid_product_id$/;
