import { z } from 'zod';
import type { Session } from '../session/session.ts';
import type { Bom, BomLine, KitBook, KitProduct } from './kits.ts';

const reference = z.union([z.int(), z.literal(false)]).transform((value) => (value === false ? null : value));
const bomSchema = z.object({
  id: z.int(),
  product_id: reference,
  product_tmpl_id: z.int(),
  product_qty: z.number(),
  product_uom_id: z.int(),
  sequence: z.union([z.int(), z.literal(false)]).transform(Number),
});
const lineSchema = z.object({
  id: z.int(),
  bom_id: z.int(),
  product_id: z.int(),
  product_qty: z.number(),
  product_uom_id: z.int(),
  bom_product_template_attribute_value_ids: z.array(z.int()),
});
const productSchema = z.object({
  id: z.int(),
  product_tmpl_id: z.int(),
  uom_id: z.int(),
  type: z.string(),
  is_storable: z.boolean().optional(),
  product_template_attribute_value_ids: z.array(z.int()),
});

/**
 * Everything that kits of this company are made of; null where there are none, or no app that knows kits (`mrp`). Bills of materials of type `phantom` that are not archived count, of
 * this company or of all. Inventory users may read them.
 */
export async function readKitBook(session: Session): Promise<KitBook | null> {
  const { client, vocabulary } = session;
  if (!(await knowsKits(session))) return null;
  const domain = [
    ['type', '=', 'phantom'],
    ['company_id', 'in', [client.company.id, false]],
  ];
  const bomFields = ['product_id', 'product_tmpl_id', 'product_qty', 'product_uom_id', 'sequence'];
  const boms = await client.searchRead('mrp.bom', { domain, fields: bomFields }, bomSchema);
  if (boms.length === 0) return null;
  const lineFields = ['bom_id', 'product_id', 'product_qty', 'product_uom_id', 'bom_product_template_attribute_value_ids'];
  const inBoms = [['bom_id', 'in', boms.map((bom) => bom.id)]];
  const lines = await client.searchRead('mrp.bom.line', { domain: inBoms, fields: lineFields }, lineSchema);
  const ofTemplates = ['product_tmpl_id', 'in', unique(boms.map((bom) => bom.product_tmpl_id))];
  const inLines = ['id', 'in', unique(lines.map((line) => line.product_id))];
  const productFields = ['product_tmpl_id', 'uom_id', 'type', 'product_template_attribute_value_ids'];
  const products = await client.searchRead(
    'product.product',
    {
      domain: ['|', ofTemplates, inLines],
      fields: [...productFields, ...(vocabulary.storableFlag ? ['is_storable'] : [])],
      archived: true,
    },
    productSchema,
  );
  const units = [...boms, ...lines].map((each) => each.product_uom_id).concat(products.map((product) => product.uom_id));
  const attributeOf = await readAttributes(session, unique(lines.flatMap((line) => line.bom_product_template_attribute_value_ids)));
  return {
    boms: bomsOf(boms, lines, attributeOf),
    products: new Map(products.map((row) => [row.id, productOf(row)])),
    unitSizes: await readUnitSizes(session, unique(units)),
  };
}

function bomsOf(
  boms: readonly z.infer<typeof bomSchema>[],
  lines: readonly z.infer<typeof lineSchema>[],
  attributeOf: ReadonlyMap<number, number>,
): Bom[] {
  const linesOf = Map.groupBy(lines, (line) => line.bom_id);
  return boms.map((bom) => ({
    id: bom.id,
    productId: bom.product_id,
    templateId: bom.product_tmpl_id,
    quantity: bom.product_qty,
    unitId: bom.product_uom_id,
    sequence: bom.sequence,
    lines: (linesOf.get(bom.id) ?? []).map((line): BomLine => ({
      productId: line.product_id,
      quantity: line.product_qty,
      unitId: line.product_uom_id,
      onlyFor: [...Map.groupBy(line.bom_product_template_attribute_value_ids, (value) => attributeOf.get(value)).values()],
    })),
  }));
}

function productOf(row: z.infer<typeof productSchema>): KitProduct {
  return {
    id: row.id,
    templateId: row.product_tmpl_id,
    unitId: row.uom_id,
    storable: row.is_storable ?? row.type === 'product',
    attributeValues: row.product_template_attribute_value_ids,
  };
}

/** Attribute of each of its values. */
async function readAttributes({ client }: Session, values: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (values.length === 0) return new Map();
  const row = z.object({ id: z.int(), attribute_id: z.int() });
  const query = { domain: [['id', 'in', [...values]]], fields: ['attribute_id'], archived: true };
  const rows = await client.searchRead('product.template.attribute.value', query, row);
  return new Map(rows.map(({ id, attribute_id }) => [id, attribute_id]));
}

/** Until Odoo 18 `factor` says how many of a unit make the reference unit, from 19 on how many of the reference unit it is. */
export async function readUnitSizes({ client }: Session, units: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (units.length < 2) return new Map();
  const query = { domain: [['id', 'in', [...units]]], fields: ['factor'], archived: true };
  const rows = await client.searchRead('uom.uom', query, z.object({ id: z.int(), factor: z.number().positive() }));
  return new Map(rows.map(({ id, factor }) => [id, client.version < 19 ? 1 / factor : factor]));
}

/** Whether the database has the app that makes kits. */
export async function knowsKits({ client }: Session): Promise<boolean> {
  const known = knowing.get(client) ?? client.knownFields('product.product', ['is_kits']);
  knowing.set(client, known);
  try {
    return (await known).has('is_kits');
  } catch (error) {
    knowing.delete(client);
    throw error;
  }
}

/** By connection: an app that is installed later is seen by the next process. */
const knowing = new WeakMap<object, Promise<ReadonlySet<string>>>();

function unique(ids: readonly number[]): number[] {
  return [...new Set(ids)];
}
