import { systemClock } from '@quartermaster/connector-kit';
import { z } from 'zod';
import { connectOdoo, type OdooClient, type OdooOptions } from '../client/client.ts';
import { odooFault } from '../client/exceptions.ts';
import { setupXid } from '../session/external-id.ts';
import { importTable, tableOf } from '../session/import-table.ts';
import { idSchema, readLayout, type WarehouseSplit } from '../session/layout.ts';
import { prepareProducts, prepareStock } from './prepare-goods.ts';
import { prepareRoutes, prepareWarehouses, stopBatching } from './prepare-places.ts';
import { wantedDigits } from '../capabilities/findings.ts';
import { mayAccess } from '../session/session.ts';
import { addCounts, type OdooSetup, type SetupCounts, type SetupReport } from './setup.ts';

/**
 * Makes a database ready: warehouses, our routes and the place for lines to be sourced, service products, products, stock, and the settings without which small weights round to
 * nothing or deliveries run into batches. It may be run at any time again: what is right is left. Needs an administrator, unlike daily work; throws `forbidden` for anybody else.
 */
export async function prepareOdoo(
  options: OdooOptions & { readonly warehouseSplit?: WarehouseSplit },
  setup: OdooSetup,
): Promise<SetupReport> {
  const client = await connectOdoo({ clock: systemClock, ...options });
  await demandAdministrator(client);
  const nodes = await prepareWarehouses(client, setup.nodes);
  const settings = [await preparePrecision(client), await prepareCurrency(client, setup.currency)];
  const codes = setup.nodes.map((node) => node.code);
  // Where each warehouse has its own orders, these go by the warehouse's own route.
  const routes = await prepareRoutes(client, options.warehouseSplit === 'order-per-warehouse' ? [] : codes);
  const layout = await readLayout(client);
  settings.push(await stopBatching(client, layout, codes));
  const products = await prepareProducts(client, setup.products);
  const stock = await prepareStock(client, layout, setup.stock);
  return { nodes, routes, products, stock, settings: addCounts(...settings) };
}

async function demandAdministrator(client: OdooClient): Promise<void> {
  for (const model of ['stock.warehouse', 'stock.route', 'product.product', 'decimal.precision']) {
    if (await mayAccess(client, model, 'write')) continue;
    throw odooFault('forbidden', 'prepare', `user ${client.user.login} may not change ${model}`, {
      advice: 'Run the set-up once as an administrator; daily work needs fewer rights.',
    });
  }
}

/** Digits of weights and volumes. They are only raised. */
async function preparePrecision(client: OdooClient): Promise<SetupCounts> {
  const domain = [['name', 'in', Object.keys(wantedDigits)]];
  const rows = await client.searchRead('decimal.precision', { domain, fields: ['name', 'digits'] }, precisionSchema);
  const coarse = rows.filter((row) => row.digits < (wantedDigits[row.name] ?? 0));
  for (const row of coarse) await client.write('decimal.precision', [row.id], { digits: wantedDigits[row.name] ?? row.digits });
  return { created: 0, changed: coarse.length, left: rows.length - coarse.length };
}

/** A currency other than the company's must be active and needs a price list, which is what gives an order its currency. */
async function prepareCurrency(client: OdooClient, currency: string): Promise<SetupCounts> {
  if (currency === client.company.currency) return { created: 0, changed: 0, left: 1 };
  const query = { domain: [['name', '=', currency]], fields: ['active'], archived: true };
  const [found] = await client.searchRead('res.currency', query, currencySchema);
  if (found === undefined) throw odooFault('misconfigured', 'res.currency.search_read', `Odoo knows no currency ${currency}`);
  if (!found.active) await client.write('res.currency', [found.id], { active: true });
  const domain = [
    ['currency_id', '=', found.id],
    ['company_id', 'in', [client.company.id, false]],
  ];
  const [pricelist] = await client.searchRead('product.pricelist', { domain, fields: ['id'], limit: 1 }, idSchema);
  const activated = found.active ? 0 : 1;
  if (pricelist !== undefined) return { created: 0, changed: activated, left: 1 - activated };
  const cells = { id: setupXid('pricelist', currency), name: `Quartermaster ${currency}`, 'currency_id/.id': String(found.id) };
  await importTable(client, 'product.pricelist', tableOf([cells]));
  return { created: 1, changed: activated, left: 0 };
}

const currencySchema = z.object({ id: z.int(), active: z.boolean() });

const precisionSchema = z.object({ id: z.int(), name: z.string(), digits: z.int() });
