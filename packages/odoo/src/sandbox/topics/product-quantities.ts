import { numberOf, type Row } from '../engine/database.ts';
import { computed, datetime } from '../engine/field.ts';
import type { Compute, Topic } from '../engine/topic.ts';
import { rowsBy, type Context, type World } from '../engine/world.ts';
import { componentsOfKit } from './kits.ts';
import { isWithin } from './quants.ts';
import { isOpen } from './reservation.ts';

type Quantities = { readonly onHand: number; readonly free: number; readonly incoming: number; readonly outgoing: number };

/** What a product has, comes in and goes out, of the places that the context names; and the dates and units of moves that this is read by. */
export const productQuantities: Topic = {
  models: () => ({
    'product.product': {
      qty_available: computed('float'),
      free_qty: computed('float'),
      virtual_available: computed('float'),
      incoming_qty: computed('float'),
      outgoing_qty: computed('float'),
    },
    'stock.move': { product_qty: computed('float'), date: datetime, date_deadline: datetime },
    'mail.message': { date: datetime },
  }),
  computed: {
    'product.product.qty_available': quantity(({ onHand }) => onHand),
    'product.product.free_qty': quantity(({ free }) => free),
    'product.product.virtual_available': quantity(({ onHand, incoming, outgoing }) => onHand + incoming - outgoing),
    'product.product.incoming_qty': quantity(({ incoming }) => incoming),
    'product.product.outgoing_qty': quantity(({ outgoing }) => outgoing),
    'stock.move.product_qty': (_world, row) => numberOf(row, 'product_uom_qty'),
  },
};

function quantity(of: (quantities: Quantities) => number): Compute {
  return (world, product, context) => {
    const roots = placesOf(world, context);
    const kit = componentsOfKit(world, product);
    if (kit === undefined) return of(quantitiesOf(world, product.id, roots));
    // Odoo rounds each ratio to hundredths before it takes the smallest.
    const ratios = [...kit.needed].map(([component, units]) => Math.round((of(quantitiesOf(world, component, roots)) / units) * 100) / 100);
    return ratios.length === 0 ? 0 : Math.floor(Math.min(...ratios) * kit.makes + 1e-6);
  };
}

function quantitiesOf(world: World, product: number, roots: readonly number[]): Quantities {
  const inside = (location: number) => roots.some((root) => isWithin(world, location, root));
  const sum = (rows: readonly Row[], field: string) => rows.reduce((total, row) => total + numberOf(row, field), 0);
  const quants = rowsBy(world, 'stock.quant', 'product_id', product).filter((quant) => inside(numberOf(quant, 'location_id')));
  const moves = rowsBy(world, 'stock.move', 'product_id', product).filter((move) => isOpen(move) && move['state'] !== 'draft');
  const crossing = (from: boolean) =>
    moves.filter((move) => inside(numberOf(move, 'location_id')) === from && inside(numberOf(move, 'location_dest_id')) !== from);
  const onHand = sum(quants, 'quantity');
  return {
    onHand,
    free: onHand - sum(quants, 'reserved_quantity'),
    incoming: sum(crossing(false), 'product_uom_qty'),
    outgoing: sum(crossing(true), 'product_uom_qty'),
  };
}

/** The wrong key of the version is ignored in silence, and gives all warehouses of the company. */
function placesOf(world: World, context: Context): readonly number[] {
  const named = (key: string) => [context[key] ?? []].flat().filter((id) => typeof id === 'number');
  const locations = named('location');
  if (locations.length > 0) return locations;
  const warehouses = named(world.version === 17 ? 'warehouse' : 'warehouse_id');
  const asked = [...world.db.all('stock.warehouse')].filter((each) => warehouses.length === 0 || warehouses.includes(each.id));
  return asked.map((warehouse) => numberOf(warehouse, 'view_location_id'));
}
