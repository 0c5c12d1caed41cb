import { idsOf, numberOf, referenceOf, textOf, type Row, type Value, type Values } from '../engine/database.ts';
import { readField } from '../engine/computed.ts';
import { userError } from '../engine/errors.ts';
import { boolean, computed, selection, set } from '../engine/field.ts';
import { createRecord } from '../engine/records.ts';
import { action, type Topic } from '../engine/topic.ts';
import { required, rowsBy, type World } from '../engine/world.ts';
import { lineTaxes } from './sales.ts';

/** What of sales orders is invoiced, and the form that invoices them. */
export const billing: Topic = {
  models: () => ({
    'product.product': { invoice_policy: selection('order', 'delivery') },
    'sale.order': { invoice_status: computed('selection'), invoice_ids: computed('many2many', 'account.move') },
    'sale.order.line': { qty_invoiced: computed('float'), qty_to_invoice: computed('float'), state: computed('selection') },
    'account.move.line': { sale_line_ids: set('sale.order.line') },
    'sale.advance.payment.inv': {
      advance_payment_method: selection('delivered', 'percentage', 'fixed'),
      sale_order_ids: set('sale.order'),
      deduct_down_payments: boolean,
    },
  }),
  rights: { 'sale.advance.payment.inv': ['create', 'read', 'write'] },
  methods: {
    'sale.advance.payment.inv': { create_invoices: action((world, { ids }) => createInvoices(world, ids)) },
  },
  computed: {
    'sale.order.invoice_ids': (world, row) => invoicesOf(world, row.id),
    'sale.order.invoice_status': (world, row) => invoiceStatus(world, row),
    'sale.order.line.qty_invoiced': (world, row) => invoicedUnits(world, row.id),
    'sale.order.line.qty_to_invoice': (world, row) => unitsToInvoice(world, row),
    'sale.order.line.state': (world, row) => world.db.get('sale.order', numberOf(row, 'order_id'))?.['state'] ?? false,
  },
  writing: { 'sale.order.line': keepDelivered },
};

/** `create_invoices`: one draft of what is to be invoiced of each order; refused when there is nothing. */
function createInvoices(world: World, ids: readonly number[]): unknown {
  const orders = ids.flatMap((id) => idsOf(required(world.db.get('sale.advance.payment.inv', id), 'form'), 'sale_order_ids'));
  const made = orders.flatMap((id) => {
    const order = required(world.db.get('sale.order', id), `order ${id}`);
    const lines = rowsBy(world, 'sale.order.line', 'order_id', id).filter((line) => unitsToInvoice(world, line) > 0);
    if (lines.length === 0) return [];
    const origin = textOf(order, 'name');
    const values = {
      move_type: 'out_invoice',
      partner_id: referenceOf(order, 'partner_invoice_id') ?? numberOf(order, 'partner_id'),
      currency_id: readField(world, 'sale.order', order, 'currency_id'),
      invoice_origin: origin,
      // 19 refers to the order where the customer's own reference is missing.
      ref: textOf(order, 'client_order_ref') || (world.version === 19 ? origin : false),
      invoice_line_ids: lines.map((line) => [0, 0, invoiceLine(world, line)]),
    };
    return [createRecord(world, 'account.move', values).id];
  });
  if (made.length === 0) throw userError(nothingToInvoice);
  return { name: 'Invoices', type: 'ir.actions.act_window', res_model: 'account.move', res_id: made[0] };
}

const nothingToInvoice =
  'Cannot create an invoice. No items are available to invoice.\n\nTo resolve this issue, please ensure that:\n   • The products have been delivered before attempting to invoice them.\n   • The invoicing policy of the product is configured correctly.';

function invoiceLine(world: World, line: Row): Values {
  return {
    product_id: numberOf(line, 'product_id'),
    name: textOf(line, 'name'),
    quantity: unitsToInvoice(world, line),
    price_unit: numberOf(line, 'price_unit'),
    discount: numberOf(line, 'discount'),
    account_id: [...world.db.all('account.account')].find((account) => account['account_type'] === 'income')?.id ?? false,
    tax_ids: idsOf(line, lineTaxes(world)),
    sale_line_ids: [line.id],
  };
}

function invoicedUnits(world: World, line: number): number {
  let units = 0;
  for (const each of world.db.all('account.move.line')) {
    if (!idsOf(each, 'sale_line_ids').includes(line)) continue;
    const move = world.db.get('account.move', numberOf(each, 'move_id'));
    if (move === undefined || move['state'] === 'cancel') continue;
    units += (move['move_type'] === 'out_refund' ? -1 : 1) * numberOf(each, 'quantity');
  }
  return units;
}

function unitsToInvoice(world: World, line: Row): number {
  if (world.db.get('sale.order', numberOf(line, 'order_id'))?.['state'] !== 'sale') return 0;
  const product = world.db.get('product.product', numberOf(line, 'product_id'));
  const due = product?.['invoice_policy'] === 'delivery' ? delivered(world, line) : numberOf(line, 'product_uom_qty');
  return due - invoicedUnits(world, line.id);
}

function delivered(world: World, line: Row): number {
  return numberOf({ units: readField(world, 'sale.order.line', line, 'qty_delivered') }, 'units');
}

function invoicesOf(world: World, order: number): readonly number[] {
  const lines = rowsBy(world, 'sale.order.line', 'order_id', order).map((line) => line.id);
  const moves = new Set<number>();
  for (const each of world.db.all('account.move.line'))
    if (idsOf(each, 'sale_line_ids').some((line) => lines.includes(line))) moves.add(numberOf(each, 'move_id'));
  return [...moves];
}

/** More or less than nothing to invoice is `to invoice`; an order of which nothing is invoiced or due is `no`. */
function invoiceStatus(world: World, order: Row): Value {
  if (order['state'] !== 'sale') return 'no';
  const lines = rowsBy(world, 'sale.order.line', 'order_id', order.id);
  if (lines.some((line) => unitsToInvoice(world, line) !== 0)) return 'to invoice';
  return lines.some((line) => invoicedUnits(world, line.id) > 0) ? 'invoiced' : 'no';
}

function keepDelivered(world: World, before: Row, values: Values): Values {
  const ordered = values['product_uom_qty'];
  if (typeof ordered !== 'number' || ordered >= numberOf(before, 'product_uom_qty') || ordered >= delivered(world, before)) return values;
  throw userError(
    'The ordered quantity of a sale order line cannot be decreased below the amount already delivered. Instead, create a return in your inventory.',
  );
}
