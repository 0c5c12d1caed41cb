import { idsOf, numberOf, referenceOf, textOf, type Row, type Values } from '../engine/database.ts';
import { PythonError, userError } from '../engine/errors.ts';
import { boolean, char, computed, datetime, float, integer, many, one, selection, set, text } from '../engine/field.ts';
import { action, type Topic } from '../engine/topic.ts';
import { currencyCode, currencyDigits, digitsOf, required, rounded, rowsBy, type Context, type World } from '../engine/world.ts';
import { partsOfKit } from './kits.ts';
import { cancelPickings, movesOf, pickingState } from './pickings.ts';
import { pickingsOfGroup, pull, type Need } from './procurement.ts';
import { isOpen } from './reservation.ts';
import { deliveredUnits } from './stock.ts';

/** Sales orders, and the deliveries that they make. */
export const sales: Topic = {
  models: (version) => ({
    'sale.order': {
      name: char,
      partner_id: one('res.partner', { required: true, label: 'Customer' }),
      partner_invoice_id: one('res.partner', { label: 'Invoice Address' }),
      partner_shipping_id: one('res.partner', { label: 'Delivery Address' }),
      client_order_ref: char,
      origin: char,
      date_order: { ...datetime, label: 'Order Date' },
      pricelist_id: one('product.pricelist', { label: 'Pricelist' }),
      currency_id: computed('many2one', 'res.currency'),
      warehouse_id: one('stock.warehouse', { label: 'Warehouse' }),
      company_id: one('res.company'),
      state: { ...selection('draft', 'sent', 'sale', 'cancel'), label: 'Status' },
      locked: boolean,
      amount_untaxed: computed('monetary'),
      amount_tax: computed('monetary'),
      amount_total: computed('monetary'),
      order_line: many('sale.order.line', 'order_id', { label: 'Order Lines' }),
      picking_ids: computed('one2many', 'stock.picking'),
      delivery_status: computed('selection'),
      ...(version < 19 ? { procurement_group_id: one('procurement.group') } : { stock_reference_ids: set('stock.reference') }),
    },
    'sale.order.line': {
      order_id: one('sale.order', { required: true }),
      sequence: integer,
      product_id: one('product.product', { label: 'Product' }),
      name: { ...text, label: 'Description' },
      product_uom_qty: { ...float, label: 'Quantity' },
      price_unit: { ...float, label: 'Unit Price', precision: 'Product Price' },
      discount: { ...float, label: 'Discount (%)' },
      price_subtotal: computed('monetary'),
      qty_delivered: computed('float'),
      [version === 19 ? 'tax_ids' : 'tax_id']: set('account.tax'),
      ...(version === 19 ? { route_ids: set('stock.route') } : { route_id: one('stock.route') }),
    },
    'stock.picking': { sale_id: computed('many2one', 'sale.order') },
    'stock.move': { sale_line_id: one('sale.order.line') },
    [version < 19 ? 'procurement.group' : 'stock.reference']: { sale_id: one('sale.order') },
  }),
  labels: { 'sale.order': 'Sales Order' },
  rights: { 'sale.order': ['create', 'read', 'write'], 'sale.order.line': ['create', 'read', 'write', 'unlink'] },
  methods: {
    'sale.order': {
      action_confirm: action((world, { ids }) => confirmOrders(world, ids)),
      action_cancel: action((world, { ids, context }) => cancelOrders(world, ids, context)),
    },
  },
  computed: {
    'sale.order.currency_id': (world, row) => world.db.lookUp('res.currency', 'name', currencyCode(world, row))?.[0] ?? false,
    'sale.order.amount_untaxed': (world, row) => orderAmounts(world, row).untaxed,
    'sale.order.amount_tax': (world, row) => orderAmounts(world, row).tax,
    'sale.order.amount_total': (world, row) => {
      const { untaxed, tax } = orderAmounts(world, row);
      return rounded(untaxed + tax, 6);
    },
    'sale.order.picking_ids': (world, row) => pickingsOfOrder(world, row.id).map((picking) => picking.id),
    'sale.order.delivery_status': (world, row) => deliveryStatus(world, row),
    'sale.order.line.price_subtotal': (world, row) => lineAmounts(world, row).untaxed,
    'sale.order.line.qty_delivered': (world, row) => deliveredUnits(world, row.id),
    'stock.picking.sale_id': (world, row) => orderOfPicking(world, row),
  },
  create: {
    'sale.order': (world, values) => world.db.insert('sale.order', orderDefaults(world, values)),
    'sale.order.line': (world, values) => world.db.insert('sale.order.line', lineDefaults(world, values)),
  },
  created: {
    'sale.order.line': (world, line) => {
      if (orderOfLine(world, line)['state'] === 'sale') launchLines(world, [line]);
    },
  },
  writing: { 'sale.order': forbidReviving },
  written: {
    'sale.order.line': (world, { before, after, asked }) => {
      if (asked['product_uom_qty'] === undefined || orderOfLine(world, after)['state'] !== 'sale') return;
      changeDemand(world, after, numberOf(before, 'product_uom_qty'));
    },
  },
  removing: { 'sale.order': removeLines },
};

