import { z } from 'zod';
import { absent, bodyOf, invalid, limitOf, needKnown, parsed, type Asked } from './answers.ts';
import { nextNumber, nowMs, type FeedState, type ItemState, type WalmartState } from './state.ts';

const quantity = z.strictObject({ unit: z.literal('EACH'), amount: z.int().nonnegative() });

/** GET and PUT /v3/inventory: one figure, at the seller's default ship node or the one that is named. */
export function inventory(state: WalmartState, asked: Asked) {
  needKnown(asked, ['sku', 'shipNode'], 'INVENTORY');
  const sku = asked.query.get('sku') ?? '';
  const item = itemOf(state, sku);
  const node = asked.query.get('shipNode') ?? state.shipNodes[0] ?? '';
  if (!state.shipNodes.includes(node)) throw invalid('Invalid ship node', 'INVENTORY');
  if (asked.method === 'PUT') {
    const body = bodyOf(asked, z.strictObject({ sku: z.string(), quantity }), 'INVENTORY');
    if (body.sku !== sku) throw invalid('sku is another than that of the query', 'INVENTORY');
    setFigure(item, node, body.quantity.amount);
  }
  return { sku, quantity: { unit: 'EACH', amount: item.stock.get(node)?.input ?? 0 } };
}

/** GET and PUT /v3/inventories/{sku}: each ship node has its own outcome. */
export function itemInventory(state: WalmartState, asked: Asked, sku: string) {
  needKnown(asked, ['shipNode'], 'INVENTORY');
  const item = itemOf(state, sku);
  if (asked.method === 'GET') return itemView(item);
  const body = bodyOf(
    asked,
    z.strictObject({
      inventories: z.strictObject({ nodes: z.array(z.strictObject({ shipNode: z.string(), inputQty: quantity })).min(1) }),
    }),
    'INVENTORY',
  );
  return {
    sku,
    nodes: body.inventories.nodes.map(({ shipNode, inputQty }) => {
      if (!state.shipNodes.includes(shipNode))
        return { shipNode, status: 'Failure', errors: [{ code: 'INVALID_SHIPNODE.GMP_INVENTORY_API', description: 'Invalid ship node' }] };
      setFigure(item, shipNode, inputQty.amount);
      return { shipNode, status: 'Success' };
    }),
  };
}

/** GET /v3/inventories: all items in pages of at most 50, with a cursor that is a new one each time. */
export function allInventories(state: WalmartState, asked: Asked) {
  needKnown(asked, ['limit', 'nextCursor'], 'INVENTORY');
  const limit = limitOf(asked.query.get('limit'), 50, 10, 'INVENTORY');
  const cursor = asked.query.get('nextCursor');
  const at = cursor === null ? 0 : Number(Buffer.from(cursor, 'base64').toString().split(' ')[1]);
  if (!Number.isSafeInteger(at)) throw invalid('Invalid nextCursor', 'INVENTORY');
  const items = [...state.items.values()];
  if (items.length === 0) throw absent('No inventory found', 'INVENTORY');
  const next = Buffer.from(`${nextNumber(state, 'cursor')} ${at + limit}`).toString('base64');
  return {
    meta: { totalCount: items.length, ...(at + limit < items.length ? { nextCursor: next } : {}) },
    elements: { inventories: items.slice(at, at + limit).map(itemView) },
  };
}

const nodeFeedSchema = z.strictObject({
  inventoryHeader: z.strictObject({ version: z.literal('1.5') }),
  inventory: z
    .array(z.strictObject({ sku: z.string(), shipNodes: z.array(z.strictObject({ shipNode: z.string(), quantity })).min(1) }))
    .min(1),
});
const plainFeedSchema = z.strictObject({
  InventoryHeader: z.strictObject({ version: z.literal('1.4') }),
  Inventory: z.array(z.strictObject({ sku: z.string(), quantity })).min(1),
});

/** POST /v3/feeds: a form with a file. What is in it happens some time later, item by item. */
export async function postFeed(state: WalmartState, asked: Asked): Promise<{ readonly feedId: string }> {
  needKnown(asked, ['feedType', 'shipNode'], 'FEEDS');
  const type = asked.query.get('feedType') ?? '';
  const text = await fileOf(asked);
  const defaultNode = asked.query.get('shipNode') ?? state.shipNodes[0] ?? '';
  const items =
    type === 'MP_INVENTORY'
      ? parsed(text, nodeFeedSchema, 'FEEDS').inventory.map(({ sku, shipNodes }) => ({
          sku,
          nodes: shipNodes.map(({ shipNode, quantity: { amount } }) => ({ shipNode, amount })),
        }))
      : parsed(text, type === 'inventory' ? plainFeedSchema : z.never(), 'FEEDS').Inventory.map(({ sku, quantity: { amount } }) => ({
          sku,
          nodes: [{ shipNode: defaultNode, amount }],
        }));
  const id = `F129C19240844B97A3C6AD8F1A2C${String(nextNumber(state, 'feed')).padStart(4, '0')}@AU8BAQA`;
  const at = nowMs(state);
  state.feeds.set(id, { id, type, at, doneAt: at + state.feedMs, items, outcomes: new Map(), done: false });
  return { feedId: id };
}

