import { numberOf, textOf, type Row, type Values } from '../engine/database.ts';
import { userError, validationError } from '../engine/errors.ts';
import { boolean, char, computed, float, one, selection } from '../engine/field.ts';
import { createRecord } from '../engine/records.ts';
import { action, type Topic } from '../engine/topic.ts';
import { required, rowsBy, type World } from '../engine/world.ts';
import { isWithin } from './quants.ts';
import { offerOf } from './purchasing.ts';
import { isOpen } from './reservation.ts';

/** Reordering rules. */
export const replenishment: Topic = {
  models: () => ({
    'stock.warehouse.orderpoint': {
      name: char,
      product_id: one('product.product', { required: true }),
      warehouse_id: one('stock.warehouse'),
      location_id: one('stock.location', { required: true }),
      company_id: one('res.company'),
      product_min_qty: float,
      product_max_qty: float,
      trigger: selection('auto', 'manual'),
      active: boolean,
      qty_on_hand: computed('float'),
      qty_forecast: computed('float'),
      qty_to_order: computed('float'),
    },
  }),
  labels: { 'stock.warehouse.orderpoint': 'Minimum Inventory Rule' },
  rights: { 'stock.warehouse.orderpoint': ['read'] },
  methods: { 'stock.warehouse.orderpoint': { action_replenish: action((world, { ids }) => replenish(world, ids)) } },
  computed: {
    'stock.warehouse.orderpoint.qty_on_hand': (world, row) => onHand(world, row),
    'stock.warehouse.orderpoint.qty_forecast': (world, row) => forecast(world, row),
    'stock.warehouse.orderpoint.qty_to_order': (world, row) => toOrder(world, row),
  },
  create: { 'stock.warehouse.orderpoint': createPoint },
};

function createPoint(world: World, values: Values): Row {
  const same = rowsBy(world, 'stock.warehouse.orderpoint', 'product_id', numberOf(values, 'product_id'));
  if (same.some((point) => point['location_id'] === values['location_id']))
    throw validationError('The operation cannot be completed: A replenishment rule already exists for this product on this location.');
  const name = `OP/${String(world.db.next('orderpoint')).padStart(5, '0')}`;
  return world.db.insert('stock.warehouse.orderpoint', { name, trigger: 'auto', active: true, company_id: world.companyId, ...values });
}

/** `action_replenish`: drafts a purchase order by the vendor's price; answers false when nothing is missing. */
function replenish(world: World, ids: readonly number[]): unknown {
  let made = false;
  for (const id of ids) {
    const point = required(world.db.get('stock.warehouse.orderpoint', id), `rule ${id}`);
    const quantity = toOrder(world, point);
    if (quantity <= 0) continue;
    const product = numberOf(point, 'product_id');
    const offer = offerOf(world, product, null, quantity);
    if (offer === undefined) {
      throw userError(
        `There is no matching vendor price to generate the purchase order for product ${textOf(world.db.get('product.product', product) ?? {}, 'name')} (no vendor defined, minimum quantity not reached, dates not valid, ...). Go on the product form and complete the list of vendors.`,
      );
    }
    createRecord(world, 'purchase.order', {
      partner_id: numberOf(offer, 'partner_id'),
      picking_type_id: numberOf(world.db.get('stock.warehouse', numberOf(point, 'warehouse_id')) ?? {}, 'in_type_id'),
      origin: textOf(point, 'name'),
      order_line: [[0, 0, { product_id: product, product_qty: quantity }]],
    });
    made = true;
  }
  return made && { type: 'ir.actions.client', tag: 'display_notification' };
}

function onHand(world: World, point: Row): number {
  return rowsBy(world, 'stock.quant', 'product_id', numberOf(point, 'product_id'))
    .filter((quant) => isWithin(world, numberOf(quant, 'location_id'), numberOf(point, 'location_id')))
    .reduce((sum, quant) => sum + numberOf(quant, 'quantity'), 0);
}

/** What will be there: open moves in and out, and what drafts of purchase orders ask for. */
function forecast(world: World, point: Row): number {
  const product = numberOf(point, 'product_id');
  const inside = (location: number) => isWithin(world, location, numberOf(point, 'location_id'));
  let units = onHand(world, point);
  for (const move of rowsBy(world, 'stock.move', 'product_id', product).filter(isOpen)) {
    const [from, to] = [inside(numberOf(move, 'location_id')), inside(numberOf(move, 'location_dest_id'))];
    if (from !== to) units += (to ? 1 : -1) * numberOf(move, 'product_uom_qty');
  }
  for (const line of rowsBy(world, 'purchase.order.line', 'product_id', product)) {
    const order = required(world.db.get('purchase.order', numberOf(line, 'order_id')), 'order of the line');
    const warehouse = world.db.get('stock.picking.type', numberOf(order, 'picking_type_id'))?.['warehouse_id'];
    if (order['state'] === 'draft' && warehouse === point['warehouse_id']) units += numberOf(line, 'product_qty');
  }
  return units;
}

function toOrder(world: World, point: Row): number {
  const there = forecast(world, point);
  return there < numberOf(point, 'product_min_qty')
    ? Math.max(numberOf(point, 'product_max_qty'), numberOf(point, 'product_min_qty')) - there
    : 0;
}
