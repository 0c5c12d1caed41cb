import type { ErpOrderDraft } from '@quartermaster/domain';
import OdooAwait from 'odoo-await';
import { z } from 'zod';
import type { OdooOptions } from '../src/index.ts';
import type { Vocabulary } from '../src/session/vocabulary.ts';
import type { World } from './world.ts';

const idSchema = z.int().positive();

/**
 * Writes orders as scripts do: record by record with odoo-await's own calls, six for an order of two lines: look for the customer, create it, create the order, create one line, create the
 * other, confirm. (It knows the products beforehand, writes no delivery address besides and reads nothing back, which makes it faster.) Gives seconds.
 */
export async function writeOneByOne(
  options: OdooOptions,
  drafts: readonly ErpOrderDraft[],
  { layout, productIds }: World,
  vocabulary: Vocabulary,
): Promise<number> {
  const { hostname, port, protocol } = new URL(options.url);
  const password = 'apiKey' in options.secret ? options.secret.apiKey : options.secret.password;
  const odoo = new OdooAwait({
    baseUrl: `${protocol}//${hostname}`,
    port: Number(port),
    db: options.database,
    username: options.login,
    password,
  });
  await odoo.connect();
  const began = performance.now();
  for (const { shipTo, lines, reference } of drafts) {
    const known = z.array(z.int()).parse(await odoo.search('res.partner', { email: shipTo.email }));
    const values = { name: shipTo.name, street: shipTo.lines[0], zip: shipTo.postalCode, city: shipTo.city, email: shipTo.email };
    const partner = known[0] ?? idSchema.parse(await odoo.create('res.partner', values));
    const warehouse = layout.nodes.get(lines[0]?.node ?? '')?.id;
    const order = idSchema.parse(
      await odoo.create('sale.order', { partner_id: partner, client_order_ref: reference, warehouse_id: warehouse }),
    );
    for (const line of lines) {
      const route = layout.nodes.get(line.node ?? '')?.wayOut?.routeId ?? 0;
      await odoo.create('sale.order.line', {
        order_id: order,
        product_id: productIds.get(line.sku),
        name: line.title,
        product_uom_qty: line.quantity,
        price_unit: Number(line.unitPrice),
        [vocabulary.saleLineTaxes]: [[5, 0, 0]],
        [vocabulary.saleLineRoute]: vocabulary.saleLineRoute === 'route_ids' ? [[6, 0, [route]]] : route,
      });
    }
    await odoo.action('sale.order', 'action_confirm', [order]);
  }
  return (performance.now() - began) / 1_000;
}
