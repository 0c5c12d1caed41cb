import { idsOf, numberOf, referenceOf, textOf, type Row, type Value } from './database.ts';
import { lineAmounts, orderAmounts, pickingsOfOrder } from './sales.ts';
import { groupOf, movesOf, pickingState, rowsBy } from './stock.ts';
import { currencyCode, rounded, type World } from './world.ts';

/** Value of a field as it is stored or computed. Empty values are false, of relations to many an empty list. */
export function readField(world: World, model: string, row: Row, name: string): Value {
  const field = world.db.field(model, name);
  if (field?.computed === true) return computed[`${model}.${name}`]?.(world, row) ?? false;
  if (field?.type === 'one2many') return rowsBy(world, field.model ?? '', field.inverse ?? '', row.id).map((each) => each.id);
  const value = row[name];
  if (value !== undefined) return value;
  return field?.type === 'many2many' ? [] : field?.type === 'float' || field?.type === 'integer' ? 0 : false;
}

const computed: Readonly<Record<string, (world: World, row: Row) => Value>> = {
  'product.product.weight_uom_name': () => 'kg',
  'product.product.volume_uom_name': () => 'm³',
  'stock.location.complete_name': (world, row) =>
    pathOf(world, row)
      .map((location) => textOf(location, 'name'))
      .join('/'),
  'stock.location.parent_path': (world, row) =>
    `${pathOf(world, row)
      .map((location) => location.id)
      .join('/')}/`,
  'stock.quant.available_quantity': (_world, row) => numberOf(row, 'quantity') - numberOf(row, 'reserved_quantity'),
  'sale.order.currency_id': (world, row) => world.db.lookUp('res.currency', 'name', currencyCode(world, row))?.[0] ?? false,
  'sale.order.amount_untaxed': (world, row) => orderAmounts(world, row).untaxed,
  'sale.order.amount_tax': (world, row) => orderAmounts(world, row).tax,
  'sale.order.amount_total': (world, row) => {
    const { untaxed, tax } = orderAmounts(world, row);
    return rounded(untaxed + tax, 6);
  },
  'sale.order.picking_ids': (world, row) => pickingsOfOrder(world, row.id).map((picking) => picking.id),
  'sale.order.delivery_status': (world, row) => {
    const states = new Set(pickingsOfOrder(world, row.id).map((picking) => pickingState(world, picking)));
    states.delete('cancel');
    if (states.size === 0) return false;
    if (!states.has('done')) return 'pending';
    return states.size === 1 ? 'full' : 'partial';
  },
  'sale.order.line.price_subtotal': (world, row) => lineAmounts(world, row).untaxed,
  'sale.order.line.qty_delivered': (world, row) =>
    rowsBy(world, 'stock.move', 'sale_line_id', row.id)
      .filter((move) => move['state'] === 'done')
      .reduce((sum, move) => sum + numberOf(move, 'quantity'), 0),
  'stock.picking.state': (world, row) => pickingState(world, row),
  'stock.picking.sale_id': (world, row) => {
    const lines = movesOf(world, row.id).flatMap((move) => referenceOf(move, 'sale_line_id') ?? []);
    const line = lines[0] === undefined ? undefined : world.db.get('sale.order.line', lines[0]);
    return line === undefined ? false : (referenceOf(line, 'order_id') ?? false);
  },
  'stock.picking.group_id': (world, row) => movesOf(world, row.id).map((move) => groupOf(world, move))[0] ?? false,
  'stock.picking.reference_ids': (world, row) => [...new Set(movesOf(world, row.id).flatMap((move) => idsOf(move, 'reference_ids')))],
};

/** A location and those above it, the highest first. */
function pathOf(world: World, row: Row): Row[] {
  const path: Row[] = [];
  for (let at: Row | undefined = row; at !== undefined;) {
    path.unshift(at);
    const parent = referenceOf(at, 'location_id');
    at = parent === null ? undefined : world.db.get('stock.location', parent);
  }
  return path;
}
