import { z } from 'zod';
import { rowCells, type RowCells } from './rate-book/row-cells.ts';
import { readSheet, type BadRow, type SheetText } from './rate-book/sheet.ts';

const sideSchema = z.int().positive();

/**
 * What a packer must know of one unit of a product beyond its weight: its sides as it stands upright, in millimetres (left out where somebody else knows them), and how it may be packed. What is not said is
 * `false`: it may be turned and stacked, goes with everything and needs a box.
 */
export const productSidesSchema = z.strictObject({
  millimetres: z.tuple([sideSchema, sideSchema, sideSchema]).optional(),
  /** Nothing may be above it. */
  fragile: z.boolean().default(false),
  /** No other unit may be in its parcel. */
  alone: z.boolean().default(false),
  /** It leaves in the packaging that it came in, as a parcel of its own. */
  ownPackaging: z.boolean().default(false),
  /** Its third side stays upright. */
  upright: z.boolean().default(false),
  /** Soft: it may go into a bag, and lies flat. */
  polybag: z.boolean().default(false),
  /** Class of dangerous goods; those of different classes are not in one parcel. */
  hazard: z.string().min(1).max(60).nullable().default(null),
});
export type ProductSides = z.infer<typeof productSidesSchema>;

export type ReadProductSides =
  | { readonly kind: 'read'; readonly products: Readonly<Record<string, ProductSides>> }
  | { readonly kind: 'refused'; readonly problems: readonly BadRow[] };

const sides = ['length', 'width', 'height'] as const;
const flags = ['fragile', 'alone', 'own_packaging', 'upright', 'polybag'] as const;

/**
 * Reads the sides of products from CSV: a column `sku`, `length`, `width` and `height` in whole millimetres (all three or none), `fragile`, `alone`, `own_packaging`, `upright` and `polybag` with yes or no, and
 * `hazard`. Every bad row is told, and none is taken then.
 */
export function importProductSides(sheet: SheetText): ReadProductSides {
  const { rows, hasDecimalComma, problems } = readSheet(sheet, { must: ['sku'], may: [...sides, ...flags, 'hazard'] });
  const found = [...problems];
  const products = new Map<string, ProductSides>();
  for (const row of rows) {
    const before = found.length;
    const cells = rowCells(row, { file: sheet.file, units: 'metric', currency: '', hasDecimalComma, problems: found });
    const sku = cells.mustText('sku');
    const product = productOf(cells);
    if (sku !== null && products.has(sku)) cells.tell('sku', `${sku} is there already`);
    if (sku !== null && found.length === before) products.set(sku, product);
  }
  return found.length > 0 ? { kind: 'refused', problems: found } : { kind: 'read', products: Object.fromEntries(products) };
}

function productOf(cells: RowCells): ProductSides {
  const given = sides.map((side) => cells.text(side));
  const [length, width, height] = sides.map((side) => cells.whole(side));
  const missing = sides.filter((_, at) => given[at] === null);
  if (missing.length === 1 || missing.length === 2) for (const side of missing) cells.tell(side, 'is empty, and another side is not');
  const yes = (flag: (typeof flags)[number]) => cells.isYes(flag) ?? false;
  const hazard = cells.text('hazard');
  return {
    ...(length && width && height ? { millimetres: [length, width, height] } : {}),
    fragile: yes('fragile'),
    alone: yes('alone'),
    ownPackaging: yes('own_packaging'),
    upright: yes('upright'),
    polybag: yes('polybag'),
    hazard,
  };
}
