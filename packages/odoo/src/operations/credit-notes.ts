import { moneyFromDecimal } from '@quartermaster/domain';
import { z } from 'zod';
import { odooFault } from '../client/exceptions.ts';
import type { Decimal } from '../models/types.ts';
import { nestedTable, type Table } from '../session/import-table.ts';
import type { Session } from '../session/session.ts';
import { claim } from './claim.ts';
import { documentXid } from './documents.ts';
import { post, readInvoice, readInvoices, type Invoice, type InvoiceLine } from './invoice.ts';
import { operation } from './operation.ts';
import { creditEffect } from './rebilling.ts';
import { needing, rights } from './rights.ts';

/** What is credited of an invoice line: units, or an amount in the terms of the line's unit price (a discount is not applied to it). */
export type CreditLine = { readonly line: number; readonly quantity: number } | { readonly line: number; readonly amount: Decimal };

export type Credit = {
  /** The same for every attempt: one credit note per key. */
  readonly key: string;
  /** The posted invoice. */
  readonly invoice: number;
  readonly reason: string;
  /** Default today. */
  readonly date?: string;
  readonly lines: 'all' | readonly CreditLine[];
  /** `lower` (default) takes credited units off the order, so that they are not billed again; `rebill` leaves the order to be invoiced anew. */
  readonly order?: 'lower' | 'rebill';
};

/** Credit notes of customer invoices. */
export const creditNotes = {
  /**
   * Credits an invoice wholly, by units of its lines, or by amounts, and posts the credit note. Units leave the order too, so that the next invoice does not bill them again; an amount
   * touches no order. The draft is one import with its external id. Throws `refused` when more is credited than was invoiced, or when units are credited that the customer still has:
   * take them back first, or credit an amount.
   */
  create: needing(
    rights.invoicing,
    operation('creditNotes.create', 'claim', async (session, given: Credit): Promise<Invoice> => {
      const invoice = await readInvoice(session, given.invoice, name);
      const { id: draft } = await claim(session, 'account.move', documentXid('credit-note', given.key), () =>
        creditTable(session, invoice, given),
      );
      const credit = await readInvoice(session, draft, name);
      if (credit.state === 'posted') return credit;
      await demandNotTooMuch(session, invoice, credit);
      if (given.order !== 'rebill') await lowerOrders(session, credit);
      return post(session, draft, given.date, name);
    }),
  ),
};

const name = 'creditNotes.create';

async function creditTable(session: Session, invoice: Invoice, given: Credit): Promise<Table> {
  if (invoice.kind !== 'invoice' || invoice.state !== 'posted') {
    throw odooFault('refused', name, `${invoice.id} is no posted invoice but a ${invoice.state} ${invoice.kind}`, {
      advice: 'Only what is posted is credited.',
    });
  }
  const wanted = given.lines === 'all' ? invoice.lines.map(({ id, quantity }) => ({ line: id, quantity })) : given.lines;
  const lines = wanted.map((each) => ({ each, line: lineOf(invoice, each) }));
  if (given.order !== 'rebill') await demandNotKept(session, lines);
  const [[move], accounts] = await Promise.all([
    session.client.searchRead('account.move', { domain: [['id', '=', invoice.id]], fields: ['journal_id', 'partner_id'] }, moveSchema),
    session.client.searchRead(
      'account.move.line',
      { domain: [['id', 'in', wanted.map(({ line }) => line)]], fields: ['account_id', 'product_uom_id'] },
      accountSchema,
    ),
  ]);
  if (move === undefined) throw odooFault('not-found', name, `there is no invoice ${invoice.id}`);
  const cells = {
    id: documentXid('credit-note', given.key),
    move_type: 'out_refund',
    'reversed_entry_id/.id': String(invoice.id),
    'partner_id/.id': String(move.partner_id),
    'journal_id/.id': String(move.journal_id),
    'currency_id/.id': String(invoice.currency),
    invoice_date: given.date ?? session.clock.now().slice(0, 10),
    ref: `Reversal of: ${invoice.number ?? ''}, ${given.reason}`,
    invoice_origin: invoice.origin ?? '',
  };
  const nested = lines.map(({ each, line }, index) => {
    const account = accounts.find((row) => row.id === line.id);
    return {
      'invoice_line_ids/id': documentXid('credit-note', given.key, `line ${index}`),
      'invoice_line_ids/product_id/.id': line.product === null ? '' : String(line.product),
      'invoice_line_ids/name': line.label ?? '',
      'invoice_line_ids/quantity': 'quantity' in each ? String(each.quantity) : '1',
      'invoice_line_ids/product_uom_id/.id':
        account === undefined || account.product_uom_id === false ? '' : String(account.product_uom_id),
      'invoice_line_ids/price_unit': 'quantity' in each ? String(line.unitPrice) : each.amount,
      'invoice_line_ids/discount': 'quantity' in each ? String(line.discount) : '0',
      'invoice_line_ids/tax_ids/.id': line.taxes.join(','),
      'invoice_line_ids/account_id/.id': account === undefined ? '' : String(account.account_id),
      // An amount is no unit of the order: without this tie the order knows nothing of it and bills nothing again.
      'invoice_line_ids/sale_line_ids/.id': 'quantity' in each ? line.orderLines.join(',') : '',
    };
  });
  return nestedTable(cells, nested);
}

