import { formatMoney, isFault, sameMoney, type ErpOrder, type ErpOrderDraft, type Money, type Sku } from '@quartermaster/domain';
import { z } from 'zod';
import { odooFault } from '../client/exceptions.ts';
import { orderXid } from '../session/external-id.ts';
import { readGeography } from './geography.ts';
import { firstId, importTable, written } from '../session/import-table.ts';
import { findOrder, readOrder, rememberOrder, type OrderInOdoo } from './orders.ts';
import { readProductIds } from './products.ts';
import type { Session } from '../session/session.ts';
import { orderTable, partnerTable, totalOf } from './translate.ts';
import { idSchema } from '../session/layout.ts';

const operation = 'sale.order.load';

/**
 * Writes an order confirmed, or finds the one that is there. The external id is the claim: it is written in the same transaction as the order, its lines, its deliveries and their
 * reservations, and only one order can have it. Throws `refused` when the order would not add up to its total, and `conflict` when an order that is there adds up to another.
 */
export async function writeOrder(session: Session, draft: ErpOrderDraft): Promise<ErpOrder> {
  const there = await findOrder(session, draft.key);
  if (there !== null) return found(there, draft);

  const expected = totalOf(draft);
  if (!sameMoney(expected, draft.total)) throw wrongTotal(expected, draft.total, 'nothing was written');
  const productIds = await readProductIds(session, [...new Set(draft.lines.map((line) => line.sku))]);
  refuseUnknownProducts(draft, productIds);
  const pricelistId = await pricelistOf(session, draft.total.currency);
  const order = orderTable(draft, { layout: session.layout, vocabulary: session.vocabulary, productIds, pricelistId });
  const people = partnerTable(draft, await readGeography(session, [draft.shipTo, ...(draft.billTo === null ? [] : [draft.billTo])]));

  const partners = await importTable(session.client, 'res.partner', people);
  await session.client.write('res.partner', partners.slice(1), { parent_id: firstId(partners, 'res.partner.load') });
  const loaded = await session.client.load('sale.order', order.fields, order.rows, 'never');
  if (loaded.kind === 'failed') {
    // Another process may have written it since we looked; then Odoo's reasons are not about the order.
    const meanwhile = await findOrder(session, draft.key);
    if (meanwhile !== null) return found(meanwhile, draft);
  }
  const id = firstId(written(loaded, operation), operation);
  rememberOrder(session, orderXid(draft.key), id);

  const read = await readOrder(session, draft.key, id);
  if (read === null)
    throw odooFault('not-found', operation, 'the order vanished after it was written', { outcome: 'unknown', retry: { kind: 'safely' } });
  if (sameMoney(read.order.total, draft.total)) return read.order;
  const left = await undo(session, id);
  session.orderIds.delete(orderXid(draft.key));
  throw wrongTotal(read.order.total, draft.total, left);
}

/** An order that is there is only read. One with another total was edited by somebody, or is not what the draft means: a person must look. */
function found(there: OrderInOdoo, draft: ErpOrderDraft): ErpOrder {
  const { order } = there;
  if (order.state !== 'confirmed' || sameMoney(order.total, draft.total)) return order;
  throw odooFault(
    'conflict',
    operation,
    `order ${order.name} is there with a total of ${formatMoney(order.total)}, the draft has ${formatMoney(draft.total)}`,
    {
      advice: 'Look at the order in Odoo: it was edited there after it was written.',
    },
  );
}

function wrongTotal(odoo: Money, draft: Money, what: string): Error {
  return odooFault(
    'refused',
    operation,
    `the order comes to ${formatMoney(odoo)} in Odoo, but its total is ${formatMoney(draft)}; ${what}`,
    {
      advice:
        'Prices are written at the precision of the currency and without taxes: look for a rounding, or a rule of this Odoo that changes prices.',
    },
  );
}

function refuseUnknownProducts(draft: ErpOrderDraft, productIds: ReadonlyMap<Sku, number>): void {
  const unknown = [...new Set(draft.lines.filter((line) => !productIds.has(line.sku)).map((line) => line.sku))];
  if (unknown.length === 0) return;
  throw odooFault('refused', operation, `Odoo has no product, or several, with the internal reference ${unknown.join(', ')}`, {
    advice: 'Create the product, or give the reference to one product alone.',
  });
}

/** A price list gives an order its currency. Its prices do not matter, since each line has its own. */
async function pricelistOf(session: Session, currency: string): Promise<number | null> {
  const { client } = session;
  if (currency === client.company.currency) return null;
  const domain = [
    ['currency_id.name', '=', currency],
    ['company_id', 'in', [client.company.id, false]],
  ];
  const [pricelist] = await client.searchRead('product.pricelist', { domain, fields: ['id'], limit: 1 }, idSchema);
  if (pricelist !== undefined) return pricelist.id;
  throw odooFault('misconfigured', operation, `the company works in ${client.company.currency} and has no price list in ${currency}`, {
    advice: 'Run the set-up with this currency, or create a price list for it.',
  });
}

/** Takes an order back that was just written: cancelled, and deleted where our rights allow it, so that a corrected draft can be written. */
async function undo(session: Session, id: number): Promise<string> {
  const call = { model: 'sale.order', ids: [id], repeat: 'always', timeout: 'write' } as const;
  await session.client.call({ ...call, method: 'action_cancel', context: { disable_cancel_warning: true } }, z.unknown());
  try {
    await session.client.call({ ...call, method: 'unlink' }, z.unknown());
    return 'it was cancelled and deleted again';
  } catch (error) {
    if (isFault(error) && error.facts.outcome === 'not-applied') return 'it was cancelled again';
    throw error;
  }
}