/** Defaults of a new order. */
export function orderDefaults(world: World, values: Values): Values {
  const [warehouse] = world.db.all('stock.warehouse');
  const partner = values['partner_id'] ?? false;
  return {
    name: `S${String(world.db.next('sale.order')).padStart(5, '0')}`,
    partner_id: false,
    partner_invoice_id: partner,
    partner_shipping_id: partner,
    client_order_ref: false,
    origin: false,
    date_order: world.clock.now().slice(0, 19).replace('T', ' '),
    pricelist_id: false,
    warehouse_id: warehouse?.id ?? false,
    company_id: world.companyId,
    state: 'draft',
    locked: false,
    ...(world.version < 19 ? { procurement_group_id: false } : { stock_reference_ids: [] }),
    ...values,
  };
}

/** Defaults of a new line: price and taxes come from the product unless they are given, even if given empty. The price is rounded to the precision of prices. */
export function lineDefaults(world: World, values: Values): Values {
  const product = world.db.get('product.product', numberOf(values, 'product_id'));
  const price = typeof values['price_unit'] === 'number' ? values['price_unit'] : numberOf(product ?? {}, 'list_price');
  return {
    sequence: 10,
    name: textOf(product ?? {}, 'name'),
    product_uom_qty: 1,
    discount: 0,
    [lineTaxes(world)]: idsOf(product ?? {}, 'taxes_id'),
    ...(world.version === 19 ? { route_ids: [] } : { route_id: false }),
    ...values,
    price_unit: rounded(price, digitsOf(world, 'Product Price')),
  };
}

/** Untaxed amount and tax of a line, each rounded for itself. */
export function lineAmounts(world: World, line: Row): { untaxed: number; tax: number } {
  const order = required(world.db.get('sale.order', numberOf(line, 'order_id')), 'order of the line');
  const digits = currencyDigits(world, order);
  const untaxed = rounded(
    numberOf(line, 'price_unit') * (1 - numberOf(line, 'discount') / 100) * numberOf(line, 'product_uom_qty'),
    digits,
  );
  const rates = idsOf(line, lineTaxes(world)).map((tax) => numberOf(world.db.get('account.tax', tax) ?? {}, 'amount'));
  return { untaxed, tax: rates.reduce((sum, rate) => sum + rounded((untaxed * rate) / 100, digits), 0) };
}

export function orderAmounts(world: World, order: Row): { untaxed: number; tax: number } {
  const digits = currencyDigits(world, order);
  const lines = rowsBy(world, 'sale.order.line', 'order_id', order.id).map((line) => lineAmounts(world, line));
  const sum = (pick: (amounts: { untaxed: number; tax: number }) => number) =>
    rounded(
      lines.reduce((total, line) => total + pick(line), 0),
      digits,
    );
  return { untaxed: sum((line) => line.untaxed), tax: sum((line) => line.tax) };
}

/** Transfers of an order: those that hold moves of its lines, or of its group. One that was emptied belongs to it no longer. */
export function pickingsOfOrder(world: World, orderId: number): Row[] {
  const moves = rowsBy(world, 'sale.order.line', 'order_id', orderId).flatMap((line) =>
    rowsBy(world, 'stock.move', 'sale_line_id', line.id),
  );
  const group = groupOfOrder(world, required(world.db.get('sale.order', orderId), `order ${orderId}`));
  const ofGroup = group === null ? [] : pickingsOfGroup(world, group).map((picking) => picking.id);
  const ids = new Set([...moves.flatMap((move) => referenceOf(move, 'picking_id') ?? []), ...ofGroup]);
  return [...ids].flatMap((id) => world.db.get('stock.picking', id) ?? []).sort((a, b) => b.id - a.id);
}

