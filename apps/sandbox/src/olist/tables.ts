import { join } from 'node:path';
import { z } from 'zod';
import { readCsv } from './csv.ts';
import { middleOf, type Place } from './geography.ts';

/** What we use of the public Olist files, read whole: 22,870 orders take a second or two. */
export type OlistTables = {
  readonly orders: readonly OlistOrder[];
  readonly itemsByOrder: ReadonlyMap<string, readonly OlistItem[]>;
  readonly paidMinorByOrder: ReadonlyMap<string, number>;
  readonly customers: ReadonlyMap<string, OlistPlaceOfPerson>;
  readonly sellers: ReadonlyMap<string, OlistPlaceOfPerson>;
  readonly products: ReadonlyMap<string, OlistProduct>;
  /** Middle of a postcode prefix; of its first digits, or of all places, where the prefix itself is unknown. */
  placeOf(postcodePrefix: string): Place;
};

export type OlistOrder = {
  readonly id: string;
  readonly customer: string;
  /** Local time of the shop, `YYYY-MM-DD HH:MM:SS`. */
  readonly purchasedAt: string;
  /** `YYYY-MM-DD` until which delivery was promised. */
  readonly promisedOn: string;
};
export type OlistItem = { readonly product: string; readonly seller: string; readonly priceMinor: number; readonly freightMinor: number };
export type OlistProduct = { readonly category: string; readonly grams: number; readonly millilitres: number };
export type OlistPlaceOfPerson = { readonly postcodePrefix: string; readonly city: string; readonly state: string };

/** Reads the folder's files. Throws what the file system throws when one is missing, and a `ZodError` with the field's name when one has another shape. */
export async function readOlistTables(dir: string): Promise<OlistTables> {
  const file = (table: string): string => join(dir, `olist_${table}_dataset.csv`);
  const english = await readRows(join(dir, 'product_category_name_translation.csv'), translationSchema);
  const englishNames = new Map(english.map((row) => [row.product_category_name, row.product_category_name_english]));

  const orders = await readRows(file('orders'), orderSchema);
  const items = await readRows(file('order_items'), itemSchema);
  const payments = await readRows(file('order_payments'), paymentSchema);
  const customers = await readRows(file('customers'), customerSchema);
  const sellers = await readRows(file('sellers'), sellerSchema);
  const products = await readRows(file('products'), productSchema);
  const places = await readRows(file('geolocation'), geolocationSchema);

  const paidMinorByOrder = new Map<string, number>();
  for (const row of payments) paidMinorByOrder.set(row.order_id, (paidMinorByOrder.get(row.order_id) ?? 0) + row.payment_value);
  const byNumber = items.sort((a, b) => a.order_item_id - b.order_item_id);
  return {
    orders: orders.map((row) => ({
      id: row.order_id,
      customer: row.customer_id,
      purchasedAt: row.order_purchase_timestamp,
      promisedOn: row.order_estimated_delivery_date.slice(0, 10),
    })),
    itemsByOrder: grouped(byNumber, (row) => [
      row.order_id,
      { product: row.product_id, seller: row.seller_id, priceMinor: row.price, freightMinor: row.freight_value },
    ]),
    paidMinorByOrder,
    customers: new Map(
      customers.map((row) => [
        row.customer_id,
        { postcodePrefix: row.customer_zip_code_prefix, city: row.customer_city, state: row.customer_state },
      ]),
    ),
    sellers: new Map(
      sellers.map((row) => [
        row.seller_id,
        { postcodePrefix: row.seller_zip_code_prefix, city: row.seller_city.split(',')[0] ?? '', state: row.seller_state },
      ]),
    ),
    products: new Map(
      products.map((row) => [
        row.product_id,
        {
          category: (englishNames.get(row.product_category_name) ?? row.product_category_name) || 'article',
          grams: row.product_weight_g || unknownProduct.grams,
          millilitres: Math.ceil(row.product_length_cm * row.product_height_cm * row.product_width_cm) || unknownProduct.millilitres,
        },
      ]),
    ),
    placeOf: placeFinder(
      places.map((row) => ({
        id: row.geolocation_zip_code_prefix,
        weight: 1,
        latitude: row.geolocation_lat,
        longitude: row.geolocation_lng,
      })),
    ),
  };
}

/** Stands for a product whose weight or size the file leaves empty. */
const unknownProduct = { grams: 500, millilitres: 3000 };

const minor = z
  .string()
  .regex(/^\d+(\.\d{1,2})?$/)
  .transform((text) => Math.round(Number(text) * 100));
const measure = z.union([z.literal('').transform(() => 0), z.coerce.number().nonnegative()]);

const translationSchema = z.object({ product_category_name: z.string(), product_category_name_english: z.string() });
const orderSchema = z.object({
  order_id: z.string(),
  customer_id: z.string(),
  order_purchase_timestamp: z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
  order_estimated_delivery_date: z.string().regex(/^\d{4}-\d\d-\d\d/),
});
const itemSchema = z.object({
  order_id: z.string(),
  order_item_id: z.coerce.number(),
  product_id: z.string(),
  seller_id: z.string(),
  price: minor,
  freight_value: minor,
});
const paymentSchema = z.object({ order_id: z.string(), payment_value: minor });
const customerSchema = z.object({
  customer_id: z.string(),
  customer_zip_code_prefix: z.string(),
  customer_city: z.string(),
  customer_state: z.string(),
});
const sellerSchema = z.object({
  seller_id: z.string(),
  seller_zip_code_prefix: z.string(),
  seller_city: z.string(),
  seller_state: z.string(),
});
const productSchema = z.object({
  product_id: z.string(),
  product_category_name: z.string(),
  product_weight_g: measure,
  product_length_cm: measure,
  product_height_cm: measure,
  product_width_cm: measure,
});
const geolocationSchema = z.object({
  geolocation_zip_code_prefix: z.string(),
  geolocation_lat: z.coerce.number(),
  geolocation_lng: z.coerce.number(),
});

async function readRows<Row>(path: string, schema: z.ZodType<Row>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of readCsv(path)) rows.push(schema.parse(row));
  return rows;
}

function grouped<Row, Value>(rows: readonly Row[], entry: (row: Row) => readonly [string, Value]): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const row of rows) {
    const [key, value] = entry(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

function placeFinder(places: readonly (Place & { id: string; weight: number })[]): (postcodePrefix: string) => Place {
  const byLength = [5, 3, 2, 1, 0].map((length) => {
    const groups = grouped(places, (place) => [place.id.slice(0, length), place]);
    return { length, middles: new Map([...groups].map(([prefix, members]) => [prefix, middleOf(members)])) };
  });
  return (postcodePrefix) => {
    for (const { length, middles } of byLength) {
      const middle = middles.get(postcodePrefix.slice(0, length));
      if (middle !== undefined) return middle;
    }
    throw new RangeError('the geolocation file has no places');
  };
}
