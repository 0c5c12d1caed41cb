import { numberOf, textOf, type Row } from '../engine/database.ts';
import { PythonError } from '../engine/errors.ts';
import { boolean, char, computed, float, one, selection } from '../engine/field.ts';
import { action, type Topic } from '../engine/topic.ts';
import { rowsBy, type World } from '../engine/world.ts';
import { packageModel } from './packages.ts';

/** The app "Delivery Costs": without it deliveries hold no tracking numbers. */
export const delivery: Topic = {
  models: (version) => ({
    'delivery.carrier': {
      name: { ...char, required: true },
      delivery_type: selection('base_on_rule', 'fixed'),
      product_id: one('product.product', { required: true }),
      fixed_price: float,
      company_id: one('res.company'),
      active: boolean,
      ...(version > 17 ? { tracking_url: char } : {}),
    },
    'stock.picking': {
      carrier_id: one('delivery.carrier'),
      carrier_tracking_ref: char,
      carrier_tracking_url: computed('char'),
      carrier_price: float,
      shipping_weight: computed('float'),
    },
    'sale.order': { carrier_id: one('delivery.carrier') },
  }),
  methods: {
    'stock.picking': {
      send_to_shipper: action((world, { ids }) => {
        for (const id of ids)
          if (world.db.get('stock.picking', id)?.['carrier_id'] === false)
            throw new PythonError('builtins.ValueError', 'Expected singleton: delivery.carrier()');
        return undefined;
      }),
    },
  },
  computed: { 'stock.picking.carrier_tracking_url': trackingUrl, 'stock.picking.shipping_weight': shippingWeight },
};

/** Only from 18 on a carrier says where its parcels are followed; several numbers go into it as one text. */
function trackingUrl(world: World, picking: Row): string | false {
  const carrier = world.db.get('delivery.carrier', numberOf(picking, 'carrier_id'));
  const tracking = textOf(picking, 'carrier_tracking_ref');
  const pattern = textOf(carrier ?? {}, 'tracking_url');
  return pattern === '' || tracking === '' ? false : pattern.replaceAll('<shipmenttrackingnumber>', tracking);
}

/** What the packages weigh, or their goods where nobody weighed them, and the goods without a package. */
function shippingWeight(world: World, picking: Row): number {
  const lines = rowsBy(world, 'stock.move.line', 'picking_id', picking.id);
  const weightOf = (line: Row) =>
    numberOf(line, 'quantity') * numberOf(world.db.get('product.product', numberOf(line, 'product_id')) ?? {}, 'weight');
  const packages = new Map<number, number>();
  let total = 0;
  for (const line of lines) {
    const parcel = numberOf(line, 'result_package_id');
    if (parcel === 0) total += weightOf(line);
    else packages.set(parcel, (packages.get(parcel) ?? 0) + weightOf(line));
  }
  for (const [id, goods] of packages) total += numberOf(world.db.get(packageModel(world.version), id) ?? {}, 'shipping_weight') || goods;
  return total;
}

/** A delivery of a carrier that leaves without a tracking number is announced to the carrier, whose price then takes the place of the one that was written. */
export function announce(world: World, picking: Row): void {
  const carrier = world.db.get('delivery.carrier', numberOf(picking, 'carrier_id'));
  if (carrier === undefined || textOf(picking, 'carrier_tracking_ref') !== '') return;
  world.db.update('stock.picking', picking.id, { carrier_price: numberOf(carrier, 'fixed_price') });
}
