import { odooFault } from '../client/exceptions.ts';
import type { Decimal } from '../models/types.ts';
import { operation } from './operation.ts';
import { needing, rights } from './rights.ts';

/** What a vendor asks for a product. */
export type VendorPrice = {
  readonly vendor: number;
  readonly product: number;
  /** Smallest quantity at this price; there is one price per vendor, product and quantity. */
  readonly from: number;
  readonly price: Decimal;
  /** Days from order to receipt. */
  readonly leadDays: number;
  readonly vendorCode?: string;
};

/** Prices of vendors. */
export const vendorPrices = {
  /** Sets a price: changes the one for the same vendor, product and quantity, or makes it. */
  set: needing(
    rights.purchasing,
    operation('vendorPrices.set', 'natural', async ({ client, odoo }, given: VendorPrice): Promise<{ readonly id: number }> => {
      const [product] = await odoo.read('product.product', [given.product], ['product_tmpl_id']);
      if (product === undefined) throw odooFault('not-found', 'vendorPrices.set', `there is no product ${given.product}`);
      const there = await odoo.searchRead(
        'product.supplierinfo',
        [
          ['partner_id', '=', given.vendor],
          ['product_id', '=', given.product],
          ['min_qty', '=', given.from],
          ['company_id', 'in', [client.company.id]],
        ],
        ['price', 'delay'],
        { limit: 1 },
      );
      const values = { price: Number(given.price), delay: given.leadDays, product_code: given.vendorCode ?? null };
      if (there[0] !== undefined) {
        await odoo.write('product.supplierinfo', [there[0].id], values);
        return { id: there[0].id };
      }
      const own = { partner_id: given.vendor, product_tmpl_id: product.product_tmpl_id, product_id: given.product, min_qty: given.from };
      const [id = 0] = await odoo.create('product.supplierinfo', [{ ...own, ...values, company_id: client.company.id }]);
      return { id };
    }),
  ),
};
