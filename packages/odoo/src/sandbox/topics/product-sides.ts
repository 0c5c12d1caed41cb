import { char, float, one } from '../engine/field.ts';
import type { Topic } from '../engine/topic.ts';

/** OCA's module `product_dimension`. Its unit of length is a metre until one says otherwise; `uom.product_uom_cm` is there for that. */
export const productDimension: Topic = {
  models: () => ({
    'product.product': {
      product_length: float,
      product_width: float,
      product_height: float,
      dimensional_uom_id: one('uom.uom'),
    },
  }),
  install(world) {
    const { id } = world.db.insert('uom.uom', { name: 'cm', factor: world.version < 19 ? 100 : 10, active: true });
    world.db.nameRecord('uom.product_uom_cm', 'uom.uom', id);
  },
};

/** Packagings of products, which Odoo has until 18; the unit of their types is the millimetre. */
export const productPackagings: Topic = {
  models: (version) =>
    version < 19
      ? {
          'product.packaging': {
            name: { ...char, required: true },
            product_id: one('product.product', { required: true }),
            qty: float,
            package_type_id: one('stock.package.type'),
          },
          'stock.package.type': { length_uom_name: { ...char, computed: true } },
        }
      : {},
  computed: { 'stock.package.type.length_uom_name': () => 'mm' },
};
