import { textOf, type Values } from '../engine/database.ts';
import { boolean, char, code, computed, float, one, selection, set, type Model } from '../engine/field.ts';
import type { Topic } from '../engine/topic.ts';
import type { World } from '../engine/world.ts';

/** Products, their prices and their taxes. */
export const products: Topic = {
  models: (version) => {
    const kind: Model =
      version === 17
        ? { detailed_type: selection('consu', 'service', 'product'), type: selection('consu', 'service', 'product') }
        : { type: selection('consu', 'service', 'combo'), is_storable: boolean };
    return {
      'product.product': {
        name: { ...char, required: true, label: 'Name' },
        default_code: { ...code, label: 'Internal Reference' },
        barcode: { ...code, label: 'Barcode' },
        weight: { ...float, precision: 'Stock Weight' },
        volume: { ...float, precision: 'Volume' },
        weight_uom_name: computed('char'),
        volume_uom_name: computed('char'),
        list_price: { ...float, precision: 'Product Price' },
        taxes_id: set('account.tax'),
        active: boolean,
        ...kind,
      },
      'account.tax': { name: char, amount: float },
      'product.pricelist': {
        name: char,
        currency_id: one('res.currency', { required: true }),
        company_id: one('res.company'),
        active: boolean,
      },
    };
  },
  computed: {
    'product.product.weight_uom_name': () => 'kg',
    'product.product.volume_uom_name': () => 'm³',
  },
  create: {
    'product.product': (world, values) =>
      world.db.insert('product.product', {
        active: true,
        tracking: 'none',
        weight: 0,
        volume: 0,
        list_price: 1,
        default_code: false,
        barcode: false,
        ...defaultTax(world),
        ...values,
        ...kindOf(world, values),
      }),
  },
  install(world) {
    world.db.insert('account.tax', { name: '15%', amount: 15 });
  },
};

function defaultTax(world: World): Values {
  const [tax] = world.db.all('account.tax');
  return { taxes_id: tax === undefined ? [] : [tax.id] };
}

/** Odoo 17 keeps the kind of a product in two fields. */
function kindOf(world: World, values: Values): Values {
  if (world.version > 17) return { type: values['type'] ?? 'consu', is_storable: values['is_storable'] ?? false };
  const kind = textOf(values, 'detailed_type') || 'consu';
  return { detailed_type: kind, type: kind };
}
