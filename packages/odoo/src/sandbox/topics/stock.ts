import { idsOf, numberOf, referenceOf, textOf, type Row, type Value, type Values } from '../engine/database.ts';
import { boolean, char, computed, date, datetime, float, html, many, one, selection, set } from '../engine/field.ts';
import { action, type Topic } from '../engine/topic.ts';
import { rowsBy, type World } from '../engine/world.ts';
import { kitsDelivered } from './kits.ts';
import {
  assignPickings,
  cancelPickings,
  leaveBatch,
  confirmPickings,
  createMove,
  createPicking,
  forbidRetyping,
  groupOf,
  movesOf,
  pickingState,
  redirectMoves,
  unreservePickings,
} from './pickings.ts';
import { insertLine, isOpen, linesOf, moveReservation, releaseLine, setQuantity, settle, unreserve } from './reservation.ts';
import { validatePickings } from './validation.ts';

/** Quants, transfers, moves and what is reserved. */
export const stock: Topic = {
  models: (version) => {
    const packageModel = version < 19 ? 'stock.quant.package' : 'stock.package';
    return {
      'stock.quant': {
        product_id: one('product.product', { required: true }),
        location_id: one('stock.location', { required: true }),
        warehouse_id: computed('many2one', 'stock.warehouse'),
        lot_id: one('stock.lot'),
        package_id: one(packageModel),
        owner_id: one('res.partner'),
        company_id: one('res.company'),
        in_date: datetime,
        quantity: float,
        reserved_quantity: float,
        available_quantity: computed('float'),
        inventory_quantity: float,
        inventory_quantity_set: boolean,
        inventory_date: date,
      },
      'stock.location': { warehouse_id: computed('many2one', 'stock.warehouse') },
      'stock.picking': {
        name: char,
        state: computed('selection'),
        origin: char,
        note: html,
        partner_id: one('res.partner', { label: 'Contact' }),
        location_id: one('stock.location', { required: true, label: 'Source Location' }),
        location_dest_id: one('stock.location', { required: true, label: 'Destination Location' }),
        picking_type_id: one('stock.picking.type', { required: true, label: 'Operation Type' }),
        picking_type_code: computed('selection'),
        move_type: selection('direct', 'one'),
        user_id: one('res.users'),
        scheduled_date: datetime,
        backorder_id: one('stock.picking'),
        backorder_ids: many('stock.picking', 'backorder_id'),
        return_id: one('stock.picking'),
        return_ids: many('stock.picking', 'return_id'),
        sale_id: computed('many2one', 'sale.order'),
        company_id: one('res.company'),
        date_done: datetime,
        is_cancelled: boolean,
        move_ids: many('stock.move', 'picking_id', { label: 'Stock Moves' }),
        move_line_ids: many('stock.move.line', 'picking_id'),
        ...(version < 19
          ? { group_id: computed('many2one', 'procurement.group') }
          : { reference_ids: computed('many2many', 'stock.reference') }),
      },
      'stock.move': {
        ...(version < 19 ? { name: char, group_id: one('procurement.group') } : { reference_ids: set('stock.reference') }),
        product_id: one('product.product', { required: true }),
        product_uom_qty: float,
        quantity: float,
        picked: boolean,
        state: selection('draft', 'waiting', 'confirmed', 'partially_available', 'assigned', 'done', 'cancel'),
        location_id: one('stock.location', { required: true }),
        location_dest_id: one('stock.location', { required: true }),
        ...(version > 17 ? { location_final_id: one('stock.location') } : {}),
        picking_id: one('stock.picking'),
        picking_type_id: one('stock.picking.type'),
        warehouse_id: one('stock.warehouse'),
        company_id: one('res.company'),
        procure_method: selection('make_to_stock', 'make_to_order', 'mts_else_mto'),
        rule_id: one('stock.rule'),
        sale_line_id: one('sale.order.line'),
        move_line_ids: many('stock.move.line', 'move_id'),
        move_orig_ids: set('stock.move'),
        move_dest_ids: set('stock.move'),
        origin_returned_move_id: one('stock.move'),
        returned_move_ids: many('stock.move', 'origin_returned_move_id'),
        to_refund: boolean,
        lot_ids: computed('many2many', 'stock.lot'),
      },
      'stock.move.line': {
        move_id: one('stock.move'),
        picking_id: one('stock.picking'),
        product_id: one('product.product'),
        location_id: one('stock.location'),
        location_dest_id: one('stock.location'),
        quantity: float,
        picked: boolean,
        state: computed('selection'),
        lot_id: one('stock.lot'),
        lot_name: char,
        package_id: one(packageModel),
        result_package_id: one(packageModel),
        owner_id: one('res.partner'),
        company_id: one('res.company'),
      },
      [version < 19 ? 'procurement.group' : 'stock.reference']: { name: char },
    };
  },
  labels: { 'stock.picking': 'Transfer' },
  rights: {
    'stock.picking': ['create', 'read', 'write', 'unlink'],
    'stock.move': ['create', 'read', 'write', 'unlink'],
    'stock.move.line': ['create', 'read', 'write', 'unlink'],
    'stock.quant': ['create', 'read', 'write'],
  },
  methods: {
    'stock.picking': {
      action_confirm: action((world, { ids }) => confirmPickings(world, ids)),
      action_assign: action((world, { ids }) => assignPickings(world, ids)),
      action_cancel: action((world, { ids }) => cancelPickings(world, ids)),
      button_validate: action((world, { ids, context }) => {
        const answer = validatePickings(world, ids, context);
        for (const id of ids) leaveBatch(world, id);
        return answer;
      }),
      do_unreserve: action((world, { ids }) => unreservePickings(world, ids)),
    },
  },
  computed: {
    'stock.quant.available_quantity': (_world, row) => numberOf(row, 'quantity') - numberOf(row, 'reserved_quantity'),
    'stock.location.warehouse_id': (world, row) => warehouseOf(world, row.id),
    'stock.quant.warehouse_id': (world, row) => warehouseOf(world, numberOf(row, 'location_id')),
    'stock.picking.state': (world, row) => pickingState(world, row),
    'stock.picking.picking_type_code': (world, row) =>
      world.db.get('stock.picking.type', numberOf(row, 'picking_type_id'))?.['code'] ?? false,
    'stock.picking.group_id': (world, row) => movesOf(world, row.id).flatMap((move) => groupOf(world, move) ?? [])[0] ?? false,
    'stock.picking.reference_ids': (world, row) => [...new Set(movesOf(world, row.id).flatMap((move) => idsOf(move, 'reference_ids')))],
    'stock.move.lot_ids': (world, row) => [...new Set(linesOf(world, row.id).flatMap((line) => referenceOf(line, 'lot_id') ?? []))],
    'stock.move.line.state': (world, row) => world.db.get('stock.move', numberOf(row, 'move_id'))?.['state'] ?? 'draft',
  },
  create: { 'stock.picking': createPicking, 'stock.move': createMove, 'stock.move.line': insertLine },
  created: {
    'stock.move': (world, move) => {
      settle(world, move.id);
    },
  },
  writing: { 'stock.picking': forbidRetyping, 'stock.move': leavePlace, 'stock.move.line': moveReservation },
  written: {
    'stock.picking': (world, { before, after }) => {
      const target = referenceOf(after, 'location_dest_id');
      if (target !== null && target !== before['location_dest_id']) redirectMoves(world, after, target);
    },
    'stock.move': (world, { after, asked }) => {
      if (!isOpen(after)) return;
      if (typeof asked['quantity'] === 'number') setQuantity(world, after, asked['quantity']);
      if (typeof asked['picked'] === 'boolean')
        for (const line of linesOf(world, after.id)) world.db.update('stock.move.line', line.id, { picked: asked['picked'] });
      if (asked['picking_id'] !== undefined)
        for (const line of linesOf(world, after.id))
          world.db.update('stock.move.line', line.id, { picking_id: after['picking_id'] ?? false });
      if (asked['product_uom_qty'] !== undefined) settle(world, after.id);
    },
    'stock.move.line': (world, { after, asked }) => {
      const moveId = numberOf(after, 'move_id');
      if (asked['picked'] !== undefined && moveId > 0)
        world.db.update('stock.move', moveId, { picked: linesOf(world, moveId).some((line) => line['picked'] === true) });
      if (moveId > 0) settle(world, moveId);
    },
  },
  removing: { 'stock.move.line': releaseLine },
};

