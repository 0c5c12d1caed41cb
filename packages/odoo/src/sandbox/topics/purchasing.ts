import { idsOf, numberOf, referenceOf, textOf, type Row, type Value, type Values } from '../engine/database.ts';
import { userError } from '../engine/errors.ts';
import { char, computed, datetime, float, integer, many, one, selection, set, text } from '../engine/field.ts';
import { createRecord } from '../engine/records.ts';
import { action, type Topic } from '../engine/topic.ts';
import { required, rounded, rowsBy, type World } from '../engine/world.ts';
import { cancelPickings, createMove, createPicking, movesOf, pickingState } from './pickings.ts';
import { confirmMove, isOpen } from './reservation.ts';

/** Vendor prices, purchase orders, their receipts and bills. */
export const purchasing: Topic = {
  models: (version) => ({
    'product.supplierinfo': {
      partner_id: one('res.partner', { required: true }),
      product_tmpl_id: one('product.template'),
      product_id: one('product.product'),
      min_qty: float,
      price: float,
      delay: integer,
      product_code: char,
      company_id: one('res.company'),
    },
    'purchase.order': {
      name: char,
      state: selection('draft', 'sent', 'to approve', 'purchase', ...(version < 19 ? ['done'] : []), 'cancel'),
      partner_id: one('res.partner', { required: true, label: 'Vendor' }),
      picking_type_id: one('stock.picking.type', { required: true, label: 'Deliver To' }),
      company_id: one('res.company'),
      origin: char,
      date_order: datetime,
      date_planned: computed('datetime'),
      amount_total: computed('monetary'),
      invoice_status: computed('selection'),
      receipt_status: computed('selection'),
      order_line: many('purchase.order.line', 'order_id', { label: 'Order Lines' }),
      picking_ids: computed('many2many', 'stock.picking'),
      invoice_ids: computed('many2many', 'account.move'),
    },
    'purchase.order.line': {
      order_id: one('purchase.order', { required: true }),
      product_id: one('product.product'),
      name: text,
      product_qty: float,
      price_unit: float,
      date_planned: datetime,
      [version === 19 ? 'tax_ids' : 'taxes_id']: set('account.tax'),
      qty_received: computed('float'),
      qty_invoiced: computed('float'),
    },
    'stock.move': { purchase_line_id: one('purchase.order.line') },
    'account.move.line': { purchase_line_id: one('purchase.order.line') },
  }),
  labels: { 'purchase.order': 'Purchase Order' },
  rights: { 'product.supplierinfo': ['read'], 'purchase.order': ['read'] },
  methods: {
    'purchase.order': {
      button_confirm: action((world, { ids }) => confirm(world, ids)),
      button_cancel: action((world, { ids }) => cancel(world, ids)),
      action_create_invoice: action((world, { ids }) => bill(world, ids)),
    },
  },
  computed: {
    'purchase.order.date_planned': (world, row) =>
      linesOf(world, row.id)
        .flatMap((line) => (line['date_planned'] === false ? [] : [textOf(line, 'date_planned')]))
        .toSorted()[0] ?? false,
    'purchase.order.amount_total': (world, row) =>
      rounded(
        linesOf(world, row.id).reduce((sum, line) => sum + rounded(numberOf(line, 'product_qty') * numberOf(line, 'price_unit'), 2), 0),
        2,
      ),
    'purchase.order.invoice_status': (world, row) => billingStatus(world, row),
    'purchase.order.receipt_status': (world, row) => receiptStatus(world, row),
    'purchase.order.picking_ids': (world, row) => receiptsOf(world, row.id).map((receipt) => receipt.id),
    'purchase.order.invoice_ids': (world, row) => billsOf(world, row),
    'purchase.order.line.qty_received': (world, row) => received(world, row),
    'purchase.order.line.qty_invoiced': (world, row) => billed(world, row),
  },
  create: {
    'purchase.order': (world, values) =>
      world.db.insert('purchase.order', {
        origin: false,
        date_order: now(world),
        company_id: world.companyId,
        ...values,
        state: 'draft',
        name: `P${String(world.db.next('purchase.order')).padStart(5, '0')}`,
      }),
    'purchase.order.line': createLine,
  },
  written: {
    'purchase.order.line': (world, { after, asked }) => {
      if (asked['date_planned'] === undefined) return;
      // The date by which goods are due follows; the one for which they are planned does not.
      for (const move of rowsBy(world, 'stock.move', 'purchase_line_id', after.id).filter(isOpen))
        world.db.update('stock.move', move.id, { date_deadline: after['date_planned'] ?? false });
    },
  },
};

