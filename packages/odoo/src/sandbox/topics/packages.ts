import { type Row, type Values } from '../engine/database.ts';
import { char, float, many, one } from '../engine/field.ts';
import type { Topic } from '../engine/topic.ts';
import { rowsBy, type World } from '../engine/world.ts';

/** Packages and their types. */
export const packages: Topic = {
  models: (version) => ({
    'stock.package.type': {
      name: { ...char, required: true },
      barcode: char,
      base_weight: float,
      max_weight: float,
      packaging_length: float,
      width: float,
      height: float,
    },
    [packageModel(version)]: {
      name: char,
      package_type_id: one('stock.package.type'),
      shipping_weight: float,
      quant_ids: many('stock.quant', 'package_id'),
      location_id: { type: 'many2one', model: 'stock.location', computed: true },
      company_id: one('res.company'),
    },
  }),
  rights: {
    'stock.quant.package': ['create', 'read', 'write', 'unlink'],
    'stock.package': ['create', 'read', 'write', 'unlink'],
  },
  computed: { 'stock.quant.package.location_id': placeOfPackage, 'stock.package.location_id': placeOfPackage },
  create: {
    'stock.quant.package': (world, values) => createPackage(world, 'stock.quant.package', values),
    'stock.package': (world, values) => createPackage(world, 'stock.package', values),
  },
};

export function packageModel(version: number): 'stock.quant.package' | 'stock.package' {
  return version < 19 ? 'stock.quant.package' : 'stock.package';
}

function createPackage(world: World, model: string, values: Values): Row {
  const name = `PACK${String(world.db.next('package')).padStart(7, '0')}`;
  return world.db.insert(model, { package_type_id: false, shipping_weight: 0, company_id: false, name, ...values });
}

function placeOfPackage(world: World, row: Row): number | false {
  const place = rowsBy(world, 'stock.quant', 'package_id', row.id)[0]?.['location_id'];
  return typeof place === 'number' ? place : false;
}
