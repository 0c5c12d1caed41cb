import type { ErpProbe, NodeId } from '@quartermaster/domain';
import { z } from 'zod';
import { readProductIds } from './products.ts';
import { serviceSkus } from './service-products.ts';
import { mayAccess, type Session } from '../session/session.ts';

/** What the connector does with each kind of record, and which right of Odoo's user form allows it. */
const neededRights = [
  ['sale.order', 'create', 'Sales: all documents'],
  ['sale.order', 'write', 'Sales: all documents'],
  ['res.partner', 'create', 'Contact creation'],
  ['res.partner', 'write', 'Contact creation'],
  ['product.product', 'read', 'Sales: all documents'],
  ['stock.quant', 'read', 'Inventory: user'],
  ['stock.warehouse', 'read', 'Inventory: user'],
  ['stock.picking', 'create', 'Inventory: user'],
  ['stock.picking', 'write', 'Inventory: user'],
  ['stock.move', 'write', 'Inventory: user'],
] as const;

/** Who we are, and everything that stands in the way of working with these nodes (null: with those that are set up). A wrong address, database or login is no problem to list but a fault. */
export async function probe(session: Session, nodes: readonly NodeId[] | null): Promise<ErpProbe> {
  const { client } = session;
  const problems = [
    ...(await missingRights(session)),
    ...layoutProblems(session, nodes),
    ...(await missingServices(session)),
    ...(await coarseMeasures(session)),
  ];
  if (!session.vocabulary.tracking) {
    problems.push('Deliveries cannot hold tracking numbers: install the app "Delivery Costs".');
  }
  if (client.version < 19 && client.user.email === null) {
    problems.push(
      `User ${client.user.login} has no email address, without which Odoo ${client.version} refuses to write confirmed orders: give it one.`,
    );
  }
  return { version: String(client.version), transport: client.transportName, user: client.user.login, problems };
}

async function missingRights({ client }: Session): Promise<string[]> {
  const missing: string[] = [];
  for (const [model, operation, right] of neededRights) {
    if (await mayAccess(client, model, operation)) continue;
    missing.push(`User ${client.user.login} may not ${operation} ${model}: give it the right "${right}".`);
  }
  return missing;
}

function layoutProblems({ client, layout }: Session, nodes: readonly NodeId[] | null): string[] {
  if (layout.nodes.size === 0) return [`Company ${client.company.name} has no warehouse: create one, or name another company.`];
  const setUp = 'run the set-up as a user who may change warehouses and routes.';
  const problems: string[] = [];
  for (const id of nodes ?? []) {
    const node = layout.nodes.get(id);
    if (node === undefined) problems.push(`Company ${client.company.name} has no warehouse with the code ${id}: ${setUp}`);
    else if (node.wayOut === null)
      problems.push(`Warehouse ${id} has no route of Quartermaster, so no order line can be sent from it: ${setUp}`);
  }
  if (nodes === null && ![...layout.nodes.values()].some((node) => node.wayOut !== null)) {
    problems.push(`No warehouse has a route of Quartermaster, so no order line can be sent: ${setUp}`);
  }
  if (layout.toBeSourced.wayOut === null) problems.push(`There is no place and route for order lines that wait to be sourced: ${setUp}`);
  return problems;
}

async function missingServices(session: Session): Promise<string[]> {
  const known = await readProductIds(session, serviceSkus);
  return serviceSkus.filter((sku) => !known.has(sku)).map((sku) => `There is no product ${sku}, or there are several: run the set-up.`);
}

/** Odoo rounds weights to 10 grams and volumes to 10 litres unless it is told otherwise. Only administrators may see how it is set. */
async function coarseMeasures(session: Session): Promise<string[]> {
  if (!(await mayAccess(session.client, 'decimal.precision', 'read'))) return [];
  const domain = [['name', 'in', ['Stock Weight', 'Volume']]];
  const rows = await session.client.searchRead('decimal.precision', { domain, fields: ['name', 'digits'] }, precisionSchema);
  return rows
    .filter((row) => row.digits < (wantedDigits[row.name] ?? 0))
    .map(
      (row) =>
        `Odoo keeps "${row.name}" to ${row.digits} digits only, so small products weigh or measure nothing: run the set-up, or set ${wantedDigits[row.name]} digits.`,
    );
}

export const wantedDigits: Readonly<Record<string, number>> = { 'Stock Weight': 3, Volume: 6 };
export const precisionSchema = z.object({ id: z.int(), name: z.string(), digits: z.int() });