function orderOfPicking(world: World, picking: Row): number | false {
  const lines = movesOf(world, picking.id).flatMap((move) => referenceOf(move, 'sale_line_id') ?? []);
  const line = lines[0] === undefined ? undefined : world.db.get('sale.order.line', lines[0]);
  if (line !== undefined) return referenceOf(line, 'order_id') ?? false;
  const [group] = movesOf(world, picking.id).flatMap((move) => referenceOf(move, 'group_id') ?? []);
  return group === undefined ? false : (referenceOf(world.db.get('procurement.group', group) ?? {}, 'sale_id') ?? false);
}

/** `action_confirm`. */
export function confirmOrders(world: World, ids: readonly number[]): true {
  for (const id of ids) {
    const order = required(world.db.get('sale.order', id), `order ${id}`);
    if (order['state'] !== 'draft' && order['state'] !== 'sent') throw userError('Some orders are not in a state requiring confirmation.');
    world.db.update('sale.order', id, { state: 'sale' });
    launchLines(world, rowsBy(world, 'sale.order.line', 'order_id', id));
  }
  return true;
}

/** `action_cancel`: 17 and 18 answer a wizard for a confirmed order, and cancel nothing, unless they are told not to warn. */
export function cancelOrders(world: World, ids: readonly number[], context: Context): unknown {
  const orders = ids.map((id) => required(world.db.get('sale.order', id), `order ${id}`));
  const warns = world.version < 19 && context['disable_cancel_warning'] !== true;
  if (warns && orders.some((order) => order['state'] === 'sale')) {
    return {
      name: 'Cancel Sales Order',
      view_mode: 'form',
      res_model: 'sale.order.cancel',
      views: [[901, 'form']],
      type: 'ir.actions.act_window',
      target: 'new',
    };
  }
  for (const order of orders) {
    const open = pickingsOfOrder(world, order.id).filter((picking) => pickingState(world, picking) !== 'done');
    cancelPickings(
      world,
      open.map((picking) => picking.id),
    );
    world.db.update('sale.order', order.id, { state: 'cancel' });
  }
  return true;
}

/** What a changed quantity of a confirmed line does: more is delivered besides, less is taken from what is open. */
export function changeDemand(world: World, line: Row, before: number): void {
  const more = numberOf(line, 'product_uom_qty') - before;
  if (more > 0) launchLine(world, line, more);
  if (more >= 0) return;
  const product = required(world.db.get('product.product', numberOf(line, 'product_id')), 'product of the line');
  const parts = partsOfKit(world, product, -more) ?? [{ product, units: -more }];
  const less = new Map(parts.map((part) => [part.product.id, part.units]));
  for (const move of rowsBy(world, 'stock.move', 'sale_line_id', line.id).filter(isOpen)) {
    const wanted = less.get(numberOf(move, 'product_id')) ?? 0;
    if (wanted <= 0) continue;
    const taken = Math.min(wanted, numberOf(move, 'product_uom_qty'));
    const demand = numberOf(move, 'product_uom_qty') - taken;
    less.set(numberOf(move, 'product_id'), wanted - taken);
    world.db.update('stock.move', move.id, demand === 0 ? { product_uom_qty: 0, state: 'cancel' } : { product_uom_qty: demand });
  }
}

/** Makes the deliveries of confirmed lines and reserves them. */
export function launchLines(world: World, lines: readonly Row[]): void {
  for (const line of lines) launchLine(world, line, numberOf(line, 'product_uom_qty'));
}

export function lineTaxes(world: World): string {
  return world.version === 19 ? 'tax_ids' : 'tax_id';
}