/** Price and date of a line come from the vendor's price list unless they are given. */
function createLine(world: World, values: Values): Row {
  const order = required(world.db.get('purchase.order', numberOf(values, 'order_id')), 'order of the line');
  const product = world.db.get('product.product', numberOf(values, 'product_id'));
  const offer = offerOf(world, numberOf(values, 'product_id'), numberOf(order, 'partner_id'), numberOf(values, 'product_qty'));
  const days = numberOf(offer ?? {}, 'delay') * 86_400_000;
  const planned = new Date(Date.parse(`${textOf(order, 'date_order').replace(' ', 'T')}Z`) + days).toISOString();
  return world.db.insert('purchase.order.line', {
    name: textOf(product ?? {}, 'name'),
    product_qty: 1,
    price_unit: numberOf(offer ?? {}, 'price'),
    date_planned: planned.slice(0, 19).replace('T', ' '),
    ...values,
  });
}

/** The vendor's price for a quantity: that of the largest quantity below it. Without a vendor the first one's. */
export function offerOf(world: World, product: number, vendor: number | null, quantity: number): Row | undefined {
  return [...world.db.all('product.supplierinfo')]
    .filter((offer) => offer['product_id'] === product && (vendor === null || offer['partner_id'] === vendor))
    .filter((offer) => numberOf(offer, 'min_qty') <= quantity)
    .toSorted((a, b) => numberOf(b, 'min_qty') - numberOf(a, 'min_qty'))[0];
}

/** `button_confirm`: answers yes, and does nothing to an order that is no draft. */
function confirm(world: World, ids: readonly number[]): true {
  for (const id of ids) {
    const order = required(world.db.get('purchase.order', id), `purchase order ${id}`);
    if (order['state'] !== 'draft' && order['state'] !== 'sent') continue;
    world.db.update('purchase.order', id, { state: 'purchase' });
    const goods = linesOf(world, id).filter(
      (line) => world.db.get('product.product', numberOf(line, 'product_id'))?.['type'] !== 'service',
    );
    if (goods.length === 0) continue;
    const receipt = createPicking(world, {
      picking_type_id: numberOf(order, 'picking_type_id'),
      location_id: world.suppliersId,
      partner_id: numberOf(order, 'partner_id'),
      origin: textOf(order, 'name'),
    });
    for (const line of goods) {
      const move = createMove(world, {
        picking_id: receipt.id,
        ...(world.version < 19 ? { name: textOf(line, 'name') } : {}),
        product_id: numberOf(line, 'product_id'),
        product_uom_qty: numberOf(line, 'product_qty'),
        date: line['date_planned'] ?? false,
        date_deadline: line['date_planned'] ?? false,
        purchase_line_id: line.id,
      });
      confirmMove(world, move);
    }
  }
  return true;
}

/** `button_cancel`: refused once goods were received; 19 cancels then, too, and gives up what is still open. */
function cancel(world: World, ids: readonly number[]): void {
  for (const id of ids) {
    const order = required(world.db.get('purchase.order', id), `purchase order ${id}`);
    const receipts = receiptsOf(world, id);
    const isDone = receipts.some((receipt) => pickingState(world, receipt) === 'done');
    const name = textOf(order, 'name');
    if (isDone && world.version === 17)
      throw userError(`Unable to cancel purchase order ${name} as some receptions have already been done.`);
    if (isDone && world.version === 18)
      throw userError(`Unable to cancel purchase order(s): ${name} since they have receipts that are already done.`);
    const open = receipts.filter((receipt) => !['done', 'cancel'].includes(pickingState(world, receipt)));
    cancelPickings(
      world,
      open.map((receipt) => receipt.id),
    );
    world.db.update('purchase.order', id, { state: 'cancel' });
  }
}

