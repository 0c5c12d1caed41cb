import { z } from 'zod';
import type { OdooClient } from '../client/client.ts';
import { rowsPerCall } from '../client/limits.ts';

/** A product at a place where more is set aside than there is. */
export type OverReserved = { readonly product: number; readonly location: number; readonly quantity: number; readonly reserved: number };

/**
 * Where more is set aside than there is, which Odoo lets happen when orders are confirmed at the same time. One product and place may have several rows of stock, so only their sum
 * tells; a sum can be too high only where one row is, so only those are looked at.
 */
export async function readOverReserved(client: OdooClient): Promise<readonly OverReserved[]> {
  const fields = ['product_id', 'location_id', 'quantity', 'reserved_quantity'];
  const products = new Set<number>();
  const domain = [
    ['reserved_quantity', '>', 0],
    ['location_id.usage', '=', 'internal'],
  ];
  for await (const page of client.pages('stock.quant', { domain, fields }, quantSchema))
    for (const row of page) if (row.reserved_quantity > row.quantity) products.add(row.product_id);
  const suspects = [...products];
  const rows: Quant[] = [];
  for (let at = 0; at < suspects.length; at += rowsPerCall) {
    const ofProducts = [
      ['product_id', 'in', suspects.slice(at, at + rowsPerCall)],
      ['location_id.usage', '=', 'internal'],
    ];
    rows.push(...(await client.searchRead('stock.quant', { domain: ofProducts, fields }, quantSchema)));
  }
  return overReserved(rows);
}

/** Sums rows of stock per product and place, and keeps those with more reserved than there is. */
export function overReserved(rows: readonly Quant[]): OverReserved[] {
  const sums = new Map<string, { product: number; location: number; quantity: number; reserved: number }>();
  for (const row of rows) {
    const key = `${row.product_id} ${row.location_id}`;
    const sum = sums.get(key) ?? { product: row.product_id, location: row.location_id, quantity: 0, reserved: 0 };
    sum.quantity += row.quantity;
    sum.reserved += row.reserved_quantity;
    sums.set(key, sum);
  }
  // Sums of floats may miss one another by a hair.
  return [...sums.values()].filter(({ quantity, reserved }) => reserved > quantity + 1e-6);
}

const quantSchema = z.object({
  id: z.int(),
  product_id: z.int(),
  location_id: z.int(),
  quantity: z.number(),
  reserved_quantity: z.number(),
});
type Quant = z.infer<typeof quantSchema>;