function launchLine(world: World, line: Row, quantity: number): void {
  const product = world.db.get('product.product', numberOf(line, 'product_id'));
  if (product === undefined || product['type'] === 'service' || quantity <= 0) return;
  const order = required(world.db.get('sale.order', numberOf(line, 'order_id')), 'order of the line');
  const rule = ruleOf(world, order, line);
  const groupId = orderGroup(world, order);
  const address = referenceOf(order, 'partner_shipping_id') ?? referenceOf(order, 'partner_id') ?? false;
  const reference = textOf(order, 'client_order_ref');
  const whole = { product, units: quantity, bomLine: null };
  const need: Omit<Need, 'product' | 'units' | 'own'> = {
    group: groupId,
    partner: address,
    // Only 18 adds the customer's reference.
    origin: world.version === 18 && reference !== '' ? `${textOf(order, 'name')} - ${reference}` : textOf(order, 'name'),
    carrier: referenceOf(order, 'carrier_id') ?? false,
  };
  for (const {
    product: { id },
    units,
    bomLine,
  } of partsOfKit(world, product, quantity) ?? [whole])
    pull(world, rule, { ...need, product: id, units, own: { sale_line_id: line.id, bom_line_id: bomLine ?? false } });
}

/**
 * The pull rule that supplies a line: of the line's route, else of the delivery route of the order's warehouse. Until Odoo 17 a rule that belongs to another warehouse than the
 * order's is passed over in silence.
 */
function ruleOf(world: World, order: Row, line: Row): Row {
  const chosen = world.version === 19 ? idsOf(line, 'route_ids') : [referenceOf(line, 'route_id') ?? 0];
  const warehouse = world.db.get('stock.warehouse', numberOf(order, 'warehouse_id'));
  const leads = (rule: Row) => rule['action'] === 'pull' && rule['active'] !== false && rule['location_dest_id'] === world.customersId;
  for (const route of [...chosen, numberOf(warehouse ?? {}, 'delivery_route_id')]) {
    const rule = rowsBy(world, 'stock.rule', 'route_id', route).find((each) => {
      const owner = referenceOf(each, 'warehouse_id');
      return leads(each) && (owner === null || owner === warehouse?.id || world.version > 17);
    });
    if (rule !== undefined) return rule;
  }
  throw userError('No rule has been found to replenish the product. Verify the routes configuration on the product.');
}

/** The group of the order's deliveries, made with the first. */
function orderGroup(world: World, order: Row): number {
  const [model, field] =
    world.version < 19 ? (['procurement.group', 'procurement_group_id'] as const) : (['stock.reference', 'stock_reference_ids'] as const);
  const there = groupOfOrder(world, order);
  if (there !== null) return there;
  const group = world.db.insert(model, { name: textOf(order, 'name'), sale_id: order.id });
  world.db.update('sale.order', order.id, { [field]: world.version < 19 ? group.id : [group.id] });
  return group.id;
}

function groupOfOrder(world: World, order: Row): number | null {
  return world.version < 19 ? referenceOf(order, 'procurement_group_id') : (idsOf(order, 'stock_reference_ids')[0] ?? null);
}

/** Writing `sale` on a cancelled order: Odoo falls over its own feet, and the order stays cancelled. */
function forbidReviving(_world: World, before: Row, values: Values): Values {
  if (before['state'] !== 'cancel' || values['state'] !== 'sale') return values;
  throw new PythonError(
    'builtins.UnboundLocalError',
    "Unknown error during import: <class 'UnboundLocalError'>: cannot access local variable 'pre_order_line_qty' where it is not associated with a value",
  );
}

function removeLines(world: World, order: Row): void {
  if (order['state'] === 'sale')
    throw userError('You can not delete a sent quotation or a confirmed sales order. You must first cancel it.');
  for (const line of rowsBy(world, 'sale.order.line', 'order_id', order.id)) {
    for (const move of rowsBy(world, 'stock.move', 'sale_line_id', line.id))
      world.db.update('stock.move', move.id, { sale_line_id: false });
    world.db.remove('sale.order.line', line.id);
  }
}

function orderOfLine(world: World, line: Row): Row {
  return required(world.db.get('sale.order', referenceOf(line, 'order_id') ?? 0), 'order of the line');
}

function deliveryStatus(world: World, order: Row): string | false {
  const states = new Set(pickingsOfOrder(world, order.id).map((picking) => pickingState(world, picking)));
  states.delete('cancel');
  if (states.size === 0) return false;
  if (!states.has('done')) return 'pending';
  if (states.size === 1) return 'full';
  // Goods that only went to the exit are no delivery yet.
  const isDelivered = rowsBy(world, 'sale.order.line', 'order_id', order.id).some((line) => deliveredUnits(world, line.id) > 0);
  return isDelivered ? 'partial' : 'started';
}
