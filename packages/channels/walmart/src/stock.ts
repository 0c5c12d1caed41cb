import {
  everyNode,
  isFault,
  type Clock,
  type EffectMemo,
  type NodeId,
  type PushedLevel,
  type Sku,
  type StockLevel,
} from '@quartermaster/domain';
import { wordsOf, type WalmartClient } from './client.ts';
import { pushByFeed } from './feed.ts';
import { isUnknownItem, quantityOf, unknownItem, type ShipNodes, type WantedSku } from './levels.ts';
import { levelsPerFeed, mostSingleSkus } from './limits.ts';
import { inventorySchema, itemInventorySchema, updatedNodesSchema, type WireItemInventory } from './wire-inventory.ts';

/** SKUs that are read or set at once by a call each. */
const skusTogether = 8;

/** From so many SKUs on all stock is listed, 50 items to a call, instead of asking for each: worth it unless the seller has some fifty times as many. */
const listFrom = 500;

/**
 * Sets stock: a few SKUs by a call each, more by a feed, which Walmart works on for a while. Figures are absolute, so that twice is the same as once. A feed that is not done yet is
 * remembered by the intent, whose next attempt asks for it again and sends none.
 */
export function stockPushing(client: WalmartClient, shipNodes: ShipNodes, clock: Clock) {
  return async function pushStock(levels: readonly StockLevel[], memo: EffectMemo): Promise<PushedLevel[]> {
    const answers = new Map<number, PushedLevel>();
    const wanted = new Map<Sku, WantedSku>();
    for (const [index, level] of levels.entries()) {
      const refusal = refusalOf(level, shipNodes);
      if (refusal !== null) answers.set(index, refusal);
      else wanted.set(level.sku, { sku: level.sku, levels: [...(wanted.get(level.sku)?.levels ?? []), { index, level }] });
    }
    const all = [...wanted.values()];
    const take = (one: WantedSku, pushed: PushedLevel, node?: NodeId) => {
      for (const { index, level } of one.levels) if (node === undefined || level.node === node) answers.set(index, pushed);
    };
    if (all.length > mostSingleSkus) {
      for (let at = 0; at < all.length; at += levelsPerFeed)
        await pushByFeed(client, clock, shipNodes, all.slice(at, at + levelsPerFeed), memo, take);
    } else for (const one of all) await pushOne(one, take);
    return levels.map((_level, index) => answers.get(index) ?? { kind: 'refused', reason: 'Walmart did not answer for this item' });
  };

  async function pushOne(one: WantedSku, take: (one: WantedSku, pushed: PushedLevel, node?: NodeId) => void): Promise<void> {
    try {
      if (shipNodes === null) await setFigure(one);
      else await setNodes(one, shipNodes, take);
    } catch (error) {
      if (!isFault(error) || (error.code !== 'not-found' && error.code !== 'invalid-request')) throw error;
      take(
        one,
        isUnknownItem(error.facts.vendorCode, error.code)
          ? unknownItem(error.facts.message)
          : { kind: 'refused', reason: error.facts.message },
      );
      return;
    }
    if (shipNodes === null) take(one, { kind: 'set' });
  }

  async function setFigure(one: WantedSku): Promise<void> {
    await client({
      operation: 'stock.set',
      bucket: 'inventory-write',
      method: 'PUT',
      path: `/v3/inventory?sku=${encodeURIComponent(one.sku)}`,
      body: { sku: one.sku, quantity: quantityOf(one.levels.at(-1)?.level.available ?? 0) },
      schema: inventorySchema,
      kind: 'repeatable-effect',
    });
  }

  async function setNodes(
    one: WantedSku,
    nodes: Readonly<Record<NodeId, string>>,
    take: (one: WantedSku, pushed: PushedLevel, node?: NodeId) => void,
  ): Promise<void> {
    const reply = await client({
      operation: 'stock.set-nodes',
      bucket: 'inventory-write',
      method: 'PUT',
      path: `/v3/inventories/${encodeURIComponent(one.sku)}`,
      body: {
        inventories: {
          nodes: one.levels.map(({ level }) => ({ shipNode: nodes[level.node] ?? '', inputQty: quantityOf(level.available) })),
        },
      },
      schema: updatedNodesSchema,
      kind: 'repeatable-effect',
    });
    for (const { level } of one.levels) {
      const told = reply.nodes.find(({ shipNode }) => shipNode === nodes[level.node]);
      const [error] = told?.errors ?? [];
      if (told === undefined) continue;
      if (error === undefined) take(one, { kind: 'set' }, level.node);
      else
        take(one, isUnknownItem(error.code, null) ? unknownItem(wordsOf(error)) : { kind: 'refused', reason: wordsOf(error) }, level.node);
    }
  }
}

/** Reads what can be sold of items at nodes; null of what Walmart does not list there. */
export function shownStockReading(client: WalmartClient, shipNodes: ShipNodes, listAll: () => AsyncIterable<readonly WireItemInventory[]>) {
  return async function shownStock(places: readonly { readonly sku: Sku; readonly node: NodeId }[]): Promise<(number | null)[]> {
    const skus = [...new Set(places.map(({ sku }) => sku))].filter((sku) => sku !== '');
    const items = skus.length >= listFrom ? await listed(new Set(skus)) : await asked(skus);
    return places.map(({ sku, node }) => shownAt(items.get(sku), node, shipNodes));
  };

  async function listed(wanted: ReadonlySet<Sku>): Promise<ReadonlyMap<Sku, WireItemInventory>> {
    const items = new Map<Sku, WireItemInventory>();
    for await (const page of listAll()) for (const item of page) if (wanted.has(item.sku)) items.set(item.sku, item);
    return items;
  }

  async function asked(skus: readonly Sku[]): Promise<ReadonlyMap<Sku, WireItemInventory>> {
    const items = new Map<Sku, WireItemInventory>();
    for (let at = 0; at < skus.length; at += skusTogether) {
      const some = await Promise.all(skus.slice(at, at + skusTogether).map(readItem));
      for (const item of some) if (item !== null) items.set(item.sku, item);
    }
    return items;
  }

  async function readItem(sku: Sku): Promise<WireItemInventory | null> {
    try {
      const item = await client({
        operation: 'stock.read',
        bucket: 'inventory-read',
        method: 'GET',
        path: `/v3/inventories/${encodeURIComponent(sku)}`,
        schema: itemInventorySchema,
        kind: 'read',
      });
      return { ...item, sku };
    } catch (error) {
      if (isFault(error) && error.code === 'not-found') return null;
      throw error;
    }
  }
}

function shownAt(item: WireItemInventory | undefined, node: NodeId, shipNodes: ShipNodes): number | null {
  if (item === undefined) return null;
  const nodes = shipNodes === null || node === everyNode ? item.nodes : item.nodes.filter(({ shipNode }) => shipNode === shipNodes[node]);
  if (nodes.length === 0) return null;
  return nodes.reduce((sum, { availToSellQty, inputQty }) => sum + (availToSellQty?.amount ?? inputQty?.amount ?? 0), 0);
}

function refusalOf({ sku, available, node }: StockLevel, shipNodes: ShipNodes): PushedLevel | null {
  if (sku.trim() === '') return unknownItem('there is no SKU');
  if (!Number.isSafeInteger(available) || available < 0) return { kind: 'refused', reason: `not a number of units: ${available}` };
  if (shipNodes !== null && shipNodes[node] === undefined) return { kind: 'refused', reason: `node ${node} has no ship node of Walmart` };
  return null;
}
