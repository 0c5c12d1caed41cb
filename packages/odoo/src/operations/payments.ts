import { moneyFromDecimal } from '@quartermaster/domain';
import { z } from 'zod';
import { odooFault } from '../client/exceptions.ts';
import type { Decimal } from '../models/types.ts';
import { tableOf, type Table } from '../session/import-table.ts';
import type { Session } from '../session/session.ts';
import { claim } from './claim.ts';
import { documentXid } from './documents.ts';
import { readInvoice, type Invoice } from './invoice.ts';
import { operation } from './operation.ts';
import { needing, rights } from './rights.ts';

/** A payment as it stands. */
export type Payment = {
  readonly id: number;
  /** Odoo's own word: `draft`, then until Odoo 17 `posted`, from 18 on `in_process` until the bank confirms it and `paid`; `cancel` or `canceled`, `rejected`. */
  readonly state: string;
  /** The same in one word for all versions. */
  readonly stage: 'draft' | 'made' | 'cancelled';
  readonly direction: 'inbound' | 'outbound';
  readonly amount: Decimal;
  readonly currency: number | null;
  readonly partner: number | null;
  readonly journal: number;
  readonly date: string;
  readonly reference: string | null;
  /** Invoices and credit notes that it pays. */
  readonly invoices: readonly number[];
};

export type InvoicePayment = {
  /** The same for every attempt: one payment per key. */
  readonly key: string;
  /** A posted invoice, or a credit note: that is paid back to the customer. */
  readonly invoice: number;
  /** In the invoice's currency; default all that is left to pay. */
  readonly amount?: Decimal;
  /** Id of a bank or cash journal; see `payments.journals`. */
  readonly journal: number;
  /** Default today. */
  readonly date?: string;
  /** What the payment refers to, such as the payment number of the shop. */
  readonly reference?: string;
};

export type FreePayment = {
  readonly key: string;
  /** `inbound` we are paid, `outbound` we pay. */
  readonly direction: 'inbound' | 'outbound';
  readonly party: 'customer' | 'vendor';
  readonly partner: number;
  readonly amount: Decimal;
  /** Default the company's. */
  readonly currency?: number;
  readonly journal: number;
  readonly date?: string;
  readonly reference?: string;
};

/** Payments of invoices, refunds of credit notes, and payments of neither. */
export const payments = {
  /**
   * Pays an invoice, wholly or in part, or pays a credit note back. The payment is an import with its external id, because Odoo's own form pays twice when two ask at once; then it is
   * posted and set off against the invoice, each once. Throws `refused` for more than what is left to pay.
   */
  register: needing(
    rights.invoicing,
    operation('payments.register', 'claim', async (session, given: InvoicePayment): Promise<{ payment: Payment; invoice: Invoice }> => {
      const { id } = await claim(session, 'account.payment', documentXid('payment', given.key), () => invoicePaymentTable(session, given));
      await postPayment(session, id, 'payments.register');
      await setOff(session, id, given.invoice);
      const [payment, invoice] = await Promise.all([readPayment(session, id), readInvoice(session, given.invoice, 'payments.register')]);
      if (payment.invoices.includes(invoice.id)) return { payment, invoice };
      throw odooFault('conflict', 'payments.register', `payment ${id} is made but not set off against invoice ${invoice.id}`, {
        advice: 'Look at the payment in Odoo: the invoice may have been paid by another one meanwhile.',
      });
    }),
  ),
  /** Records a payment that belongs to no invoice, such as a deposit or money given back, and posts it. */
  record: needing(
    rights.invoicing,
    operation('payments.record', 'claim', async (session, given: FreePayment): Promise<Payment> => {
      const table = () => paymentTable(session, { ...given, invoice: null }, 'payments.record');
      const { id } = await claim(session, 'account.payment', documentXid('payment', given.key), table);
      await postPayment(session, id, 'payments.record');
      return readPayment(session, id);
    }),
  ),
  read: needing(
    rights.invoicing,
    operation('payments.read', 'natural', async (session, payment: number): Promise<Payment> => readPayment(session, payment)),
  ),
  /** Journals by which one may pay, of the company that the client works in. */
  journals: operation('payments.journals', 'natural', async ({ odoo, client }, type: 'bank' | 'cash') =>
    odoo.searchRead(
      'account.journal',
      [
        ['type', '=', type],
        ['company_id', '=', client.company.id],
      ],
      ['code', 'name', 'type'],
    ),
  ),
};

async function invoicePaymentTable(session: Session, given: InvoicePayment): Promise<Table> {
  const name = 'payments.register';
  const { client } = session;
  const invoice = await readInvoice(session, given.invoice, name);
  if (invoice.state !== 'posted' || invoice.kind === 'other') {
    throw odooFault('refused', name, `invoice ${invoice.id} is ${invoice.state}, only posted ones are paid`, {
      advice: 'Post the invoice first.',
    });
  }
  const [[move], [currency]] = await Promise.all([
    client.searchRead('account.move', { domain: [['id', '=', invoice.id]], fields: ['commercial_partner_id'] }, partnerSchema),
    session.odoo.read('res.currency', [invoice.currency], ['name']),
  ]);
  const amount = given.amount ?? invoice.residual;
  const minor = (text: Decimal) => moneyFromDecimal(text, currency?.name ?? client.company.currency).minor;
  if (minor(amount) <= 0 || minor(amount) > minor(invoice.residual)) {
    throw odooFault('refused', name, `${amount} cannot be paid on invoice ${invoice.id}, ${invoice.residual} is left to pay`, {
      advice: 'Pay at most what is left; record anything above as a payment of its own.',
    });
  }
  return paymentTable(
    session,
    {
      ...given,
      amount,
      currency: invoice.currency,
      direction: invoice.kind === 'invoice' || invoice.kind === 'vendor-credit-note' ? 'inbound' : 'outbound',
      party: invoice.kind === 'invoice' || invoice.kind === 'credit-note' ? 'customer' : 'vendor',
      partner: move?.commercial_partner_id ?? 0,
    },
    name,
  );
}