/** `action_create_invoice`: refused where nothing is to be billed; 19 drafts an empty bill. */
function bill(world: World, ids: readonly number[]): unknown {
  for (const id of ids) {
    const order = required(world.db.get('purchase.order', id), `purchase order ${id}`);
    const lines = linesOf(world, id).filter((line) => received(world, line) !== billed(world, line));
    if (lines.length === 0 && world.version < 19) {
      throw userError(
        'There is no invoiceable line. If a product has a control policy based on received quantity, please make sure that a quantity has been received.',
      );
    }
    const expense = [...world.db.all('account.account')].find((account) => account['account_type'] === 'expense')?.id ?? false;
    createRecord(world, 'account.move', {
      move_type: 'in_invoice',
      partner_id: numberOf(order, 'partner_id'),
      invoice_origin: textOf(order, 'name'),
      invoice_line_ids: lines.map((line) => [
        0,
        0,
        {
          product_id: numberOf(line, 'product_id'),
          name: textOf(line, 'name'),
          quantity: received(world, line) - billed(world, line),
          price_unit: numberOf(line, 'price_unit'),
          account_id: expense,
          purchase_line_id: line.id,
        },
      ]),
    });
  }
  return { name: 'Bills', type: 'ir.actions.act_window', res_model: 'account.move' };
}

function linesOf(world: World, order: number): Row[] {
  return rowsBy(world, 'purchase.order.line', 'order_id', order);
}

function receiptsOf(world: World, order: number): Row[] {
  const moves = linesOf(world, order).flatMap((line) => rowsBy(world, 'stock.move', 'purchase_line_id', line.id));
  const ids = new Set(moves.flatMap((move) => referenceOf(move, 'picking_id') ?? []));
  return [...ids].flatMap((id) => world.db.get('stock.picking', id) ?? []);
}

function received(world: World, line: Row): number {
  return rowsBy(world, 'stock.move', 'purchase_line_id', line.id)
    .filter((move) => move['state'] === 'done')
    .reduce((sum, move) => sum + (move['location_id'] === world.suppliersId ? 1 : -1) * numberOf(move, 'quantity'), 0);
}

function billed(world: World, line: Row): number {
  return rowsBy(world, 'account.move.line', 'purchase_line_id', line.id).reduce((sum, each) => {
    const move = world.db.get('account.move', numberOf(each, 'move_id'));
    if (move === undefined || move['state'] === 'cancel') return sum;
    return sum + (move['move_type'] === 'in_refund' ? -1 : 1) * numberOf(each, 'quantity');
  }, 0);
}

function billsOf(world: World, order: Row): readonly number[] {
  const lines = linesOf(world, order.id).flatMap((line) => rowsBy(world, 'account.move.line', 'purchase_line_id', line.id));
  return [...new Set(lines.map((line) => numberOf(line, 'move_id')))];
}

function billingStatus(world: World, order: Row): Value {
  if (order['state'] !== 'purchase') return 'no';
  const lines = linesOf(world, order.id);
  if (lines.some((line) => received(world, line) !== billed(world, line))) return 'to invoice';
  return idsOf({ ids: billsOf(world, order) }, 'ids').length > 0 ? 'invoiced' : 'no';
}

function receiptStatus(world: World, order: Row): Value {
  const states = new Set(receiptsOf(world, order.id).map((receipt) => pickingState(world, receipt)));
  states.delete('cancel');
  if (states.size === 0) return false;
  if (!states.has('done')) return 'pending';
  return states.size === 1 ? 'full' : 'partial';
}

/** Goods of a receipt by product. */
export function receivedOn(world: World, receipt: number): ReadonlyMap<number, Row[]> {
  return Map.groupBy(
    movesOf(world, receipt).filter((move) => move['state'] === 'done'),
    (move) => numberOf(move, 'product_id'),
  );
}

function now(world: World): string {
  return world.clock.now().slice(0, 19).replace('T', ' ');
}
