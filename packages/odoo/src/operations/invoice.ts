import type { Decimal } from '../models/types.ts';
import { odooFault } from '../client/exceptions.ts';
import type { Session } from '../session/session.ts';

/** An invoice, a credit note or a vendor bill as it stands. Amounts are in its own currency. */
export type Invoice = {
  readonly id: number;
  readonly kind: 'invoice' | 'credit-note' | 'bill' | 'vendor-credit-note' | 'other';
  /** Null while it is a draft: what Odoo shows then differs by version (`/`, a number to come, nothing). */
  readonly number: string | null;
  readonly state: string;
  /** `not_paid`, `partial`, `in_payment` (paid, but the bank has not confirmed it), `paid`, `reversed`. */
  readonly paymentState: string;
  /** Calendar date such as `2026-11-21`; null while nobody set one, then posting sets today's. */
  readonly date: string | null;
  readonly due: string | null;
  readonly partner: number | null;
  readonly currency: number;
  readonly untaxed: Decimal;
  readonly tax: Decimal;
  readonly total: Decimal;
  /** What is still to be paid. */
  readonly residual: Decimal;
  readonly reference: string | null;
  readonly origin: string | null;
  /** Id of the invoice that a credit note reverses. */
  readonly reverses: number | null;
  readonly lines: readonly InvoiceLine[];
};

export type InvoiceLine = {
  readonly id: number;
  readonly product: number | null;
  readonly label: string | null;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly discount: number;
  readonly untaxed: Decimal;
  readonly total: Decimal;
  readonly taxes: readonly number[];
  /** Lines of sales orders that it invoices. */
  readonly orderLines: readonly number[];
};

const kinds: Readonly<Record<string, Invoice['kind']>> = {
  out_invoice: 'invoice',
  out_refund: 'credit-note',
  in_invoice: 'bill',
  in_refund: 'vendor-credit-note',
};

/** Invoices by id, ascending; those that are not there are left out. */
export async function readInvoices({ odoo }: Session, ids: readonly number[]): Promise<Invoice[]> {
  if (ids.length === 0) return [];
  const moves = await odoo.read('account.move', ids, [
    'move_type',
    'name',
    'state',
    'payment_state',
    'invoice_date',
    'invoice_date_due',
    'partner_id',
    'currency_id',
    'amount_untaxed',
    'amount_tax',
    'amount_total',
    'amount_residual',
    'ref',
    'invoice_origin',
    'reversed_entry_id',
  ]);
  const lines = await odoo.searchRead(
    'account.move.line',
    [
      ['move_id', 'in', moves.map((move) => move.id)],
      ['display_type', '=', 'product'],
    ],
    ['move_id', 'product_id', 'name', 'quantity', 'price_unit', 'discount', 'price_subtotal', 'price_total', 'tax_ids', 'sale_line_ids'],
  );
  return moves.map((move) => ({
    id: move.id,
    kind: kinds[move.move_type] ?? 'other',
    number: move.state === 'draft' ? null : move.name,
    state: move.state,
    paymentState: move.payment_state ?? 'not_paid',
    date: move.invoice_date,
    due: move.invoice_date_due,
    partner: move.partner_id,
    currency: move.currency_id,
    untaxed: move.amount_untaxed,
    tax: move.amount_tax,
    total: move.amount_total,
    residual: move.amount_residual,
    reference: move.ref === '' ? null : move.ref,
    origin: move.invoice_origin,
    reverses: move.reversed_entry_id,
    lines: lines
      .filter((line) => line.move_id === move.id)
      .map((line) => ({
        id: line.id,
        product: line.product_id,
        label: line.name,
        quantity: line.quantity,
        unitPrice: line.price_unit,
        discount: line.discount,
        untaxed: line.price_subtotal,
        total: line.price_total,
        taxes: line.tax_ids,
        orderLines: line.sale_line_ids,
      })),
  }));
}

/** The invoice. Throws `not-found`. */
export async function readInvoice(session: Session, id: number, operation: string): Promise<Invoice> {
  const [invoice] = await readInvoices(session, [id]);
  if (invoice === undefined) throw odooFault('not-found', operation, `there is no invoice ${id}`);
  return invoice;
}

/** Posts a draft and reads it back; one that is posted stays as it is. Odoo answers false when it did it, so only the state counts. */
export async function post(session: Session, id: number, date: string | undefined, operation: string): Promise<Invoice> {
  const { client, odoo } = session;
  const before = await readInvoice(session, id, operation);
  if (before.state === 'posted') return before;
  if (before.state !== 'draft') throw odooFault('refused', operation, `invoice ${id} is ${before.state}`, { advice: cancelledAdvice });
  if (date !== undefined && date !== before.date) await odoo.write('account.move', [id], { invoice_date: date });
  try {
    await client.act('account.move', 'action_post', [id]);
  } catch (error) {
    // Somebody may have posted it meanwhile.
    const now = await readInvoice(session, id, operation);
    if (now.state === 'posted') return now;
    throw error;
  }
  const after = await readInvoice(session, id, operation);
  if (after.state === 'posted') return after;
  throw odooFault('refused', operation, `invoice ${id} is still ${after.state} after posting`, {
    advice: 'Post it in Odoo and see what it asks for.',
  });
}

const cancelledAdvice = 'Set it to draft again in Odoo, or make a new one.';