/** A move that goes elsewhere gives back what it reserves. Its quantity is set after the rest, because that changes its lines. */
function leavePlace(world: World, before: Row, values: Values): Values {
  const { quantity: _set, ...others } = values;
  const moved = others['location_id'] !== undefined && others['location_id'] !== before['location_id'];
  if (moved && isOpen(before)) {
    const { quantity, state } = unreserve(world, before);
    return { quantity: quantity ?? 0, state: state ?? '', ...others };
  }
  return others;
}

/** The warehouse below whose view a location lies. */
export function warehouseOf(world: World, locationId: number): Value {
  for (let at: number | null = locationId; at !== null; at = referenceOf(world.db.get('stock.location', at) ?? {}, 'location_id')) {
    const [warehouse] = rowsBy(world, 'stock.warehouse', 'view_location_id', at);
    if (warehouse !== undefined) return warehouse.id;
  }
  return false;
}

/** Units of an order line that reached the customer: those that only went to the exit do not count, and those that came back do not any more. */
export function deliveredUnits(world: World, lineId: number): number {
  const units = new Map<number, number>();
  const add = (move: Row, sign: number) => {
    const product = numberOf(move, 'product_id');
    units.set(product, (units.get(product) ?? 0) + sign * numberOf(move, 'quantity'));
  };
  for (const move of rowsBy(world, 'stock.move', 'sale_line_id', lineId)) {
    if (move['state'] !== 'done') continue;
    const to = usageOf(world, numberOf(move, 'location_dest_id'));
    const from = usageOf(world, numberOf(move, 'location_id'));
    if (to === 'customer') add(move, 1);
    else if (from === 'customer' && move['to_refund'] === true) add(move, -1);
  }
  const line = world.db.get('sale.order.line', lineId);
  return (line && kitsDelivered(world, line, units)) ?? [...units.values()].reduce((sum, each) => sum + each, 0);
}

function usageOf(world: World, locationId: number): string {
  return textOf(world.db.get('stock.location', locationId) ?? {}, 'usage');
}
