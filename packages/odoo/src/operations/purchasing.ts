import type { Instant } from '@quartermaster/domain';
import { z } from 'zod';
import type { Json } from '../client/client.ts';
import { odooFault } from '../client/exceptions.ts';
import { odooTime } from '../models/values.ts';
import type { Decimal } from '../models/types.ts';
import { nestedTable, type Table } from '../session/import-table.ts';
import type { Session } from '../session/session.ts';
import { claim } from './claim.ts';
import { documentXid } from './documents.ts';
import { readInvoices, type Invoice } from './invoice.ts';
import { operation } from './operation.ts';
import { readPurchase, type Purchase } from './purchase.ts';
import { needing, rights } from './rights.ts';

export type PurchaseDraft = {
  /** The same for every attempt: one purchase order per key. */
  readonly key: string;
  readonly vendor: number;
  /** Id of the warehouse that receives. */
  readonly warehouse: number;
  readonly reference?: string;
  readonly lines: readonly {
    /** Different for each line of the order. */
    readonly id: string;
    readonly product: number;
    readonly quantity: number;
    /** Default the vendor's price. */
    readonly unitPrice?: Decimal;
    /** Default the vendor's lead time from now. */
    readonly expected?: Instant;
  }[];
};

export type Receipt = {
  readonly order: number;
  /** Id of the receipt; what stays open goes to a new one. */
  readonly receipt: number;
  readonly lines: readonly {
    /** Line of the purchase order. */
    readonly line: number;
    readonly quantity: number;
    /** For products that are followed by lot or serial number: together the quantity. */
    readonly lots?: readonly { readonly name: string; readonly quantity: number }[];
  }[];
};

/** Purchase orders, by Odoo's id. */
export const purchases = {
  /** Drafts a purchase order by one import with external ids for it and its lines. One that is there is only read. */
  draft: needing(
    rights.purchasing,
    operation('purchases.draft', 'claim', async (session, given: PurchaseDraft): Promise<Purchase> => {
      const { id } = await claim(session, 'purchase.order', documentXid('purchase', given.key), () => purchaseTable(session, given));
      return readPurchase(session, id, 'purchases.draft');
    }),
  ),
  /** Confirms a draft. Odoo answers yes for a cancelled order too and does nothing, so the state is read back. */
  confirm: needing(
    rights.purchasing,
    operation('purchases.confirm', 'natural', async (session, order: number): Promise<Purchase> => {
      const before = await readPurchase(session, order, 'purchases.confirm');
      if (['purchase', 'done'].includes(before.state)) return before;
      await session.client.act('purchase.order', 'button_confirm', [order], { repeat: 'always' });
      const after = await readPurchase(session, order, 'purchases.confirm');
      if (['purchase', 'done'].includes(after.state)) return after;
      const advice =
        after.state === 'to approve'
          ? 'A purchase manager must approve it in Odoo.'
          : 'Make a new order: a cancelled one is not confirmed.';
      throw odooFault('refused', 'purchases.confirm', `order ${after.name} is ${after.state} after confirming`, { advice });
    }),
  ),
  /** Says when the goods of these lines are expected, all lines when none are named. Open receipts are due then, too. */
  expect: needing(
    rights.purchasing,
    operation(
      'purchases.expect',
      'natural',
      async (session, given: { readonly order: number; readonly at: Instant; readonly lines?: readonly number[] }): Promise<Purchase> => {
        const before = await readPurchase(session, given.order, 'purchases.expect');
        const lines = given.lines ?? before.lines.map((line) => line.id);
        await session.odoo.write('purchase.order.line', lines, { date_planned: given.at });
        return readPurchase(session, given.order, 'purchases.expect');
      },
    ),
  ),
  /** Receives some or all of a receipt, new lots by name. A receipt that is done is not received again. */
  receive: needing(
    'Inventory: User',
    operation('purchases.receive', 'natural', async (session, given: Receipt): Promise<Purchase> => {
      const before = await readPurchase(session, given.order, 'purchases.receive');
      const receipt = before.receipts.find(({ id }) => id === given.receipt);
      if (receipt === undefined)
        throw odooFault('not-found', 'purchases.receive', `${given.receipt} is no receipt of order ${before.name}`);
      if (receipt.state === 'done') return before;
      if (receipt.state === 'cancel')
        throw odooFault('refused', 'purchases.receive', `receipt ${given.receipt} is cancelled`, { advice: 'Receive on another one.' });
      await enterQuantities(session, given);
      const context = { skip_backorder: true, skip_sms: true };
      const answer = await session.client.act('stock.picking', 'button_validate', [given.receipt], { context });
      const after = await readPurchase(session, given.order, 'purchases.receive');
      if (after.receipts.find(({ id }) => id === given.receipt)?.state === 'done') return after;
      const asks = z.object({ res_model: z.string() }).safeParse(answer);
      throw odooFault(
        'refused',
        'purchases.receive',
        `receipt ${given.receipt} is not done${asks.success ? `, Odoo asks by ${asks.data.res_model}` : ''}`,
        {
          advice: 'Look at the receipt in Odoo.',
        },
      );
    }),
  ),
  /** Drafts the bill of what is received and not billed, with its date, without which it cannot be posted; `invoices.post` posts it. A draft that is there is given back. */
  bill: needing(
    rights.purchasing,
    operation(
      'purchases.bill',
      'natural',
      async (
        session,
        given: { readonly order: number; readonly date: string; readonly reference?: string },
      ): Promise<readonly Invoice[]> => {
        const before = await readPurchase(session, given.order, 'purchases.bill');
        const drafts = (purchase: Purchase) => purchase.bills.filter((bill) => bill.state === 'draft');
        if (drafts(before).length === 0) {
          // Odoo 19 would draft an empty bill where there is nothing to bill; before, it refuses.
          if (before.billing !== 'to invoice') return [];
          await session.client.act('purchase.order', 'action_create_invoice', [given.order]);
        }
        const made = drafts(await readPurchase(session, given.order, 'purchases.bill')).map((bill) => bill.id);
        if (made.length === 0)
          throw odooFault('malformed-reply', 'purchases.bill', `Odoo made no bill of order ${before.name}`, { outcome: 'unknown' });
        await session.odoo.write('account.move', made, {
          invoice_date: given.date,
          ...(given.reference === undefined ? {} : { ref: given.reference }),
        });
        return readInvoices(session, made);
      },
    ),
  ),
  /** Cancels an order of which nothing was received. (Odoo 19 would cancel others, too, and forget what they still expect.) */
  cancel: needing(
    rights.purchasing,
    operation('purchases.cancel', 'natural', async (session, order: number): Promise<Purchase> => {
      const before = await readPurchase(session, order, 'purchases.cancel');
      if (before.state === 'cancel') return before;
      if (before.lines.some((line) => line.received > 0)) {
        throw odooFault('refused', 'purchases.cancel', `goods of order ${before.name} were received`, {
          advice: 'Return the goods, or lower what is still open.',
        });
      }
      await session.client.act('purchase.order', 'button_cancel', [order], { repeat: 'always' });
      const after = await readPurchase(session, order, 'purchases.cancel');
      if (after.state === 'cancel') return after;
      throw odooFault('refused', 'purchases.cancel', `order ${after.name} is still ${after.state}`, { advice: 'Cancel its bills first.' });
    }),
  ),
  read: needing(
    rights.purchasing,
    operation('purchases.read', 'natural', async (session, order: number): Promise<Purchase> =>
      readPurchase(session, order, 'purchases.read'),
    ),
  ),
};