async function paymentTable(session: Session, given: FreePayment & { readonly invoice: number | null }, name: string): Promise<Table> {
  const { client, clock, vocabulary } = session;
  if (!(Number(given.amount) > 0)) throw odooFault('refused', name, `${given.amount} is no amount to pay`, { advice: 'Pay more than 0.' });
  const [journal] = await session.odoo.read('account.journal', [given.journal], ['type']);
  if (journal === undefined || !['bank', 'cash', 'credit'].includes(journal.type)) {
    throw odooFault('refused', name, `journal ${given.journal} is none by which one pays`, { advice: 'Choose a bank or cash journal.' });
  }
  // From 18 on a payment by a journal without outstanding account has no entry of its own and is tied to the invoice by this.
  const tied =
    given.invoice !== null && client.version >= 18 && (await client.knownFields('account.payment', ['invoice_ids'])).has('invoice_ids');
  const cells = {
    id: documentXid('payment', given.key),
    payment_type: given.direction,
    partner_type: given.party === 'vendor' ? 'supplier' : 'customer',
    'partner_id/.id': String(given.partner),
    amount: given.amount,
    'journal_id/.id': String(given.journal),
    date: given.date ?? clock.now().slice(0, 10),
    ...(given.currency === undefined ? {} : { 'currency_id/.id': String(given.currency) }),
    ...(given.reference === undefined ? {} : { [vocabulary.paymentReference]: given.reference }),
    ...(tied ? { 'invoice_ids/.id': String(given.invoice) } : {}),
  };
  return tableOf([cells]);
}

async function postPayment(session: Session, id: number, name: string): Promise<void> {
  const before = await readPayment(session, id);
  if (before.stage === 'made') return;
  if (before.stage === 'cancelled')
    throw odooFault('refused', name, `payment ${id} is cancelled`, { advice: 'Use another key for another payment.' });
  await session.client.act('account.payment', 'action_post', [id]);
  const after = await readPayment(session, id);
  if (after.stage !== 'made')
    throw odooFault('refused', name, `payment ${id} is still ${after.state}`, { advice: 'Post it in Odoo and see what it asks for.' });
}

/** Sets the payment's open item off against the invoice. Without an open item it is done already, or the payment has no entry to set off. */
async function setOff(session: Session, payment: number, invoice: number): Promise<void> {
  const { client } = session;
  const [row] = await client.searchRead('account.payment', { domain: [['id', '=', payment]], fields: ['move_id'] }, entrySchema);
  if (row === undefined || row.move_id === false) return;
  const domain = [
    ['move_id', '=', row.move_id],
    ['account_type', 'in', ['asset_receivable', 'liability_payable']],
    ['reconciled', '=', false],
  ];
  const [open] = await client.searchRead('account.move.line', { domain, fields: ['id'] }, z.object({ id: z.int() }));
  if (open === undefined) return;
  const { residual } = await readInvoice(session, invoice, 'payments.register');
  if (Number(residual) === 0) return;
  await client.act('account.move', 'js_assign_outstanding_line', [invoice], { args: { line_id: open.id } });
}

async function readPayment(session: Session, id: number): Promise<Payment> {
  const { client, vocabulary } = session;
  const reference = vocabulary.paymentReference;
  const fields = [
    'state',
    'payment_type',
    'amount',
    'currency_id',
    'partner_id',
    'journal_id',
    'date',
    'reconciled_invoice_ids',
    'reconciled_bill_ids',
    reference,
  ];
  const [[typed], [row]] = await Promise.all([
    session.odoo.read('account.payment', [id], ['amount']),
    client.searchRead('account.payment', { domain: [['id', '=', id]], fields }, paymentSchema),
  ]);
  if (row === undefined || typed === undefined) throw odooFault('not-found', 'payments.read', `there is no payment ${id}`);
  const text = row[reference];
  return {
    id,
    state: row.state,
    stage: row.state === 'draft' ? 'draft' : ['posted', 'in_process', 'paid'].includes(row.state) ? 'made' : 'cancelled',
    direction: row.payment_type,
    amount: typed.amount,
    currency: row.currency_id === false ? null : row.currency_id,
    partner: row.partner_id === false ? null : row.partner_id,
    journal: row.journal_id,
    date: row.date,
    reference: text === undefined || text === false || text === '' ? null : text,
    invoices: [...row.reconciled_invoice_ids, ...row.reconciled_bill_ids],
  };
}

const idOrNone = z.union([z.int(), z.literal(false)]);
const textOrNone = z.union([z.string(), z.literal(false)]).optional();
const partnerSchema = z.object({ id: z.int(), commercial_partner_id: z.int() });
const entrySchema = z.object({ id: z.int(), move_id: idOrNone });
const paymentSchema = z.object({
  id: z.int(),
  state: z.string(),
  payment_type: z.enum(['inbound', 'outbound']),
  currency_id: idOrNone,
  partner_id: idOrNone,
  journal_id: z.int(),
  date: z.string(),
  reconciled_invoice_ids: z.array(z.int()),
  reconciled_bill_ids: z.array(z.int()),
  ref: textOrNone,
  memo: textOrNone,
});
