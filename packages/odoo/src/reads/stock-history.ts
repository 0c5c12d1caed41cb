import {
  compareText,
  type ErpAdjustment,
  type ErpHistory,
  type ErpPast,
  type ErpReceipt,
  type Instant,
  type NodeId,
} from '@quartermaster/domain';
import { z } from 'zod';
import type { Json } from '../client/client.ts';
import { instantFromOdoo, odooTime } from '../models/values.ts';
import { nodeOf } from '../session/layout.ts';
import type { Session } from '../session/session.ts';
import { readSkus } from './catalogue.ts';
import { nodeAt, purchaseField, readLocations } from './inbound.ts';

/** The past of the stock; `withNodes` gives a session that knows these nodes. */
export function stockHistory(withNodes: (nodes: readonly NodeId[]) => Promise<Session>): ErpHistory {
  return {
    adjustments: async (query) => readAdjustments(await withNodes(query.nodes), query),
    receipts: async (query) => readReceipts(await withNodes(query.nodes), query),
  };
}

const moveSchema = z.object({
  id: z.int(),
  product_id: z.int(),
  /** In the product's own unit, as all moves of counts are. */
  quantity: z.number(),
  date: z.string(),
  location_id: z.int(),
  location_dest_id: z.int(),
});

/**
 * Done moves of counts between a warehouse and a place for losses. Odoo books one of 0 units for a count that confirms the books, and marks moves of goods from shelf to shelf as inventory too: those have
 * no such place at either end. Scrapping is not marked.
 */
async function readAdjustments(session: Session, { nodes, since }: ErpPast): Promise<ErpAdjustment[]> {
  if (nodes.length === 0) return [];
  const views = viewsOf(session, nodes);
  const within = (end: string, other: string): Json[] => ['&', [end, 'child_of', [...views.keys()]], [`${other}.usage`, '=', 'inventory']];
  const counted: Json[] = [
    ['is_inventory', '=', true],
    ['state', '=', 'done'],
    ['date', '>=', odooTime(since)],
  ];
  const domain = [...counted, '|', ...within('location_id', 'location_dest_id'), ...within('location_dest_id', 'location_id')];
  const fields = ['product_id', 'quantity', 'date', 'location_id', 'location_dest_id'];
  const moves: z.infer<typeof moveSchema>[] = [];
  for await (const page of session.client.pages('stock.move', { domain, fields }, moveSchema)) moves.push(...page);
  if (moves.length === 0) return [];
  const { skuOf, locations } = await namesOf(session, moves);
  return moves
    .flatMap((move): ErpAdjustment[] => {
      const sku = skuOf.get(move.product_id);
      const [from, to] = [nodeAt(locations, views, move.location_id), nodeAt(locations, views, move.location_dest_id)];
      const node = to ?? from;
      if (sku === undefined || node === undefined) return [];
      return [{ sku, node, at: instantFromOdoo(move.date), units: wholeUnits(to === undefined ? 0 - move.quantity : move.quantity) }];
    })
    .sort(byTime);
}

const reference = z.union([z.int(), z.literal(false)]);
const receiptSchema = z.object({
  id: z.int(),
  product_id: z.int(),
  state: z.string(),
  date: z.string(),
  date_deadline: z.union([z.string(), z.literal(false)]),
  location_id: z.int(),
  location_dest_id: z.int(),
  picking_id: reference,
});

/**
 * Moves of purchase order lines into the warehouses: those that are done since then, and all that are open. Of a receipt in several steps the first counts. The deadline of a move follows the planned date
 * of its order line until it is done, so it is what was promised when it came; the supplier is that of the transfer. So nobody needs a right to purchases for it.
 */
async function readReceipts(session: Session, { nodes, since }: ErpPast): Promise<ErpReceipt[]> {
  if (nodes.length === 0 || (await purchaseField(session)).length === 0) return [];
  const views = viewsOf(session, nodes);
  const domain: Json[] = [
    ['purchase_line_id', '!=', false],
    ['location_dest_id', 'child_of', [...views.keys()]],
    '!',
    ['location_id', 'child_of', [...views.keys()]],
    '|',
    ['state', 'in', ['waiting', 'confirmed', 'partially_available', 'assigned']],
    '&',
    ['state', '=', 'done'],
    ['date', '>=', odooTime(since)],
  ];
  const fields = ['product_id', 'state', 'date', 'date_deadline', 'location_id', 'location_dest_id', 'picking_id'];
  const moves: z.infer<typeof receiptSchema>[] = [];
  for await (const page of session.client.pages('stock.move', { domain, fields }, receiptSchema)) moves.push(...page);
  if (moves.length === 0) return [];
  const { skuOf, locations } = await namesOf(session, moves);
  const suppliers = await suppliersOf(session, [...new Set(moves.flatMap(({ picking_id: id }) => (id === false ? [] : [id])))]);
  return moves
    .flatMap((move): ErpReceipt[] => {
      const sku = skuOf.get(move.product_id);
      const node = nodeAt(locations, views, move.location_dest_id);
      if (sku === undefined || node === undefined || move.date_deadline === false) return [];
      const supplier = move.picking_id === false ? null : (suppliers.get(move.picking_id) ?? null);
      const [promisedAt, at] = [instantFromOdoo(move.date_deadline), instantFromOdoo(move.date)];
      return [{ supplier, sku, node, promisedAt, at, isReceived: move.state === 'done' }];
    })
    .sort(byTime);
}

async function suppliersOf({ client }: Session, pickings: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  if (pickings.length === 0) return found;
  const row = z.object({ id: z.int(), partner_id: reference });
  const query = { domain: [['id', 'in', [...pickings]]], fields: ['partner_id'] };
  for await (const page of client.pages('stock.picking', query, row))
    for (const { id, partner_id: partner } of page) if (partner !== false) found.set(id, String(partner));
  return found;
}

function viewsOf({ layout }: Session, nodes: readonly NodeId[]): ReadonlyMap<number, NodeId> {
  return new Map(nodes.map((id) => [nodeOf(layout, id, 'stock.move.search_read').view_location_id, id]));
}

type Moved = { readonly product_id: number; readonly location_id: number; readonly location_dest_id: number };

/** SKUs and places of moves. A SKU that several products share is nobody's here either. */
async function namesOf(session: Session, moves: readonly Moved[]) {
  const products = await session.odoo.read('product.product', [...new Set(moves.map((move) => move.product_id))], ['default_code']);
  const [{ skuOf }, locations] = await Promise.all([
    readSkus(session, [...new Set(products.flatMap(({ default_code: sku }) => (sku === null ? [] : [sku])))]),
    readLocations(session, [...new Set(moves.flatMap((move) => [move.location_id, move.location_dest_id]))]),
  ]);
  return { skuOf, locations };
}

function byTime(one: { readonly at: Instant }, other: { readonly at: Instant }): number {
  return compareText(one.at, other.at);
}

/** What is missing of a unit is missing, and what is found of one is not there yet. */
function wholeUnits(units: number): number {
  return Math.floor(units + 1e-9);
}
