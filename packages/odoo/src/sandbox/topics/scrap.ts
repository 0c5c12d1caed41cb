import { numberOf, referenceOf, textOf, type Row } from '../engine/database.ts';
import { userError } from '../engine/errors.ts';
import { boolean, char, datetime, float, one, selection } from '../engine/field.ts';
import { action, type Topic } from '../engine/topic.ts';
import { required, type World } from '../engine/world.ts';
import { isStorable, placeOf, quantOf } from './quants.ts';
import { insertLine } from './reservation.ts';
import { carryOut, wizard } from './validation.ts';

/** Scrap orders. */
export const scrap: Topic = {
  models: (version) => ({
    ...(version < 19 ? { 'stock.location': { scrap_location: boolean } } : {}),
    'stock.scrap': {
      name: char,
      state: selection('draft', 'done'),
      product_id: one('product.product', { required: true }),
      scrap_qty: float,
      lot_id: one('stock.lot'),
      package_id: one(version < 19 ? 'stock.quant.package' : 'stock.package'),
      owner_id: one('res.partner'),
      location_id: one('stock.location'),
      scrap_location_id: one('stock.location'),
      picking_id: one('stock.picking'),
      origin: char,
      date_done: datetime,
      company_id: one('res.company'),
    },
  }),
  rights: { 'stock.scrap': ['create', 'read', 'write', 'unlink'] },
  methods: { 'stock.scrap': { action_validate: action((world, { ids }) => validateScrap(world, ids[0] ?? 0)) } },
  create: {
    'stock.scrap': (world, values) =>
      world.db.insert('stock.scrap', {
        name: 'New',
        state: 'draft',
        scrap_qty: 1,
        lot_id: false,
        package_id: false,
        picking_id: false,
        origin: false,
        company_id: world.companyId,
        scrap_location_id: scrapPlace(world),
        ...values,
      }),
  },
  removing: {
    'stock.scrap': (_world, row) => {
      if (row['state'] === 'done') throw userError('You cannot delete a scrap which is done.');
    },
  },
  install(world) {
    const place = { location_id: false, barcode: false, company_id: world.companyId, active: true } as const;
    const flag = world.version < 19 ? { scrap_location: true } : {};
    world.db.insert('stock.location', { ...place, ...flag, name: 'Scrap', usage: 'inventory' });
  },
};

/** `action_validate`: asks a person, and does nothing, when less is there than is to be scrapped. A second one scraps again. */
function validateScrap(world: World, id: number): unknown {
  const row = required(world.db.get('stock.scrap', id), `scrap ${id}`);
  const units = numberOf(row, 'scrap_qty');
  if (units === 0) throw userError('You can only enter positive quantities.');
  const place = placeOf(row);
  if (isStorable(world, place.product_id) && numberOf(quantOf(world, place), 'quantity') < units)
    return wizard('Insufficient Quantity To Scrap', 'stock.warn.insufficient.qty.scrap', [id]);
  carryOut(world, [scrapMove(world, row, units)]);
  world.db.update('stock.scrap', id, {
    name: `SP/${String(world.db.next('stock.scrap')).padStart(5, '0')}`,
    state: 'done',
    date_done: world.clock.now().slice(0, 19).replace('T', ' '),
  });
  return true;
}

function scrapMove(world: World, row: Row, units: number): Row {
  const target = referenceOf(row, 'scrap_location_id') ?? scrapPlace(world);
  const { product_id, location_id, lot_id, package_id } = placeOf(row);
  const move = world.db.insert('stock.move', {
    ...(world.version < 19 ? { name: textOf(row, 'name') } : {}),
    product_id,
    product_uom_qty: units,
    quantity: 0,
    picked: true,
    state: 'draft',
    location_id,
    location_dest_id: target,
    picking_id: false,
    picking_type_id: false,
    company_id: world.companyId,
  });
  insertLine(world, { move_id: move.id, quantity: units, lot_id, package_id });
  return world.db.update('stock.move', move.id, { quantity: units, state: 'done' });
}

function scrapPlace(world: World): number | false {
  for (const location of world.db.all('stock.location'))
    if (location['usage'] === 'inventory' && location['name'] === 'Scrap') return location.id;
  return false;
}
