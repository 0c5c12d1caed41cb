import { notDone } from './refusals.ts';
import { fingerprint } from '@quartermaster/connector-kit';
import { ConnectorFault, type EffectMemo, type NodeId, type PushedLevel, type StockLevel } from '@quartermaster/domain';
import { connectorName, type ShopifyClient } from './client.ts';
import { activateDocument, availableDocument, setQuantitiesDocument } from './documents.ts';
import { fromGid, toGid } from './identifiers.ts';
import type { ItemIndex } from './items.ts';
import { maxStockBatch } from './limits.ts';
import { activateSchema, availableSchema, setQuantitiesSchema, type WireUserError } from './wire.ts';

/** One level with Shopify's ids, and its place in what was asked for. */
type Target = { readonly index: number; readonly level: StockLevel; readonly itemId: string; readonly locationId: string };

export type StockPushing = (levels: readonly StockLevel[], memo: EffectMemo) => Promise<PushedLevel[]>;

/**
 * Sets available quantities. Shopify sets a batch as a whole or not at all, so a bad item is taken out and the rest is sent again. Every request carries an idempotency key
 * made of the intent's key and what the request says: a repetition is the same request, and a different one has another key.
 */
export function stockPushing(client: ShopifyClient, items: ItemIndex, locations: Readonly<Record<NodeId, string>>): StockPushing {
  return async function pushStock(levels, memo) {
    const answers = new Map<number, PushedLevel>();
    const found = await items(levels.map((level) => level.sku));
    const targets: Target[] = [];
    for (const [index, level] of levels.entries()) {
      const item = found.get(level.sku) ?? { kind: 'none' };
      const location = locations[level.node];
      if (location === undefined) answers.set(index, { kind: 'refused', reason: `node ${level.node} has no Shopify location` });
      else if (item.kind === 'none') answers.set(index, { kind: 'unknown-item', reason: 'no inventory item has this SKU' });
      else if (item.kind === 'several') {
        const ids = item.ids.map(fromGid).join(', ');
        answers.set(index, { kind: 'unknown-item', reason: `${item.ids.length} inventory items have this SKU: ${ids}` });
      } else targets.push({ index, level, itemId: item.id, locationId: toGid('Location', location) });
    }
    for (const batch of batchesOf(targets)) for (const [index, answer] of await setBatch(batch, memo)) answers.set(index, answer);
    return levels.map((_level, index) => answers.get(index) ?? { kind: 'refused', reason: 'not answered' });
  };

  async function setBatch(batch: readonly Target[], memo: EffectMemo): Promise<Map<number, PushedLevel>> {
    const answers = new Map<number, PushedLevel>();
    const activated = new Set<number>();
    const stale: Target[] = [];
    let left = batch;
    while (left.length > 0) {
      const errors = await send(left, memo);
      if (errors.length === 0) {
        for (const { index } of left) answers.set(index, { kind: 'set' });
        break;
      }
      const bad = new Map<Target, WireUserError>();
      for (const error of errors) {
        const target = left[indexIn(error)];
        if (target !== undefined && !bad.has(target)) bad.set(target, error);
      }
      const [whole] = errors;
      if (bad.size === 0 && whole !== undefined) {
        if (left.length > 1) {
          const middle = Math.ceil(left.length / 2);
          for (const half of [left.slice(0, middle), left.slice(middle)]) {
            for (const [index, answer] of await setBatch(half, memo)) answers.set(index, answer);
          }
          break;
        }
        for (const target of left) bad.set(target, whole);
      }
      const again: Target[] = [];
      for (const [target, error] of bad) {
        if (error.code === 'CHANGE_FROM_QUANTITY_STALE') stale.push(target);
        else if (error.code === 'ITEM_NOT_STOCKED_AT_LOCATION' && !activated.has(target.index)) {
          await activate(client, target.itemId, target.locationId, memo);
          activated.add(target.index);
          again.push(target);
        } else answers.set(target.index, refusal(error));
      }
      left = left.filter((target) => !bad.has(target) || again.includes(target));
    }
    for (const [index, answer] of await readStale(stale)) answers.set(index, answer);
    return answers;
  }

  /** Sends one batch; a key whose earlier attempt was refused (nothing was set then) gives way to the next one. */
  async function send(batch: readonly Target[], memo: EffectMemo): Promise<readonly WireUserError[]> {
    const quantities = batch.map(({ level, itemId, locationId }) => ({
      inventoryItemId: itemId,
      locationId,
      quantity: level.available,
      changeFromQuantity: level.expected,
    }));
    const input = { name: 'available', reason: 'correction', referenceDocumentUri: referenceOf(memo), quantities };
    for (let attempt = 1; attempt <= 20; attempt++) {
      const reply = await client({
        operation: 'stock.set',
        document: setQuantitiesDocument,
        variables: { input, key: fingerprint(memo.key, JSON.stringify(input), String(attempt)) },
        schema: setQuantitiesSchema,
        kind: 'repeatable-effect',
      });
      const errors = reply.data.inventorySetQuantities?.userErrors ?? [];
      if (errors.some((error) => error.code === 'IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED')) continue;
      const inFlight = errors.find((error) => error.code === 'IDEMPOTENCY_CONCURRENT_REQUEST');
      if (inFlight === undefined) return errors;
      throw new ConnectorFault('conflict', {
        connector: connectorName,
        operation: 'stock.set',
        outcome: 'unknown',
        retry: { kind: 'after', ms: 1_000 },
        message: 'the same request is being carried out already',
        vendorCode: 'IDEMPOTENCY_CONCURRENT_REQUEST',
      });
    }
    throw new ConnectorFault('conflict', {
      connector: connectorName,
      operation: 'stock.set',
      outcome: 'not-applied',
      retry: { kind: 'never' },
      message: 'Shopify remembers too many refused attempts of this intent',
      vendorCode: 'IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED',
      advice: 'Publish the figures again as a new intent.',
    });
  }

  /** A figure that is not the expected one may be the wanted one already: set by an attempt whose answer was lost. What is not stocked has none available. */
  async function readStale(stale: readonly Target[]): Promise<Map<number, PushedLevel>> {
    const answers = new Map<number, PushedLevel>();
    for (const locationId of new Set(stale.map((target) => target.locationId))) {
      const here = stale.filter((target) => target.locationId === locationId);
      const actual = await readAvailable(
        client,
        here.map((target) => target.itemId),
        locationId,
      );
      for (const { index, level, itemId } of here) {
        const figure = actual.has(itemId) ? (actual.get(itemId) ?? 0) : null;
        answers.set(index, figure === level.available ? { kind: 'set', was: figure } : { kind: 'stale', actual: figure });
      }
    }
    return answers;
  }
}

