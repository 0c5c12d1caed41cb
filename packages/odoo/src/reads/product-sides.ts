import type { ErpProduct } from '@quartermaster/domain';
import { z } from 'zod';
import { ifReadable } from '../capabilities/if-readable.ts';
import type { Session } from '../session/session.ts';

type Sides = NonNullable<ErpProduct['millimetres']>;

const reference = z.union([z.int(), z.literal(false)]);
const side = z.union([z.number(), z.literal(false)]).transform(Number);

const dimensionFields = ['product_length', 'product_width', 'product_height', 'dimensional_uom_id'] as const;
const dimensionSchema = z.object({
  id: z.int(),
  product_length: side,
  product_width: side,
  product_height: side,
  dimensional_uom_id: reference,
});
const packagingFields = ['product_id', 'qty', 'package_type_id'] as const;
const packagingSchema = z.object({ id: z.int(), product_id: z.int(), package_type_id: reference });
const typeSchema = z.object({
  id: z.int(),
  packaging_length: side,
  width: side,
  height: side,
  length_uom_name: z.union([z.string(), z.literal(false)]),
});

/**
 * Sides of one unit of these products, in whole millimetres (rounded up), by product id; a product of which nobody told all three is missing. From OCA's `product_dimension` where that module is installed; else, in Odoo 17 and
 * 18, from the package type of a packaging that contains one unit. Odoo 19 has no packagings of products any more. What this user may not read, or the database does not have, counts as not told.
 */
export async function readSides(session: Session, products: readonly number[]): Promise<ReadonlyMap<number, Sides>> {
  if (products.length === 0) return new Map();
  const told = new Map<number, Sides>();
  if (await knows(session, 'product.product', dimensionFields))
    for (const [product, sides] of (await ifReadable(() => readDimensions(session, products))) ?? []) told.set(product, sides);
  const left = products.filter((product) => !told.has(product));
  if (left.length > 0 && session.client.version < 19 && (await knows(session, 'product.packaging', packagingFields)))
    for (const [product, sides] of (await ifReadable(() => readPackagings(session, left))) ?? []) told.set(product, sides);
  return told;
}

async function readDimensions({ client }: Session, products: readonly number[]): Promise<Map<number, Sides>> {
  const query = { domain: [['id', 'in', [...products]]], fields: dimensionFields };
  const rows = await client.searchRead('product.product', query, dimensionSchema);
  const units = [...new Set(rows.flatMap(({ dimensional_uom_id: unit }) => (unit === false ? [] : [unit])))];
  const sizes =
    units.length === 0
      ? []
      : await client.searchRead('uom.uom', { domain: [['id', 'in', units]], fields: ['factor'], archived: true }, unitSchema);
  const millimetresOf = new Map(sizes.map(({ id, factor }) => [id, unitMillimetres(client.version, factor)]));
  return sidesOf(
    rows.map(({ id, product_length, product_width, product_height, dimensional_uom_id: unit }) => ({
      product: id,
      sides: [product_length, product_width, product_height],
      // The module's own default is the metre.
      unit: unit === false ? 1_000 : (millimetresOf.get(unit) ?? 0),
    })),
  );
}

async function readPackagings({ client }: Session, products: readonly number[]): Promise<Map<number, Sides>> {
  const query = {
    domain: [
      ['product_id', 'in', [...products]],
      ['qty', '=', 1],
      ['package_type_id', '!=', false],
    ],
    fields: ['product_id', 'package_type_id'],
  };
  const packagings = await client.searchRead('product.packaging', query, packagingSchema);
  const types = [...new Set(packagings.flatMap(({ package_type_id: type }) => (type === false ? [] : [type])))];
  if (types.length === 0) return new Map();
  const fields = ['packaging_length', 'width', 'height', 'length_uom_name'];
  const rows = await client.searchRead('stock.package.type', { domain: [['id', 'in', types]], fields }, typeSchema);
  const typeOf = new Map(rows.map((row) => [row.id, row]));
  return sidesOf(
    packagings.flatMap(({ product_id: product, package_type_id }) => {
      const type = package_type_id === false ? undefined : typeOf.get(package_type_id);
      if (type === undefined) return [];
      const { packaging_length, width, height, length_uom_name } = type;
      return [
        {
          product,
          sides: [packaging_length, width, height],
          unit: typeof length_uom_name === 'string' && length_uom_name.startsWith('ft') ? 304.8 : 1,
        },
      ];
    }),
  );
}

const unitSchema = z.object({ id: z.int(), factor: z.number().positive() });

/** Until Odoo 18 lengths are counted from the metre, of which `factor` says how many of the unit it has; from 19 on from the millimetre, and `factor` is how many of them the unit has. */
function unitMillimetres(version: number, factor: number): number {
  return version < 19 ? 1_000 / factor : factor;
}

/** Of a product that is told of twice the first one stands. */
function sidesOf(
  rows: readonly { readonly product: number; readonly sides: readonly number[]; readonly unit: number }[],
): Map<number, Sides> {
  const found = new Map<number, Sides>();
  for (const { product, sides, unit } of rows) {
    // A millionth less, so that what a float has too much does not become a millimetre.
    const [length = 0, width = 0, height = 0] = sides.map((each) => Math.ceil(each * unit - 1e-6));
    if (!found.has(product) && length > 0 && width > 0 && height > 0) found.set(product, [length, width, height]);
  }
  return found;
}

/** Whether the database has all of these fields; asked once for a connection, and again after it failed. */
async function knows({ client }: Session, model: string, fields: readonly string[]): Promise<boolean> {
  const models = knowing.get(client) ?? new Map<string, Promise<boolean>>();
  knowing.set(client, models);
  const asked = models.get(model) ?? hasAll(client, model, fields);
  models.set(model, asked);
  try {
    return await asked;
  } catch (error) {
    models.delete(model);
    throw error;
  }
}

async function hasAll(client: Session['client'], model: string, fields: readonly string[]): Promise<boolean> {
  const known = await ifReadable(() => client.knownFields(model, fields));
  return known !== null && fields.every((field) => known.has(field));
}

/** By connection: a module that is installed later is seen by the next process. */
const knowing = new WeakMap<object, Map<string, Promise<boolean>>>();
