import type { Session } from '../session/session.ts';

/** A product of which more is set aside at a location than lies there. */
export type OverReservation = { readonly product: number; readonly location: number; readonly quantity: number; readonly reserved: number };

/** A sum of floats may miss a unit by a hair. */
const hair = 1e-6;

/**
 * Finds what is set aside twice, of some products or of all. The units of a product at a location are summed first: Odoo splits them over several rows while orders are confirmed, and
 * one row alone says nothing.
 */
export async function findOverReservation({ odoo }: Session, products: readonly number[] | null): Promise<OverReservation[]> {
  const suspects = products ?? (await reservedProducts(odoo));
  const sums = new Map<string, { product: number; location: number; quantity: number; reserved: number }>();
  for (let at = 0; at < suspects.length; at += productsPerRead) {
    const quants = odoo.pages(
      'stock.quant',
      [
        ['product_id', 'in', suspects.slice(at, at + productsPerRead)],
        ['location_id.usage', '=', 'internal'],
      ],
      ['product_id', 'location_id', 'quantity', 'reserved_quantity'],
    );
    for await (const page of quants) {
      for (const quant of page) {
        const key = `${quant.product_id} ${quant.location_id}`;
        const sum = sums.get(key) ?? { product: quant.product_id, location: quant.location_id, quantity: 0, reserved: 0 };
        sum.quantity += quant.quantity;
        sum.reserved += quant.reserved_quantity;
        sums.set(key, sum);
      }
    }
  }
  return [...sums.values()].filter(({ quantity, reserved }) => reserved > quantity + hair);
}

const productsPerRead = 1_000;

async function reservedProducts(odoo: Session['odoo']): Promise<number[]> {
  const products = new Set<number>();
  for await (const page of odoo.pages('stock.quant', [['reserved_quantity', '>', 0]], ['product_id']))
    for (const quant of page) products.add(quant.product_id);
  return [...products];
}
