import type { NodeId } from '@quartermaster/domain';
import type { OdooClient } from '../client/client.ts';
import { odooFault } from '../client/exceptions.ts';
import { z } from 'zod';

/** Barcode of the internal location "Quartermaster/To be sourced": how it is found again whatever people call it. It lies outside all warehouses and never holds stock. */
export const toBeSourcedBarcode = 'QM-TO-BE-SOURCED';

/** How goods leave one place by a route of ours: what a line's route and an allocated delivery are made of. */
export type WayOut = {
  readonly routeId: number;
  readonly locationId: number;
  readonly customersId: number;
  readonly pickingTypeId: number;
};

/**
 * How an order that several warehouses serve becomes orders of Odoo's: one with a route of ours on every line (all in one document), or one for each warehouse (each is cancelled
 * and invoiced by itself, and no routes are needed but the one for lines that wait).
 */
export type WarehouseSplit = 'route-per-line' | 'order-per-warehouse';

/** A warehouse, and its way out when the set-up made one. */
export type Node = Warehouse & { readonly wayOut: WayOut | null };

/** What the connector must know of a database before it can write to it. */
export type Layout = {
  readonly nodes: ReadonlyMap<NodeId, Node>;
  readonly nodeOfWarehouse: ReadonlyMap<number, NodeId>;
  /** Where lines without a node wait. */
  readonly toBeSourced: { readonly locationId: number | null; readonly wayOut: WayOut | null };
};

/**
 * Reads warehouses and ways out. A way out is known by what it does, not by its name: a route for sales order lines with a pull rule from the place to the customers that
 * belongs to no warehouse. (A rule of a warehouse is ignored by Odoo 17 when the order is another warehouse's.)
 */
export async function readLayout(client: OdooClient): Promise<Layout> {
  const company = client.company.id;
  const warehouses = await client.searchRead(
    'stock.warehouse',
    { domain: [['company_id', '=', company]], fields: ['code', 'name', 'view_location_id', 'lot_stock_id', 'out_type_id'] },
    warehouseSchema,
  );
  const [waiting] = await client.searchRead(
    'stock.location',
    {
      domain: [
        ['barcode', '=', toBeSourcedBarcode],
        ['company_id', 'in', [company, false]],
      ],
      fields: ['id'],
      limit: 1,
    },
    idSchema,
  );
  const sources = [...warehouses.map((warehouse) => warehouse.lot_stock_id), ...(waiting === undefined ? [] : [waiting.id])];
  const rules = await client.searchRead(
    'stock.rule',
    {
      domain: [
        ['action', '=', 'pull'],
        ['procure_method', '=', 'make_to_stock'],
        ['warehouse_id', '=', false],
        ['location_src_id', 'in', sources],
        ['picking_type_id.code', '=', 'outgoing'],
        ['route_id.sale_selectable', '=', true],
        ['company_id', 'in', [company, false]],
      ],
      fields: ['route_id', 'location_src_id', 'location_dest_id', 'picking_type_id'],
    },
    ruleSchema,
  );
  const wayOut = (locationId: number): WayOut | null => {
    const rule = rules.find((rule) => rule.location_src_id === locationId);
    if (rule === undefined) return null;
    return { routeId: rule.route_id, locationId, customersId: rule.location_dest_id, pickingTypeId: rule.picking_type_id };
  };
  return {
    nodes: new Map(warehouses.map((warehouse) => [warehouse.code, { ...warehouse, wayOut: wayOut(warehouse.lot_stock_id) }])),
    nodeOfWarehouse: new Map(warehouses.map((warehouse) => [warehouse.id, warehouse.code])),
    toBeSourced: { locationId: waiting?.id ?? null, wayOut: waiting === undefined ? null : wayOut(waiting.id) },
  };
}

/** The node's way out. Throws `misconfigured` when the warehouse or its route is missing. */
export function wayOutOf(layout: Layout, node: NodeId | null, operation: string): WayOut {
  if (node === null) {
    if (layout.toBeSourced.wayOut !== null) return layout.toBeSourced.wayOut;
    throw odooFault('misconfigured', operation, 'there is no route for lines that wait to be sourced', { advice: setUpAdvice });
  }
  const way = nodeOf(layout, node, operation).wayOut;
  if (way !== null) return way;
  throw odooFault('misconfigured', operation, `warehouse ${node} has no route of Quartermaster`, { advice: setUpAdvice });
}

export function nodeOf(layout: Layout, node: NodeId, operation: string): Node {
  const found = layout.nodes.get(node);
  if (found !== undefined) return found;
  throw odooFault('misconfigured', operation, `there is no warehouse with the code ${node} in this company`, { advice: setUpAdvice });
}

const setUpAdvice = 'Run the set-up (`prepareOdoo`) as a user who may change warehouses and routes.';

export const warehouseSchema = z.object({
  id: z.int(),
  code: z.string(),
  name: z.string(),
  /** Everything of the warehouse lies below it. */
  view_location_id: z.int(),
  lot_stock_id: z.int(),
  out_type_id: z.int(),
});
export type Warehouse = z.infer<typeof warehouseSchema>;

export const ruleSchema = z.object({
  id: z.int(),
  route_id: z.int(),
  location_src_id: z.int(),
  location_dest_id: z.int(),
  picking_type_id: z.int(),
});

export const idSchema = z.object({ id: z.int() });
