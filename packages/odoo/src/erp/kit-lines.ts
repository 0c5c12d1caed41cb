import type { ErpDeliveryLine } from '@quartermaster/domain';
import { explodeKits, hair } from '../reads/kits.ts';
import { readKitBook } from '../reads/read-kits.ts';
import type { Session } from '../session/session.ts';
import type { MoveRow, OrderRow, PickingRow } from './wire.ts';

/** A line that is delivered as its parts: what one unit of the line takes of each product. */
export type KitLine = { readonly sku: string; readonly parts: ReadonlyMap<number, number> };

/** Lines that are kits, by Odoo's id of the order line. */
export type KitLines = ReadonlyMap<number, KitLine>;

/**
 * The kits among the lines of orders. What one takes is read off its own moves, which stays right when the bill of materials is changed later. Only where moves were cancelled that is
 * ambiguous (dropped for good, or made anew), and the bill of materials is asked.
 */
export async function readKitLines(session: Session, rows: readonly OrderRow[]): Promise<KitLines> {
  const found = kitLines(rows, new Map());
  if (![...found.keys()].some((line) => movesOf(rows, line).some((move) => move.state === 'cancel'))) return found;
  const book = await readKitBook(session);
  return book === null ? found : kitLines(rows, explodeKits(book));
}

/** The same of what was read; `recipes` are the components of products that are kits now. */
export function kitLines(rows: readonly OrderRow[], recipes: ReadonlyMap<number, ReadonlyMap<number, number>>): KitLines {
  const found = new Map<number, KitLine>();
  for (const { id, product_id: product, product_uom_qty: units } of rows.flatMap((row) => row.order_line)) {
    const moves = movesOf(rows, id);
    if (product === null || units <= 0 || moves.length === 0 || moves.some((move) => move.product_id.id === product.id)) continue;
    const perUnit = new Map<number, number>();
    for (const move of moves) perUnit.set(move.product_id.id, (perUnit.get(move.product_id.id) ?? 0) + move.product_uom_qty / units);
    const times = timesMade(perUnit, recipes.get(product.id));
    found.set(id, { sku: product.default_code, parts: new Map([...perUnit].map(([part, needed]) => [part, needed / times])) });
  }
  return found;
}

/** How often the moves of a line were made: twice after it was cancelled and confirmed again. */
function timesMade(perUnit: ReadonlyMap<number, number>, recipe: ReadonlyMap<number, number> | undefined): number {
  for (const [part, needed] of recipe ?? []) {
    const moved = perUnit.get(part);
    if (moved !== undefined && moved > 0) return moved / needed;
  }
  return 1;
}

function movesOf(rows: readonly OrderRow[], line: number): MoveRow[] {
  return outgoing(rows).flatMap((picking) => picking.move_ids.filter((move) => move.sale_line_id === line));
}

function outgoing(rows: readonly OrderRow[]): PickingRow[] {
  return rows.flatMap((row) => row.picking_ids).filter((picking) => picking.picking_type_id.code === 'outgoing');
}

/** Lines of kits in a delivery, by order line. */
export type KitUnits = ReadonlyMap<number, Pick<ErpDeliveryLine, 'demand' | 'reserved'>>;

/**
 * Whole kits in each delivery, by its id. A kit counts in the delivery that completes it: where its parts went out one after the other, in the last. A cancelled delivery counts for
 * itself.
 */
export function kitsInDeliveries(rows: readonly OrderRow[], kits: KitLines): ReadonlyMap<number, KitUnits> {
  const inDeliveries = new Map<number, Map<number, Pick<ErpDeliveryLine, 'demand' | 'reserved'>>>();
  const pickings = outgoing(rows).sort((a, b) => Number(b.state === 'done') - Number(a.state === 'done') || a.id - b.id);
  for (const [line, { parts }] of kits) {
    const soFar = { demand: new Map<number, number>(), reserved: new Map<number, number>() };
    const before = { demand: 0, reserved: 0 };
    for (const picking of pickings) {
      const cancelled = picking.state === 'cancel';
      const moves = picking.move_ids.filter((move) => move.sale_line_id === line && (cancelled || move.state !== 'cancel'));
      if (moves.length === 0) continue;
      const sums = cancelled ? { demand: new Map<number, number>(), reserved: new Map<number, number>() } : soFar;
      for (const move of moves) {
        add(sums.demand, move.product_id.id, move.product_uom_qty);
        add(sums.reserved, move.product_id.id, move.quantity);
      }
      const now = { demand: complete(parts, sums.demand), reserved: complete(parts, sums.reserved) };
      const units = cancelled ? now : { demand: now.demand - before.demand, reserved: now.reserved - before.reserved };
      if (!cancelled) Object.assign(before, now);
      inDeliveries.set(picking.id, (inDeliveries.get(picking.id) ?? new Map()).set(line, units));
    }
  }
  return inDeliveries;
}

function add(sums: Map<number, number>, part: number, units: number): void {
  sums.set(part, (sums.get(part) ?? 0) + units);
}

function complete(parts: ReadonlyMap<number, number>, units: ReadonlyMap<number, number>): number {
  return Math.min(...[...parts].map(([part, needed]) => Math.floor((units.get(part) ?? 0) / needed + hair)));
}