/** Makes a location stock an item. Doing it twice is doing it once. */
export async function activate(client: ShopifyClient, itemId: string, locationId: string, memo: EffectMemo): Promise<void> {
  const reply = await client({
    operation: 'stock.activate',
    document: activateDocument,
    variables: { inventoryItemId: itemId, locationId, key: fingerprint(memo.key, 'activate', itemId, locationId) },
    schema: activateSchema,
    kind: 'repeatable-effect',
  });
  const [error] = reply.data.inventoryActivate?.userErrors ?? [];
  if (error === undefined) return;
  throw notDone(
    'refused',
    'stock.activate',
    `item ${fromGid(itemId)} cannot be stocked at location ${fromGid(locationId)}: ${error.message}`,
  );
}

/** Available units by item at a location: null where the item is not stocked there. An item that the shop does not have is not in the answer. */
export async function readAvailable(
  client: ShopifyClient,
  itemIds: readonly string[],
  locationId: string,
): Promise<ReadonlyMap<string, number | null>> {
  const available = new Map<string, number | null>();
  if (itemIds.length === 0) return available;
  const variables = { ids: itemIds, locationId };
  const reply = await client({ operation: 'stock.read', document: availableDocument, variables, schema: availableSchema, kind: 'read' });
  for (const node of reply.data.nodes) {
    if (node?.id === undefined) continue;
    const figure = node.inventoryLevel?.quantities.find((quantity) => quantity.name === 'available');
    available.set(node.id, figure?.quantity ?? null);
  }
  return available;
}

/** Batches of at most Shopify's size, none with the same item and location twice; the order within a pair is kept. */
function batchesOf(targets: readonly Target[]): Target[][] {
  const batches: Target[][] = [];
  const next = new Map<string, number>();
  for (const target of targets) {
    const pair = `${target.itemId} ${target.locationId}`;
    let at = next.get(pair) ?? 0;
    while ((batches[at]?.length ?? 0) >= maxStockBatch) at++;
    const batch = batches[at] ?? [];
    batches[at] = batch;
    batch.push(target);
    next.set(pair, at + 1);
  }
  return batches;
}

/** Place of the quantity that an error is about: `input.quantities.3.changeFromQuantity` is 3; -1 when it is about the whole. */
function indexIn(error: WireUserError): number {
  const place = error.field?.indexOf('quantities') ?? -1;
  const text = place === -1 ? undefined : error.field?.[place + 1];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : -1;
}

function refusal(error: WireUserError): PushedLevel {
  if (error.code === 'INVALID_INVENTORY_ITEM') return { kind: 'unknown-item', reason: error.message };
  return { kind: 'refused', reason: error.code == null ? error.message : `${error.code}: ${error.message}` };
}

/** Shows in the shop's inventory history where a change came from. */
function referenceOf(memo: EffectMemo): string {
  return `gid://quartermaster/StockPublication/${fingerprint(memo.key).slice(0, 16)}`;
}
