import { isFault } from '@quartermaster/domain';
import { odooFault } from '../client/exceptions.ts';
import type { Session } from '../session/session.ts';
import { post, readInvoice, readInvoices, type Invoice } from './invoice.ts';
import { operation } from './operation.ts';
import { rebilled, type BillingLine } from './rebilling.ts';
import { needing, rights } from './rights.ts';

export type InvoiceOrder = {
  /** Odoo's id of the sales order. */
  readonly order: number;
  /** Date of the invoice; default the day on which it is posted. */
  readonly date?: string;
  /** True to invoice again what was credited: when a credit note was only to replace a wrong invoice. */
  readonly rebill?: boolean;
};

export type InvoicedOrder = {
  /** Drafts to post, made now or before. */
  readonly drafts: readonly Invoice[];
  /** All invoices and credit notes of the order that are not cancelled, the drafts too. */
  readonly invoices: readonly Invoice[];
  readonly made: 'invoice' | 'nothing';
};

/** Invoices of sales orders, by Odoo's id. */
export const invoices = {
  /**
   * Drafts an invoice of everything that is to be invoiced. It is safe to repeat: a draft that is there is given back, and what is invoiced is not to be invoiced any more (Odoo lets
   * only one of several calls at once have it). Throws `refused` for an order that is not confirmed, and `conflict` when it would bill again what was credited.
   */
  create: needing(
    rights.invoicing,
    operation('invoices.create', 'natural', async (session, given: InvoiceOrder): Promise<InvoicedOrder> => {
      const before = await readBilling(session, given.order);
      if (before.state !== 'sale') {
        throw odooFault('refused', 'invoices.create', `order ${given.order} is ${before.state}, only confirmed orders are invoiced`, {
          advice: 'Confirm the order first.',
        });
      }
      const drafts = before.invoices.filter((invoice) => invoice.state === 'draft');
      if (drafts.some((draft) => draft.kind === 'credit-note')) {
        throw odooFault('conflict', 'invoices.create', `a credit note of order ${given.order} is still a draft`, {
          advice: 'Post or delete the credit note first: until then Odoo takes what it credits for not invoiced.',
        });
      }
      if (drafts.length > 0) return dated(session, given, 'nothing');
      if (!before.lines.some((line) => line.toInvoice > 0)) return { drafts: [], invoices: before.invoices, made: 'nothing' };
      const again = given.rebill === true ? [] : before.lines.filter(rebilled);
      if (again.length > 0) {
        throw odooFault(
          'conflict',
          'invoices.create',
          `order lines ${again.map((line) => line.id).join(', ')} were credited and would be billed again`,
          {
            advice: 'Lower the ordered quantity of these lines, or ask for it with `rebill`.',
          },
        );
      }
      await runWizard(session, given.order);
      return dated(session, given, 'invoice');
    }),
  ),
  /** Posts a draft, with its date when one is given. A posted one stays as it is. */
  post: needing(
    rights.invoicing,
    operation('invoices.post', 'natural', async (session, given: { readonly invoice: number; readonly date?: string }): Promise<Invoice> =>
      post(session, given.invoice, given.date, 'invoices.post'),
    ),
  ),
  /** An invoice as it stands. */
  read: operation('invoices.read', 'natural', async (session, invoice: number): Promise<Invoice> =>
    readInvoice(session, invoice, 'invoices.read'),
  ),
  /** Invoices and credit notes of an order that are not cancelled. A credit note of an amount is not among them: it is found by the invoice that it reverses. */
  ofOrder: operation(
    'invoices.ofOrder',
    'natural',
    async (session, order: number): Promise<readonly Invoice[]> => (await readBilling(session, order)).invoices,
  ),
};

async function runWizard(session: Session, order: number): Promise<void> {
  const { client, odoo } = session;
  // Lines that are invoiced beyond what was ordered stay out, else Odoo sets them off against the others.
  const values = { advance_payment_method: 'delivered', sale_order_ids: [odoo.command.set([order])] } as const;
  const wizard = await odoo.create('sale.advance.payment.inv', [values], { also: { deduct_down_payments: false } });
  try {
    await client.act('sale.advance.payment.inv', 'create_invoices', wizard);
  } catch (error) {
    // Of two calls at once Odoo gives one the goods; the other one hears that there are none.
    const now = isFault(error) && error.code === 'refused' ? await readBilling(session, order) : null;
    if (now === null || !now.invoices.some((invoice) => invoice.state === 'draft')) throw error;
  }
}

/** The order's drafts, with their date set where it was not. */
async function dated(session: Session, { order, date }: InvoiceOrder, made: InvoicedOrder['made']): Promise<InvoicedOrder> {
  const { invoices } = await readBilling(session, order);
  const drafts = invoices.filter((invoice) => invoice.state === 'draft');
  if (drafts.length === 0) {
    throw odooFault('malformed-reply', 'invoices.create', `Odoo made no invoice of order ${order}`, {
      outcome: 'unknown',
      retry: { kind: 'safely' },
    });
  }
  const undated = drafts.filter((draft) => draft.date === null).map((draft) => draft.id);
  if (date === undefined || undated.length === 0) return { drafts, invoices, made };
  await session.odoo.write('account.move', undated, { invoice_date: date });
  return dated(session, { order }, made);
}

type Billing = { readonly state: string; readonly invoices: readonly Invoice[]; readonly lines: readonly BillingLine[] };

/** What is ordered, invoiced and credited of an order. Throws `not-found`. */
async function readBilling(session: Session, order: number): Promise<Billing> {
  const { odoo } = session;
  const [row] = await odoo.read('sale.order', [order], ['state', 'invoice_ids', 'order_line']);
  if (row === undefined) throw odooFault('not-found', 'sale.order.read', `there is no order ${order}`);
  const all = await readInvoices(session, row.invoice_ids);
  const live = all.filter((invoice) => invoice.state !== 'cancel');
  const lines = await odoo.read('sale.order.line', row.order_line, ['product_uom_qty', 'qty_invoiced', 'qty_to_invoice', 'qty_delivered']);
  const quantityIn = (kind: Invoice['kind'], line: number) =>
    live
      .filter((invoice) => invoice.kind === kind)
      .flatMap((invoice) => invoice.lines)
      .filter((each) => each.orderLines.includes(line))
      .reduce((sum, each) => sum + each.quantity, 0);
  return {
    state: row.state ?? '',
    invoices: live,
    lines: lines.map((line) => ({
      id: line.id,
      ordered: line.product_uom_qty,
      delivered: line.qty_delivered,
      toInvoice: line.qty_to_invoice,
      billed: quantityIn('invoice', line.id),
      credited: quantityIn('credit-note', line.id),
    })),
  };
}
