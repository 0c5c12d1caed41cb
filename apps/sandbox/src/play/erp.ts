import type { Clock } from '@quartermaster/domain';
import { createOdooSandbox, type OdooSandbox } from '@quartermaster/odoo/sandbox';
import type { World } from '../world.ts';

export type ErpAccess = { readonly database: string; readonly login: string; readonly secret: string };

/** Service products that carry what is no product: shipping, tax, discount and the rest. */
export const serviceSkus = { shipping: 'QM-SHIPPING', tax: 'QM-TAX', discount: 'QM-DISCOUNT', other: 'QM-OTHER' } as const;

/** Opens an emulated Odoo with the world's warehouses, products and stock, and the service products. Products that the ERP does not know stay unknown. */
export function openErp(world: World, version: 17 | 18 | 19, access: ErpAccess, clock: Clock): OdooSandbox {
  const sandbox = createOdooSandbox({ version, ...access, clock, currency: world.currency });
  for (const node of world.nodes) sandbox.addWarehouse({ code: node.id, name: node.address.name });
  for (const [purpose, sku] of Object.entries(serviceSkus)) {
    const name = `${purpose.charAt(0).toUpperCase()}${purpose.slice(1)}`;
    sandbox.addProduct({ sku, name, grams: 0, millilitres: 0, kind: 'service' });
  }
  for (const { sku, title, grams, millilitres, unknownToErp } of world.products) {
    if (!unknownToErp) sandbox.addProduct({ sku, name: title, grams, millilitres, kind: 'storable' });
  }
  for (const { sku, node, units } of world.stock) sandbox.setStock({ sku, node, units });
  return sandbox;
}
