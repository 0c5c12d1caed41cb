import type { ErpProduct, Sku } from '@quartermaster/domain';
import type { CartonItem, ProductSides, Sides } from '@quartermaster/parcels';
import { productSidesSchema } from '@quartermaster/parcels';
import type { FlowSettings } from '../settings.ts';

/** What a packer knows of one unit of a product. Grams are 0 where nobody knows the weight. */
export type Good = Omit<ProductSides, 'millimetres'> & { readonly sku: Sku; readonly grams: number; readonly millimetres: Sides };

/** What is known of a product, or null when nobody knows its sides. The config goes before the ERP. */
export function goodOf(
  sku: Sku,
  { settings, product }: { readonly settings: Pick<FlowSettings, 'productSides'>; readonly product: (sku: Sku) => ErpProduct | undefined },
): Good | null {
  const known = product(sku);
  const { millimetres: given, ...manner } = settings.productSides[sku] ?? plain;
  const millimetres = given ?? known?.millimetres ?? null;
  return millimetres === null ? null : { ...manner, sku, grams: known?.grams ?? 0, millimetres };
}

/** Units of a good as the cartonizer takes them. */
export function cartonItem(id: string, good: Good, units: number): CartonItem {
  const { sku, grams, millimetres, fragile, alone, hazard, ownPackaging } = good;
  return {
    id,
    sku,
    units,
    millimetres: [...millimetres],
    grams,
    turning: good.upright ? 'upright' : 'any',
    fragile,
    alone,
    hazard,
    soft: good.polybag ? { pressedPercent: 100 } : null,
    maxPerBox: null,
    ownPackaging,
  };
}

const plain = productSidesSchema.parse({});