async function purchaseTable(session: Session, given: PurchaseDraft): Promise<Table> {
  const name = 'purchases.draft';
  const [warehouse] = await session.odoo.read('stock.warehouse', [given.warehouse], ['in_type_id']);
  if (warehouse?.in_type_id == null)
    throw odooFault('misconfigured', name, `warehouse ${given.warehouse} has no receipts`, { advice: 'Choose a warehouse that receives.' });
  const order = {
    id: documentXid('purchase', given.key),
    'partner_id/.id': String(given.vendor),
    'picking_type_id/.id': String(warehouse.in_type_id),
    origin: given.reference ?? '',
  };
  // A column that is empty would empty the field, so lines with and without a price cannot share a table.
  const priced = given.lines.some((line) => line.unitPrice !== undefined);
  const dated = given.lines.some((line) => line.expected !== undefined);
  if (given.lines.some((line) => (line.unitPrice === undefined) === priced || (line.expected === undefined) === dated)) {
    throw odooFault('invalid-request', name, 'some lines have a price or a date and others have none', {
      advice: 'Give it to all lines, or to none.',
    });
  }
  const lines = given.lines.map((line) => ({
    'order_line/id': documentXid('purchase', given.key, line.id),
    'order_line/product_id/.id': String(line.product),
    'order_line/product_qty': String(line.quantity),
    ...(line.unitPrice === undefined ? {} : { 'order_line/price_unit': line.unitPrice }),
    ...(line.expected === undefined ? {} : { 'order_line/date_planned': odooTime(line.expected) }),
  }));
  return nestedTable(order, lines);
}

/** Writes quantities and lots to the moves. It sets, and does not add, so it may be repeated until the receipt is done. */
async function enterQuantities({ client, odoo }: Session, given: Receipt): Promise<void> {
  const name = 'purchases.receive';
  const domain = [
    ['picking_id', '=', given.receipt],
    ['state', 'not in', ['done', 'cancel']],
  ];
  const moves = await client.searchRead(
    'stock.move',
    { domain, fields: ['purchase_line_id', 'move_line_ids', 'product_id', 'location_id', 'location_dest_id'] },
    moveSchema,
  );
  for (const line of given.lines) {
    const move = moves.find((each) => each.purchase_line_id === line.line);
    if (move === undefined)
      throw odooFault('refused', name, `receipt ${given.receipt} does not expect line ${line.line}`, {
        advice: 'Receive it on another receipt.',
      });
    if (line.lots === undefined) {
      await odoo.write('stock.move', [move.id], { quantity: line.quantity }, { also: { picked: true } });
      continue;
    }
    if (line.lots.reduce((sum, lot) => sum + lot.quantity, 0) !== line.quantity) {
      throw odooFault('invalid-request', name, `the lots of line ${line.line} are not ${line.quantity}`, { advice: 'Correct the lots.' });
    }
    const place = {
      product_id: move.product_id,
      location_id: move.location_id,
      location_dest_id: move.location_dest_id,
      picking_id: given.receipt,
    };
    const commands: Json[] = [
      ...move.move_line_ids.map((id) => [2, id, 0]),
      ...line.lots.map((lot) => [0, 0, { ...place, quantity: lot.quantity, lot_name: lot.name }]),
    ];
    await client.write('stock.move', [move.id], { picked: true, move_line_ids: commands });
  }
}

const moveSchema = z.object({
  id: z.int(),
  purchase_line_id: z.union([z.int(), z.literal(false)]),
  move_line_ids: z.array(z.int()),
  product_id: z.int(),
  location_id: z.int(),
  location_dest_id: z.int(),
});
