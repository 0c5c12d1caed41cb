import { numberOf, referenceOf, textOf, type Row, type Values } from '../engine/database.ts';
import { validationError } from '../engine/errors.ts';
import { char, code, computed, one, selection } from '../engine/field.ts';
import type { Topic } from '../engine/topic.ts';
import { rowsBy, type World } from '../engine/world.ts';
import { displayName } from './validation.ts';

/** Lots and serial numbers. */
export const lots: Topic = {
  models: () => ({
    'stock.lot': {
      name: { ...code, required: true, label: 'Lot/Serial Number' },
      ref: char,
      product_id: one('product.product', { required: true, label: 'Product' }),
      company_id: one('res.company'),
      product_qty: computed('float'),
    },
    'product.product': { tracking: selection('serial', 'lot', 'none') },
  }),
  labels: { 'stock.lot': 'Lot/Serial' },
  rights: { 'stock.lot': ['create', 'read', 'write', 'unlink'] },
  computed: {
    'stock.lot.product_qty': (world, row) =>
      rowsBy(world, 'stock.quant', 'lot_id', row.id)
        .filter((quant) =>
          ['internal', 'transit'].includes(textOf(world.db.get('stock.location', numberOf(quant, 'location_id')) ?? {}, 'usage')),
        )
        .reduce((sum, quant) => sum + numberOf(quant, 'quantity'), 0),
  },
  create: { 'stock.lot': createLot },
};

/** The company is required until 17. Two lots of a product never have the same name. */
function createLot(world: World, values: Values): Row {
  const product = referenceOf(values, 'product_id') ?? 0;
  const same = rowsBy(world, 'stock.lot', 'product_id', product).some((lot) => lot['name'] === values['name']);
  if (same) {
    throw validationError(
      `The combination of serial number and product must be unique within a company including when no company is defined.\nThe following combinations contain duplicates:\n - Product: ${displayName(world, product)}, Lot/Serial Number: ${textOf(values, 'name')}`,
    );
  }
  return world.db.insert('stock.lot', { ref: false, company_id: world.version === 17 ? world.companyId : false, ...values });
}
