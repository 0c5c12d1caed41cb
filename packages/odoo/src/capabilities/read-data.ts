import { z } from 'zod';
import { readKitBook, readUnitSizes } from '../reads/read-kits.ts';
import type { Session } from '../session/session.ts';
import type { DataFacts, ProductFacts } from './data-findings.ts';

/** Reads the master data of all products with a SKU that are kept in stock, page by page: a look at a whole catalogue, for a doctor and not for daily work. */
export async function readData(session: Session): Promise<DataFacts> {
  const products = await readProductFacts(session);
  return { products, units: await readUnits(session, products), emptyKits: await readEmptyKits(session) };
}

const id = z.union([z.int(), z.literal(false)]);
const text = z.union([z.string(), z.literal(false)]);
const productSchema = z.object({
  id: z.int(),
  default_code: z.string(),
  barcode: text,
  weight: z.number(),
  uom_id: z.int(),
  uom_po_id: id.optional(),
  uom_ids: z.array(z.int()).optional(),
});

async function readProductFacts({ client, vocabulary }: Session): Promise<ProductFacts[]> {
  // The unit that a product is bought in is the product's until Odoo 18; from 19 on it has a list of packagings.
  const units = await client.knownFields('product.product', ['uom_po_id', 'uom_ids']);
  const fields = ['default_code', 'barcode', 'weight', 'uom_id', ...units];
  const domain = [
    ['default_code', '!=', false],
    ['active', '=', true],
    vocabulary.storableFlag ? ['is_storable', '=', true] : ['type', '=', 'product'],
  ];
  const found: ProductFacts[] = [];
  for await (const page of client.pages('product.product', { domain, fields }, productSchema))
    for (const row of page)
      found.push({
        sku: row.default_code,
        barcode: row.barcode === false || row.barcode === '' ? null : row.barcode,
        kilograms: row.weight,
        unit: row.uom_id,
        otherUnits: [...new Set([row.uom_po_id ?? false, ...(row.uom_ids ?? [])])].flatMap((unit) =>
          unit === false || unit === row.uom_id ? [] : [unit],
        ),
      });
  return found;
}

async function readUnits(session: Session, products: readonly ProductFacts[]): Promise<DataFacts['units']> {
  const wanted = [...new Set(products.flatMap(({ unit, otherUnits }) => (otherUnits.length === 0 ? [] : [unit, ...otherUnits])))];
  const sizes = await readUnitSizes(session, wanted);
  const names = await session.odoo.read('uom.uom', wanted, ['name']);
  return new Map(names.flatMap(({ id: unit, name }) => (sizes.has(unit) ? [[unit, { name, size: sizes.get(unit) ?? 1 }]] : [])));
}

async function readEmptyKits(session: Session): Promise<string[]> {
  const book = await readKitBook(session);
  if (book === null) return [];
  const empty = book.boms.filter(({ lines }) => lines.length === 0);
  const ids = [...book.products.values()].filter((product) =>
    empty.some(({ productId, templateId }) => (productId === null ? templateId === product.templateId : productId === product.id)),
  );
  const rows = await session.odoo.read(
    'product.product',
    ids.map((product) => product.id),
    ['default_code', 'name', 'active'],
  );
  return rows.filter(({ active }) => active).map(({ default_code: sku, name }) => sku ?? name);
}