async function fileOf(asked: Asked): Promise<string> {
  const type = asked.headers.get('content-type') ?? '';
  if (!type.startsWith('multipart/form-data')) throw invalid('A feed is sent as multipart/form-data', 'FEEDS');
  try {
    const file = (await new Response(asked.text, { headers: { 'content-type': type } }).formData()).get('file');
    if (file === null) throw invalid('There is no file', 'FEEDS');
    return typeof file === 'string' ? file : await file.text();
  } catch {
    throw invalid('The form cannot be read', 'FEEDS');
  }
}

/** GET /v3/feeds/{id}: its state, and with details what became of each item. */
export function feedState(state: WalmartState, asked: Asked, id: string) {
  needKnown(asked, ['includeDetails', 'offset', 'limit'], 'FEEDS');
  const feed = state.feeds.get(id);
  if (feed === undefined) throw absent('No such feed', 'FEEDS');
  settleFeeds(state);
  const offset = Number(asked.query.get('offset') ?? 0);
  const limit = limitOf(asked.query.get('limit'), 50, 50, 'FEEDS');
  const failed = [...feed.outcomes.values()].filter((error) => error !== null).length;
  const details = feed.items.slice(offset, offset + limit).map(({ sku }, nth) => ({
    martId: 0,
    sku,
    index: offset + nth,
    ...outcomeView(feed, sku),
  }));
  return {
    feedId: id,
    feedStatus: feed.done ? 'PROCESSED' : nowMs(state) === feed.at ? 'RECEIVED' : 'INPROGRESS',
    itemsReceived: feed.items.length,
    itemsSucceeded: feed.done ? feed.items.length - failed : 0,
    itemsFailed: failed,
    itemsProcessing: feed.done ? 0 : feed.items.length,
    offset,
    limit,
    ...(asked.query.get('includeDetails') === 'true' ? { itemDetails: { itemIngestionStatus: details } } : {}),
  };
}

function outcomeView(feed: FeedState, sku: string) {
  const error = feed.outcomes.get(sku);
  if (error === undefined) return { ingestionStatus: 'INPROGRESS' };
  if (error === null) return { ingestionStatus: 'SUCCESS' };
  const code = error === 'sku' ? 'ERR_EXT_DATA_0101_SKU_NOT_FOUND' : 'INVALID_SHIPNODE';
  const description = error === 'sku' ? 'SKU not found in the seller catalog' : 'Invalid ship node';
  return { ingestionStatus: 'DATA_ERROR', ingestionErrors: { ingestionError: [{ type: 'DATA_ERROR', code, description }] } };
}

/** Carries out the feeds whose time has come, the earlier one first. */
export function settleFeeds(state: WalmartState): void {
  for (const feed of state.feeds.values()) {
    if (feed.done || nowMs(state) < feed.doneAt) continue;
    feed.done = true;
    for (const { sku, nodes } of feed.items) {
      const item = state.items.get(sku);
      const strange = nodes.some(({ shipNode }) => !state.shipNodes.includes(shipNode));
      feed.outcomes.set(sku, item === undefined ? 'sku' : strange ? 'node' : null);
      if (item !== undefined && !strange) for (const { shipNode, amount } of nodes) setFigure(item, shipNode, amount);
    }
  }
}

function itemOf(state: WalmartState, sku: string): ItemState {
  settleFeeds(state);
  const found = state.items.get(sku);
  if (found === undefined) throw absent('Requested content could not be found: SKU', 'INVENTORY');
  return found;
}

function setFigure(item: ItemState, node: string, amount: number): void {
  item.stock.set(node, { input: amount, reserved: item.stock.get(node)?.reserved ?? 0 });
}

function itemView({ sku, stock }: ItemState) {
  const figure = (amount: number) => ({ unit: 'EACH', amount });
  return {
    sku,
    nodes: [...stock].map(([shipNode, { input, reserved }]) => ({
      shipNode,
      inputQty: figure(input),
      availToSellQty: figure(Math.max(0, input - reserved)),
      reservedQty: figure(reserved),
    })),
  };
}
