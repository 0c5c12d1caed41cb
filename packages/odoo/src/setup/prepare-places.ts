import type { NodeId } from '@quartermaster/domain';
import type { OdooClient } from '../client/client.ts';
import { odooFault } from '../client/exceptions.ts';
import { setupXid } from '../session/external-id.ts';
import { firstId, importTable, nestedTable, tableOf } from '../session/import-table.ts';
import { idSchema, nodeOf, readLayout, toBeSourcedBarcode, type Layout } from '../session/layout.ts';
import { nothing, type OdooSetup, type SetupCounts } from './setup.ts';

/** Warehouses by their code; one that is there keeps everything but its name. */
export async function prepareWarehouses(client: OdooClient, wanted: OdooSetup['nodes']): Promise<SetupCounts> {
  const { nodes } = await readLayout(client);
  const missing = wanted.filter((node) => !nodes.has(node.code));
  const records = missing.map(({ code, name }) => ({
    id: setupXid('warehouse', code),
    code,
    name,
    'company_id/.id': String(client.company.id),
  }));
  await importTable(client, 'stock.warehouse', tableOf(records));
  let changed = 0;
  for (const { code, name } of wanted) {
    const there = nodes.get(code);
    if (there === undefined || there.name === name) continue;
    await client.write('stock.warehouse', [there.id], { name });
    changed++;
  }
  return { created: missing.length, changed, left: wanted.length - missing.length - changed };
}

/** The place for lines to be sourced with its own kind of delivery, and a route from there and from every warehouse. */
export async function prepareRoutes(client: OdooClient, codes: readonly NodeId[]): Promise<SetupCounts> {
  const before = await readLayout(client);
  let created = await prepareWaitingPlace(client, before);
  const layout = created === 0 ? before : await readLayout(client);
  const from = layout.toBeSourced.locationId;
  if (from === null) throw odooFault('refused', 'stock.location.load', 'the place for lines to be sourced is not there after it was made');
  const customers = await customersLocation(client);
  const routes: RouteDraft[] = [];
  if (layout.toBeSourced.wayOut === null) {
    const pickingType = await prepareWaitingType(client, layout, from, customers);
    created += pickingType.created;
    routes.push({ id: 'to be sourced', name: 'Quartermaster: to be sourced', from, pickingType: pickingType.id });
  }
  for (const code of codes) {
    const node = nodeOf(layout, code, 'stock.route.load');
    if (node.wayOut !== null) continue;
    routes.push({ id: code, name: `Quartermaster: ships from ${code}`, from: node.lot_stock_id, pickingType: node.out_type_id });
  }
  const grouped = (await client.knownFields('stock.rule', ['group_propagation_option'])).size > 0;
  for (const route of routes) await importRoute(client, route, customers, grouped);
  return { created: created + routes.length, changed: 0, left: codes.length + 1 - routes.length };
}

/** Where the batch app is installed, new warehouses put their deliveries into batches by themselves; a delivery that is in a batch cannot be changed freely any more. */
export async function stopBatching(client: OdooClient, layout: Layout, codes: readonly NodeId[]): Promise<SetupCounts> {
  const known = await client.knownFields('stock.picking.type', ['auto_batch']);
  if (!known.has('auto_batch')) return nothing;
  const types = codes.map((code) => nodeOf(layout, code, 'stock.picking.type.write').out_type_id);
  const domain = [
    ['id', 'in', types],
    ['auto_batch', '=', true],
  ];
  const rows = await client.searchRead('stock.picking.type', { domain, fields: ['id'] }, idSchema);
  const batching = rows.map((row) => row.id);
  if (batching.length > 0) await client.write('stock.picking.type', batching, { auto_batch: false });
  return { created: 0, changed: batching.length, left: types.length - batching.length };
}

type RouteDraft = { readonly id: string; readonly name: string; readonly from: number; readonly pickingType: number };

async function importRoute(client: OdooClient, draft: RouteDraft, customers: number, grouped: boolean): Promise<void> {
  const company = String(client.company.id);
  const route = {
    id: setupXid('route', draft.id),
    name: draft.name,
    sale_selectable: '1',
    product_selectable: '0',
    'company_id/.id': company,
  };
  const rule = {
    'rule_ids/id': setupXid('rule', draft.id),
    'rule_ids/name': draft.name,
    'rule_ids/action': 'pull',
    'rule_ids/location_src_id/.id': String(draft.from),
    'rule_ids/location_dest_id/.id': String(customers),
    'rule_ids/picking_type_id/.id': String(draft.pickingType),
    'rule_ids/procure_method': 'make_to_stock',
    'rule_ids/company_id/.id': company,
    'rule_ids/propagate_carrier': '1',
    // Until Odoo 18: puts the delivery into the order's own group, so that it belongs to the order.
    ...(grouped ? { 'rule_ids/group_propagation_option': 'propagate' } : {}),
  };
  await importTable(client, 'stock.route', nestedTable(route, [rule]));
}

/** Makes the location where it is missing, and says how many records that took. */
async function prepareWaitingPlace(client: OdooClient, layout: Layout): Promise<number> {
  if (layout.toBeSourced.locationId !== null) return 0;
  const above = setupXid('location', 'quartermaster');
  const company = String(client.company.id);
  const records = [
    { id: above, name: 'Quartermaster', usage: 'view', 'location_id/id': '', barcode: '', 'company_id/.id': company },
    {
      id: setupXid('location', 'to be sourced'),
      name: 'To be sourced',
      usage: 'internal',
      'location_id/id': above,
      barcode: toBeSourcedBarcode,
      'company_id/.id': company,
    },
  ];
  await importTable(client, 'stock.location', tableOf(records));
  return records.length;
}

/** Kind of delivery of the waiting lines. Found by where it takes from; `manual` keeps Odoo from trying to reserve. */
async function prepareWaitingType(
  client: OdooClient,
  layout: Layout,
  from: number,
  customers: number,
): Promise<{ id: number; created: number }> {
  const domain = [
    ['default_location_src_id', '=', from],
    ['code', '=', 'outgoing'],
  ];
  const [there] = await client.searchRead('stock.picking.type', { domain, fields: ['id'], limit: 1 }, idSchema);
  if (there !== undefined) return { id: there.id, created: 0 };
  const [warehouse] = [...layout.nodes.values()];
  const cells = {
    id: setupXid('picking type', 'to be sourced'),
    name: 'To be sourced',
    code: 'outgoing',
    sequence_code: 'QMS',
    'warehouse_id/.id': String(warehouse?.id ?? ''),
    'default_location_src_id/.id': String(from),
    'default_location_dest_id/.id': String(customers),
    reservation_method: 'manual',
    'company_id/.id': String(client.company.id),
  };
  const ids = await importTable(client, 'stock.picking.type', tableOf([cells]));
  return { id: firstId(ids, 'stock.picking.type.load'), created: 1 };
}

async function customersLocation(client: OdooClient): Promise<number> {
  const domain = [
    ['usage', '=', 'customer'],
    ['company_id', 'in', [client.company.id, false]],
  ];
  const [customers] = await client.searchRead('stock.location', { domain, fields: ['id'], limit: 1 }, idSchema);
  if (customers !== undefined) return customers.id;
  throw odooFault('misconfigured', 'stock.location.search_read', 'there is no customer location');
}
