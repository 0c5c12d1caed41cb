import { isFault, type Instant } from '@quartermaster/domain';
import { odooFault } from '../client/exceptions.ts';
import type { Decimal } from '../models/types.ts';
import type { Session } from '../session/session.ts';
import { readInvoices, type Invoice } from './invoice.ts';

/** A purchase order as it stands. */
export type Purchase = {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  readonly expected: Instant | null;
  readonly total: Decimal;
  readonly billing: string | null;
  /** Receipts, done and open. */
  readonly receipts: readonly { readonly id: number; readonly state: string }[];
  readonly bills: readonly Invoice[];
  readonly lines: readonly {
    readonly id: number;
    readonly product: number | null;
    readonly ordered: number;
    readonly received: number;
    readonly billed: number;
    readonly unitPrice: number;
    readonly expected: Instant | null;
  }[];
};

/** The purchase order. Throws `not-found`. */
export async function readPurchase(session: Session, id: number, operation: string): Promise<Purchase> {
  const { odoo } = session;
  const [order] = await odoo.read(
    'purchase.order',
    [id],
    ['name', 'state', 'date_planned', 'amount_total', 'invoice_status', 'picking_ids', 'invoice_ids', 'order_line'],
  );
  if (order === undefined) throw odooFault('not-found', operation, `there is no purchase order ${id}`);
  const [lines, receipts, bills] = await Promise.all([
    odoo.read('purchase.order.line', order.order_line, [
      'product_id',
      'product_qty',
      'qty_received',
      'qty_invoiced',
      'price_unit',
      'date_planned',
    ]),
    odoo.read('stock.picking', order.picking_ids, ['state']),
    billsOf(session, order.invoice_ids),
  ]);
  return {
    id,
    name: order.name,
    state: order.state ?? '',
    expected: order.date_planned,
    total: order.amount_total,
    billing: order.invoice_status,
    receipts: receipts.map((receipt) => ({ id: receipt.id, state: receipt.state ?? '' })),
    bills,
    lines: lines.map((line) => ({
      id: line.id,
      product: line.product_id,
      ordered: line.product_qty,
      received: line.qty_received,
      billed: line.qty_invoiced,
      unitPrice: line.price_unit,
      expected: line.date_planned,
    })),
  };
}

/** Bills need a right that a purchaser may not have; without it there are none to see. */
async function billsOf(session: Session, ids: readonly number[]): Promise<readonly Invoice[]> {
  try {
    return await readInvoices(session, ids);
  } catch (error) {
    if (isFault(error) && error.code === 'forbidden') return [];
    throw error;
  }
}
