import { odooFault } from '../client/exceptions.ts';
import { stockTurn } from '../erp/order-turns.ts';
import type { Session } from '../session/session.ts';

/** What an order line shall be of. */
export type QuantityChange = { readonly line: number; readonly quantity: number };
/** An order line as it stands; `waiting` is what its open deliveries still want. */
export type OrderLine = { readonly line: number; readonly quantity: number; readonly delivered: number; readonly waiting: number };

const operation = 'orders.changeQuantity';

/**
 * Changes the quantity of lines, each to an absolute number. On a confirmed order the open deliveries follow: more is delivered besides, less is taken from them, none cancels them. Refuses
 * less than was delivered, and orders that are cancelled or locked.
 */
export async function changeQuantities(session: Session, changes: readonly QuantityChange[]): Promise<OrderLine[]> {
  const { odoo } = session;
  const ids = changes.map((change) => change.line);
  const lines = await odoo.read('sale.order.line', ids, ['order_id', 'product_id', 'product_uom_qty', 'qty_delivered']);
  const orders = await odoo.read('sale.order', [...new Set(lines.map((line) => line.order_id))], ['name', 'state', 'locked']);
  for (const { line, quantity } of changes) {
    const found = lines.find((each) => each.id === line);
    if (found === undefined) throw odooFault('not-found', operation, `there is no order line ${line}`);
    const order = orders.find((each) => each.id === found.order_id);
    if (order?.state === 'cancel' || order?.locked === true)
      throw odooFault('refused', operation, `order ${order.name ?? ''} is ${order.locked ? 'locked' : 'cancelled'}`);
    if (!Number.isInteger(quantity) || quantity < 0)
      throw odooFault('invalid-request', operation, 'a quantity is a whole number, 0 or more');
    if (quantity < found.qty_delivered)
      throw odooFault('refused', operation, `${found.qty_delivered} units of the line were delivered already`, {
        advice: 'Take the goods back by a return first.',
      });
  }
  const products = lines.flatMap((line) => line.product_id ?? []);
  await session.inTurn(await everywhere(session, products), async () => {
    for (const { line, quantity } of changes)
      if (lines.find((each) => each.id === line)?.product_uom_qty !== quantity)
        await odoo.write('sale.order.line', [line], { product_uom_qty: quantity });
  });
  const after = await readLines(session, ids);
  for (const { line, quantity } of changes) {
    const now = after.find((each) => each.line === line);
    if (now?.quantity !== quantity)
      throw odooFault('refused', operation, `line ${line} is of ${now?.quantity ?? 'none'}, not of ${quantity}`, { outcome: 'unknown' });
  }
  return after;
}

/** Turns of products wherever they lie: of an order that somebody else wrote it is not known where it takes from. */
export async function everywhere({ odoo, layout }: Session, products: readonly number[]): Promise<string[]> {
  const rows = await odoo.read('product.product', products, ['default_code']);
  return rows.flatMap(({ default_code: sku }) => [...layout.nodes.keys()].map((node) => stockTurn(node, sku ?? '')));
}

async function readLines({ odoo }: Session, ids: readonly number[]): Promise<OrderLine[]> {
  const lines = await odoo.read('sale.order.line', ids, ['product_uom_qty', 'qty_delivered']);
  const moves = await odoo.searchRead(
    'stock.move',
    [
      ['sale_line_id', 'in', ids],
      ['state', 'not in', ['done', 'cancel']],
      ['picking_id.picking_type_code', '=', 'outgoing'],
    ],
    ['sale_line_id', 'product_uom_qty'],
  );
  return lines.map((line) => ({
    line: line.id,
    quantity: line.product_uom_qty,
    delivered: line.qty_delivered,
    waiting: moves.filter((move) => move.sale_line_id === line.id).reduce((sum, move) => sum + move.product_uom_qty, 0),
  }));
}
