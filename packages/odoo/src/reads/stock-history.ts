import type { ErpAdjustment, ErpHistory, ErpPast, NodeId } from '@quartermaster/domain';
import { z } from 'zod';
import type { Json } from '../client/client.ts';
import { instantFromOdoo, odooTime } from '../models/values.ts';
import { nodeOf } from '../session/layout.ts';
import type { Session } from '../session/session.ts';
import { wholeCatalogue } from './catalogue.ts';
import { nodeAt, readLocations } from './inbound.ts';

/** The past of the stock; `withNodes` gives a session that knows these nodes. */
export function stockHistory(withNodes: (nodes: readonly NodeId[]) => Promise<Session>): ErpHistory {
  return { adjustments: async (query) => readAdjustments(await withNodes(query.nodes), query) };
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
  const views = new Map(nodes.map((id) => [nodeOf(session.layout, id, 'stock.move.search_read').view_location_id, id]));
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
  const [{ skuOf }, locations] = await Promise.all([
    wholeCatalogue(session),
    readLocations(session, [...new Set(moves.flatMap((move) => [move.location_id, move.location_dest_id]))]),
  ]);
  return moves
    .flatMap((move): ErpAdjustment[] => {
      const sku = skuOf.get(move.product_id);
      const [from, to] = [nodeAt(locations, views, move.location_id), nodeAt(locations, views, move.location_dest_id)];
      const node = to ?? from;
      if (sku === undefined || node === undefined) return [];
      return [{ sku, node, at: instantFromOdoo(move.date), units: wholeUnits(to === undefined ? 0 - move.quantity : move.quantity) }];
    })
    .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

/** What is missing of a unit is missing, and what is found of one is not there yet. */
function wholeUnits(units: number): number {
  return Math.floor(units + 1e-9);
}