function lineOf(invoice: Invoice, each: CreditLine): InvoiceLine {
  const line = invoice.lines.find(({ id }) => id === each.line);
  const wrong = (message: string) => odooFault('refused', name, message, { advice: 'Credit at most what the invoice says.' });
  if (line === undefined) throw wrong(`line ${each.line} is none of invoice ${invoice.id}`);
  if ('quantity' in each && !(each.quantity > 0 && each.quantity <= line.quantity)) {
    throw wrong(`${each.quantity} of line ${line.id} cannot be credited, it has ${line.quantity}`);
  }
  if ('amount' in each && !(Number(each.amount) > 0)) throw wrong(`an amount to credit is above 0, not ${each.amount}`);
  return line;
}

/** Before the draft is there: would its units be due again? */
async function demandNotKept(session: Session, lines: readonly { readonly each: CreditLine; readonly line: InvoiceLine }[]): Promise<void> {
  const units = new Map<number, number>();
  for (const { each, line } of lines)
    if ('quantity' in each) for (const id of line.orderLines) units.set(id, (units.get(id) ?? 0) + each.quantity);
  for (const line of await readOrderLines(session, [...units.keys()])) {
    if (line.state !== 'sale') continue;
    if (line.toInvoice > 0) {
      throw odooFault('refused', name, `order line ${line.id} has ${line.toInvoice} still to invoice`, {
        advice: 'Invoice that first, then credit.',
      });
    }
    const effect = creditEffect({ ...line, toInvoice: line.toInvoice + (units.get(line.id) ?? 0) }, line.policy);
    if (effect.kind === 'kept') throw kept(line.id, effect.missing);
    if (effect.kind === 'lower' && line.locked) {
      throw odooFault('refused', name, `the order of line ${line.id} is locked, so the credited units would be billed again`, {
        advice: 'Unlock the order first.',
      });
    }
  }
}

/** With the draft there, what it credits is to be invoiced again; takes that off the orders. A repeat finds nothing to take off. */
async function lowerOrders(session: Session, credit: Invoice): Promise<void> {
  for (const line of await readOrderLines(session, [...new Set(credit.lines.flatMap((each) => each.orderLines))])) {
    const effect: ReturnType<typeof creditEffect> = line.state === 'sale' ? creditEffect(line, line.policy) : { kind: 'nothing' };
    if (effect.kind === 'kept') throw kept(line.id, effect.missing);
    if (effect.kind === 'lower') await session.odoo.write('sale.order.line', [line.id], { product_uom_qty: effect.ordered });
  }
}

function kept(line: number, missing: number): Error {
  return odooFault('refused', name, `${missing} of order line ${line} are delivered and would be billed again`, {
    advice: 'Take them back by a return first, or credit an amount instead of units.',
  });
}

/** Together the credit notes of an invoice may not exceed it. The draft is deleted, so that the key can be used anew. */
async function demandNotTooMuch(session: Session, invoice: Invoice, draft: Invoice): Promise<void> {
  const notes = await session.odoo.searchRead(
    'account.move',
    [
      ['reversed_entry_id', '=', invoice.id],
      ['state', '!=', 'cancel'],
    ],
    ['amount_total'],
  );
  const [currency] = await session.odoo.read('res.currency', [invoice.currency], ['name']);
  const minor = (amount: Decimal) => moneyFromDecimal(amount, currency?.name ?? session.client.company.currency).minor;
  const sum = notes.reduce((total, note) => total + minor(note.amount_total), 0);
  const others = await readInvoices(
    session,
    notes.map((note) => note.id),
  );
  const tooMany = invoice.lines.find((line) => {
    const credited = others.flatMap((note) => note.lines).filter((each) => each.orderLines.some((id) => line.orderLines.includes(id)));
    const sold = invoice.lines.filter((each) => each.orderLines.some((id) => line.orderLines.includes(id)));
    return credited.reduce((total, each) => total + each.quantity, 0) > sold.reduce((total, each) => total + each.quantity, 0);
  });
  if (sum <= minor(invoice.total) && tooMany === undefined) return;
  await session.odoo.unlink('account.move', [draft.id]);
  throw odooFault('refused', name, `the credit notes of invoice ${invoice.id} would exceed it`, {
    advice: 'Credit at most what is left of it.',
  });
}

type OrderLine = {
  readonly id: number;
  readonly state: string;
  readonly locked: boolean;
  readonly policy: 'order' | 'delivery';
  readonly ordered: number;
  readonly delivered: number;
  readonly toInvoice: number;
};

async function readOrderLines(session: Session, ids: readonly number[]): Promise<OrderLine[]> {
  if (ids.length === 0) return [];
  const { client, odoo } = session;
  const lines = await odoo.read('sale.order.line', ids, [
    'order_id',
    'state',
    'product_id',
    'product_uom_qty',
    'qty_delivered',
    'qty_to_invoice',
  ]);
  const orders = await odoo.read(
    'sale.order',
    lines.map((line) => line.order_id),
    ['locked'],
  );
  const products = await client.searchRead(
    'product.product',
    { domain: [['id', 'in', lines.flatMap((line) => line.product_id ?? [])]], fields: ['invoice_policy'], archived: true },
    z.object({ id: z.int(), invoice_policy: z.union([z.string(), z.literal(false)]) }),
  );
  return lines.map((line) => ({
    id: line.id,
    state: line.state ?? '',
    locked: orders.find((order) => order.id === line.order_id)?.locked ?? false,
    policy: products.find((product) => product.id === line.product_id)?.invoice_policy === 'delivery' ? 'delivery' : 'order',
    ordered: line.product_uom_qty,
    delivered: line.qty_delivered,
    toInvoice: line.qty_to_invoice,
  }));
}

const moveSchema = z.object({ id: z.int(), journal_id: z.int(), partner_id: z.int() });
const accountSchema = z.object({ id: z.int(), account_id: z.int(), product_uom_id: z.union([z.int(), z.literal(false)]) });
