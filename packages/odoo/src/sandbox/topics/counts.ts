import { numberOf, referenceOf, textOf, type Row, type Values } from '../engine/database.ts';
import { userError } from '../engine/errors.ts';
import { boolean } from '../engine/field.ts';
import { action, type Topic } from '../engine/topic.ts';
import { required, type Context, type World } from '../engine/world.ts';
import { addTo, clearEmptyQuants, placeOf, quantOf, type Place } from './quants.ts';
import { freeReservation, reserveWaiting, trackingOf } from './reservation.ts';
import { wizard } from './validation.ts';

/** Inventory counts. What is lost or found goes to and comes from the place "Inventory adjustment", so that nothing vanishes. */
export const counts: Topic = {
  models: () => ({ 'stock.quant': { is_outdated: boolean }, 'stock.move': { is_inventory: boolean } }),
  methods: { 'stock.quant': { action_apply_inventory: action((world, { ids }) => applyInventory(world, ids)) } },
  create: { 'stock.quant': countedQuant },
  written: {
    'stock.quant': (world, { after, asked }) => {
      if (asked['inventory_quantity'] !== undefined) world.db.update('stock.quant', after.id, { inventory_quantity_set: true });
    },
  },
  install(world) {
    const place = { location_id: false, barcode: false, company_id: world.companyId, active: true } as const;
    world.db.insert('stock.location', { ...place, name: 'Inventory adjustment', usage: 'inventory' });
  },
};

/** In inventory mode a count goes to the quant that is there; it takes effect when it is applied. */
function countedQuant(world: World, values: Values, context: Context): Row {
  if (context['inventory_mode'] !== true) throw userError('The requested operation cannot be processed because of a programming error.');
  const quant = quantOf(world, placeOf({ id: 0, ...values }));
  return world.db.update('stock.quant', quant.id, {
    inventory_quantity: numberOf(values, 'inventory_quantity'),
    inventory_quantity_set: true,
  });
}

/**
 * `action_apply_inventory`. Only Odoo 19 then reserves for what waits. A product with lots that is counted without one makes 17 and 18 ask a person, and apply nothing of the call; 19
 * applies it as it is.
 */
function applyInventory(world: World, ids: readonly number[]): unknown {
  const quants = ids.map((id) => required(world.db.get('stock.quant', id), `quant ${id}`));
  const doubtful = quants.some(
    (quant) =>
      trackingOf(world, numberOf(quant, 'product_id')) !== 'none' &&
      referenceOf(quant, 'lot_id') === null &&
      numberOf(quant, 'quantity') === 0 &&
      numberOf(quant, 'inventory_quantity') !== 0,
  );
  if (doubtful && world.version < 19) return wizard('Tracked Products in Inventory Adjustment', 'stock.track.confirmation', ids);
  if (!world.administrator && world.version === 17) throw userError('Only a stock manager can validate an inventory adjustment.');
  for (const quant of quants) {
    const difference = numberOf(quant, 'inventory_quantity') - numberOf(quant, 'quantity');
    const place = placeOf(quant);
    addTo(world, { ...place, location_id: adjustmentId(world), package_id: false }, { quantity: -difference });
    bookCount(world, place, difference);
    const counted = world.db.update('stock.quant', quant.id, {
      quantity: numberOf(quant, 'inventory_quantity'),
      inventory_quantity: 0,
      inventory_quantity_set: false,
    });
    const free = numberOf(counted, 'quantity') - numberOf(counted, 'reserved_quantity');
    if (difference < 0 && free < 0) freeReservation(world, place, -free, new Set());
    if (world.version === 19) reserveWaiting(world, place.product_id, place.location_id);
    clearEmptyQuants(world, place.product_id);
  }
  return undefined;
}

/** What a count changed is a done move, of 0 units where it found the books right; Odoo books that as lost. */
function bookCount(world: World, { product_id, location_id }: Place, difference: number): void {
  const [from, to] = difference > 0 ? [adjustmentId(world), location_id] : [location_id, adjustmentId(world)];
  const name = difference === 0 ? 'Product Quantity Confirmed' : 'Product Quantity Updated';
  world.db.insert('stock.move', {
    ...(world.version < 19 ? { name } : {}),
    product_id,
    product_uom_qty: Math.abs(difference),
    quantity: Math.abs(difference),
    picked: true,
    is_inventory: true,
    state: 'done',
    date: world.clock.now().slice(0, 19).replace('T', ' '),
    location_id: from,
    location_dest_id: to,
    picking_id: false,
    picking_type_id: false,
    company_id: world.companyId,
  });
}

function adjustmentId(world: World): number {
  for (const location of world.db.all('stock.location'))
    if (location['usage'] === 'inventory' && textOf(location, 'name') === 'Inventory adjustment') return location.id;
  throw new RangeError('the sandbox has no place for inventory adjustments');
}
