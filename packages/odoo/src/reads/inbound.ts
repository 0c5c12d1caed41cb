import type { Instant, NodeId } from '@quartermaster/domain';
import { z } from 'zod';
import { instantFromOdoo } from '../models/values.ts';
import type { Node } from '../session/layout.ts';
import type { Session } from '../session/session.ts';

/** Units that are expected at a node from outside of it. */
export type Inbound = {
  readonly product: number;
  readonly node: NodeId;
  readonly units: number;
  /** Of these, what has left another place of ours: it lies in transit, or is set aside at the other warehouse for the transfer. */
  readonly inTransit: number;
  /** When Odoo has it scheduled; late goods have a date in the past. */
  readonly expectedAt: Instant;
  /** When it was promised, where it was. */
  readonly deadline: Instant | null;
  readonly source: 'purchase' | 'transfer' | 'return' | 'production' | 'other';
};

const reference = z.union([z.int(), z.literal(false)]).transform((value) => (value === false ? null : value));
const moveSchema = z.object({
  id: z.int(),
  product_id: z.int(),
  /** Demand in the product's own unit. */
  product_qty: z.number(),
  /** Demand, and what is set aside of it, in the unit of the move. */
  product_uom_qty: z.number(),
  quantity: z.number(),
  date: z.string(),
  date_deadline: z.union([z.string(), z.literal(false)]),
  location_id: z.int(),
  location_dest_id: z.int(),
  origin_returned_move_id: reference,
  purchase_line_id: reference.optional(),
});
type Move = z.infer<typeof moveSchema>;

/**
 * Moves into the warehouses of these nodes that are neither done nor cancelled nor drafts. What moves within a warehouse is not inbound; of a receipt in several steps the first counts.
 * A partly received move is two: one that is done, and one for the rest.
 */
export async function readInbound(
  session: Session,
  nodes: ReadonlyMap<NodeId, Node>,
  products: readonly number[] | null,
): Promise<Inbound[]> {
  const { client } = session;
  const into = [...nodes.values()].flatMap(({ view_location_id: view }, index) => [
    ...(index === 0 ? [] : ['|']),
    '&',
    ['location_dest_id', 'child_of', view],
    '!',
    ['location_id', 'child_of', view],
  ]);
  const open = ['state', 'in', ['waiting', 'confirmed', 'partially_available', 'assigned']];
  const domain = [open, ...(products === null ? [] : [['product_id', 'in', [...products]]]), ...prefixOrs(into)];
  const fields = ['product_id', 'product_qty', 'product_uom_qty', 'quantity', 'date', 'date_deadline', 'location_id', 'location_dest_id'];
  const purchase = await purchaseField(session);
  const moves: Move[] = [];
  for await (const page of client.pages('stock.move', { domain, fields: [...fields, 'origin_returned_move_id', ...purchase] }, moveSchema))
    moves.push(...page);
  if (moves.length === 0) return [];
  const locations = await readLocations(session, [...new Set(moves.flatMap((move) => [move.location_id, move.location_dest_id]))]);
  const nodeOfView = new Map([...nodes].map(([id, node]) => [node.view_location_id, id]));
  return moves.flatMap((move) => inboundOf(move, locations, nodeOfView));
}

/** All the ors first, as the prefix form wants them: `| | a b c`. */
function prefixOrs<Term>(terms: readonly Term[]): Term[] {
  return [...terms.filter((term) => term === '|'), ...terms.filter((term) => term !== '|')];
}

export type Location = { readonly usage: string; readonly path: readonly number[] };

export async function readLocations({ client }: Session, ids: readonly number[]): Promise<ReadonlyMap<number, Location>> {
  if (ids.length === 0) return new Map();
  const row = z.object({ id: z.int(), usage: z.string(), parent_path: z.union([z.string(), z.literal(false)]) });
  const query = { domain: [['id', 'in', [...ids]]], fields: ['usage', 'parent_path'], archived: true };
  const rows = await client.searchRead('stock.location', query, row);
  return new Map(
    rows.map(({ id, usage, parent_path: path }) => [
      id,
      {
        usage,
        path: (path === false ? '' : path)
          .split('/')
          .filter((part) => part !== '')
          .map(Number),
      },
    ]),
  );
}

/** The node in whose warehouse a location lies; the innermost one. */
export function nodeAt(
  locations: ReadonlyMap<number, Location>,
  nodeOfView: ReadonlyMap<number, NodeId>,
  location: number,
): NodeId | undefined {
  return locations
    .get(location)
    ?.path.map((id) => nodeOfView.get(id))
    .findLast((each) => each !== undefined);
}

function inboundOf(move: Move, locations: ReadonlyMap<number, Location>, nodeOfView: ReadonlyMap<number, NodeId>): Inbound[] {
  const from = locations.get(move.location_id);
  const node = nodeAt(locations, nodeOfView, move.location_dest_id);
  if (node === undefined || from === undefined) return [];
  const ours = from.usage === 'transit' || from.usage === 'internal';
  const inItsUnit = move.product_uom_qty === 0 ? 1 : move.product_qty / move.product_uom_qty;
  return [
    {
      product: move.product_id,
      node,
      units: move.product_qty,
      inTransit: ours ? Math.min(move.quantity * inItsUnit, move.product_qty) : 0,
      expectedAt: instantFromOdoo(move.date),
      deadline: move.date_deadline === false ? null : instantFromOdoo(move.date_deadline),
      source: sourceOf(move, from.usage),
    },
  ];
}

function sourceOf(move: Move, usage: string): Inbound['source'] {
  if (move.origin_returned_move_id !== null || usage === 'customer') return 'return';
  if (move.purchase_line_id != null) return 'purchase';
  if (usage === 'internal' || usage === 'transit') return 'transfer';
  return usage === 'production' ? 'production' : 'other';
}

/** The field of moves that leads to a purchase order line; none where the app for purchases is not installed. */
export async function purchaseField({ client }: Session): Promise<string[]> {
  const known = purchasing.get(client) ?? [...(await client.knownFields('stock.move', ['purchase_line_id']))];
  purchasing.set(client, known);
  return known;
}

/** By connection: the field that leads to a purchase order, where the app for them is installed. */
const purchasing = new WeakMap<object, string[]>();
