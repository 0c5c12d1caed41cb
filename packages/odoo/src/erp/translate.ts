import {
  addMoney,
  currencyExponent,
  moneyFromDecimal,
  multiplyPrice,
  zero,
  type Address,
  type ErpDelivery,
  type ErpDeliveryLine,
  type ErpLineDraft,
  type ErpOrder,
  type ErpOrderDraft,
  type ErpProduct,
  type Money,
  type NodeId,
} from '@quartermaster/domain';
import { odooTime } from '../models/values.ts';
import { addressXid, billingXid, lineXid, orderPartXid, orderXid, partnerXid } from '../session/external-id.ts';
import { nestedTables, tableOf, type Cells, type Table } from '../session/import-table.ts';
import { nodeOf, wayOutOf, type Layout, type WarehouseSplit } from '../session/layout.ts';
import type { Vocabulary } from '../session/vocabulary.ts';
import { kitsInDeliveries, type KitLines, type KitUnits } from './kit-lines.ts';
import type { MoveRow, OrderRow, PickingRow, ProductRow } from './wire.ts';

/** Money of an amount that Odoo sends as a JSON number: rounded to the currency's digits, where the float stands for exactly one decimal. */
export function moneyOf(amount: number, currency: string): Money {
  return moneyFromDecimal(amount.toFixed(currencyExponent(currency)), currency);
}

/** What Odoo will make of the lines: each is rounded for itself to the currency, then they are added. */
export function totalOf(draft: ErpOrderDraft): Money {
  const currency = draft.total.currency;
  return addMoney(zero(currency), ...draft.lines.map((line) => multiplyPrice(line.unitPrice, line.quantity, currency)));
}

/** What the rows of orders need to know of the database. */
export type OrderKnowledge = {
  readonly layout: Layout;
  readonly warehouseSplit: WarehouseSplit;
  readonly vocabulary: Vocabulary;
  /** By SKU. */
  readonly productIds: ReadonlyMap<string, number>;
  /** By currency; null for the company's own. */
  readonly pricelistIds: ReadonlyMap<string, number | null>;
};

/** The lines of an order that become one order of Odoo's, and the warehouse that it names. */
export type OrderPart = { readonly externalId: string; readonly warehouse: NodeId; readonly lines: readonly ErpLineDraft[] };

/** How an order is spread over orders of Odoo's: all in one with a route per line, or one for each warehouse, the service lines being in the first. */
export function orderPartsOf(draft: ErpOrderDraft, split: WarehouseSplit, layout: Layout): OrderPart[] {
  const first = firstNode(draft, layout);
  if (split === 'route-per-line') return [{ externalId: orderXid(draft.key), warehouse: first, lines: draft.lines }];
  const nodes = [...new Set(draft.lines.filter((line) => line.kind === 'product').map((line) => line.node))];
  const placed = nodes.length === 0 ? [first] : [...nodes.filter((node) => node !== null), ...nodes.filter((node) => node === null)];
  return placed.map((node, index) => ({
    externalId: orderPartXid(draft.key, node),
    warehouse: node ?? first,
    lines: draft.lines.filter((line) => (line.kind === 'service' ? index === 0 : line.node === node)),
  }));
}

/**
 * The orders as rows of an import: confirmed, every line with its own external id, price and route. Taxes and discount are emptied, because the customer's price is final: left
 * out, Odoo would put its own default taxes on top (seen on 17, 18 and 19: an empty cell clears them, a missing column does not).
 */
export function orderTable(drafts: readonly ErpOrderDraft[], known: OrderKnowledge): Table {
  return nestedTables(
    drafts.flatMap((draft) =>
      orderPartsOf(draft, known.warehouseSplit, known.layout).map((part) => ({
        record: orderCells(draft, part, known),
        nested: part.lines.map((line) => lineCells(draft, line, known)),
      })),
    ),
  );
}

function orderCells(draft: ErpOrderDraft, part: OrderPart, known: OrderKnowledge): Cells {
  const { key } = draft;
  const pricelist = known.pricelistIds.get(draft.total.currency) ?? null;
  return {
    id: part.externalId,
    'partner_id/id': partnerXid(key.scope.connection, draft.subject),
    'partner_shipping_id/id': addressXid(key),
    'partner_invoice_id/id': invoiceXid(draft),
    'warehouse_id/.id': String(nodeOf(known.layout, part.warehouse, 'sale.order.load').id),
    'pricelist_id/.id': pricelist === null ? '' : String(pricelist),
    client_order_ref: draft.reference,
    date_order: odooTime(draft.placedAt),
    state: 'sale',
  };
}

function lineCells(draft: ErpOrderDraft, line: ErpLineDraft, known: OrderKnowledge): Cells {
  const { vocabulary } = known;
  // An order of one warehouse goes by the warehouse's own route; only what waits needs one of ours.
  const routed = line.kind === 'product' && (known.warehouseSplit === 'route-per-line' || line.node === null);
  return {
    'order_line/id': lineXid(draft.key, line.id),
    'order_line/sequence': String(draft.lines.indexOf(line) + 1),
    'order_line/product_id/.id': String(known.productIds.get(line.sku)),
    'order_line/name': line.title,
    'order_line/product_uom_qty': String(line.quantity),
    'order_line/price_unit': line.unitPrice,
    'order_line/discount': '0',
    [`order_line/${vocabulary.saleLineTaxes}/.id`]: '',
    [`order_line/${vocabulary.saleLineRoute}/.id`]: routed ? String(wayOutOf(known.layout, line.node, 'sale.order.load').routeId) : '',
  };
}

/** Ids of countries and their states by code, as an address names them. */
export type Geography = {
  readonly countries: ReadonlyMap<string, number>;
  /** By country id and then code or name in capitals. */
  readonly states: ReadonlyMap<number, ReadonlyMap<string, number>>;
};

/**
 * The people of orders as rows of an import: each customer once (one per subject, as the last order has them), below it the delivery address of each order, which belongs to the order
 * alone: another order of the same customer may go elsewhere, and a change of address must not reach it. Besides an invoice address, only where it differs.
 *
 * The addresses stand below their customer rather than naming it: from Odoo 18 on an import that names a contact's parent reads the credit limit, which people outside of accounting
 * may not see.
 */
export function partnerTable(drafts: readonly ErpOrderDraft[], geography: Geography): Table {
  const customers = new Map<string, { record: Cells; nested: Cells[] }>();
  for (const draft of drafts) {
    const invoiceTo = draft.billTo ?? draft.shipTo;
    const customer = partnerXid(draft.key.scope.connection, draft.subject);
    const billing = invoiceXid(draft);
    const below = [
      partnerCells({ xid: addressXid(draft.key), type: 'delivery', address: draft.shipTo }, geography),
      ...(billing === customer ? [] : [partnerCells({ xid: billing, type: 'invoice', address: invoiceTo }, geography)]),
    ].map((cells) => Object.fromEntries(Object.entries(cells).map(([field, text]) => [`child_ids/${field}`, text])));
    customers.set(customer, {
      record: partnerCells({ xid: customer, type: 'contact', address: invoiceTo }, geography),
      nested: [...(customers.get(customer)?.nested ?? []), ...below],
    });
  }
  return nestedTables([...customers.values()]);
}

/** A delivery address alone, for a change of it. */
export function addressTable(externalId: string, address: Address, geography: Geography): Table {
  return tableOf([partnerCells({ xid: externalId, type: 'delivery', address }, geography)]);
}

/** The ERP's order of what was read, of one order of Odoo's or several. `lineIds` gives the line draft's id of each order line. */
export function orderOf(
  rows: readonly [OrderRow, ...OrderRow[]],
  layout: Layout,
  lineIds: ReadonlyMap<number, string>,
  kits: KitLines,
): ErpOrder {
  const states = new Set(rows.map((row) => row.state));
  const [first] = rows;
  return {
    ref: rows.map((row) => row.id).join(','),
    name: rows.map((row) => row.name).join(', '),
    state: states.has('sale') || states.has('done') ? 'confirmed' : states.size === 1 && states.has('cancel') ? 'cancelled' : 'draft',
    total: addMoney(zero(first.currency_id.name), ...rows.map((row) => moneyOf(row.amount_total, row.currency_id.name))),
    deliveries: deliveriesOf(rows, outgoingPickings(rows), { layout, lineIds, kits }),
  };
}

/** Deliveries that have something in them, the oldest first: transfers inside a warehouse and what allocation emptied are left out. */
export function outgoingPickings(rows: readonly OrderRow[]): PickingRow[] {
  return rows
    .flatMap((row) => row.picking_ids)
    .filter((picking) => picking.picking_type_id.code === 'outgoing' && picking.move_ids.length > 0)
    .sort((a, b) => a.id - b.id);
}

/** What deliveries are read with: which line is which, and which of them are kits. */
export type Reading = { readonly layout: Layout; readonly lineIds: ReadonlyMap<number, string>; readonly kits: KitLines };

/** Some deliveries of orders in our words. The parts of a kit are one line, in whole kits. */
export function deliveriesOf(rows: readonly OrderRow[], pickings: readonly PickingRow[], reading: Reading): ErpDelivery[] {
  const inDeliveries = kitsInDeliveries(rows, reading.kits);
  return pickings.map((picking) => deliveryOf(picking, inDeliveries.get(picking.id) ?? new Map(), reading));
}

function deliveryOf(picking: PickingRow, kitUnits: KitUnits, { layout, lineIds, kits }: Reading): ErpDelivery {
  const moves = picking.state === 'cancel' ? picking.move_ids : picking.move_ids.filter((move) => move.state !== 'cancel');
  const whole = moves.filter((move) => move.sale_line_id === null || !kits.has(move.sale_line_id));
  const ofKits = [...kitUnits].map(([line, units]) => ({ lineId: lineIds.get(line) ?? '', sku: kits.get(line)?.sku ?? '', ...units }));
  const lines = [...whole.map((move) => deliveryLineOf(move, lineIds)), ...ofKits];
  return {
    ref: String(picking.id),
    name: picking.name,
    node: nodeOfPicking(picking, layout),
    // A part that is missing is missing, also where no whole kit is left to come.
    state: deliveryState(
      picking,
      moves.map((move) => deliveryLineOf(move, lineIds)),
    ),
    trackingNumbers: trackingNumbers(picking.carrier_tracking_ref ?? ''),
    lines,
  };
}

/** Node that a delivery leaves from; null where it takes from the place of unsourced lines. */
export function nodeOfPicking(picking: PickingRow, layout: Layout): NodeId | null {
  if (picking.location_id === layout.toBeSourced.locationId) return null;
  const warehouse = picking.picking_type_id.warehouse_id;
  return warehouse === null ? null : (layout.nodeOfWarehouse.get(warehouse) ?? null);
}

export function trackingNumbers(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export function trackingText(numbers: readonly string[]): string {
  return numbers.join(',');
}

/** A product in our units. Weight and volume are in kilograms and cubic metres, or in pounds and cubic feet where the database is set so. */
export function productOf(row: ProductRow, kit: ErpProduct['kit'] = null, millimetres: ErpProduct['millimetres'] = null): ErpProduct {
  return {
    sku: row.default_code,
    ref: String(row.id),
    name: row.name,
    storable: row.is_storable ?? row.type === 'product',
    kit,
    grams: Math.round(row.weight * gramsPer(row.weight_uom_name)),
    millilitres: Math.round(row.volume * millilitresPer(row.volume_uom_name)),
    millimetres,
  };
}

export function gramsPer(unit: string): number {
  return unit.startsWith('lb') ? 453.59237 : 1_000;
}

export function millilitresPer(unit: string): number {
  return unit.startsWith('ft') ? 28_316.846592 : 1_000_000;
}

type PartnerDraft = {
  readonly xid: string;
  readonly type: 'contact' | 'delivery' | 'invoice';
  readonly address: Address;
};

function partnerCells({ xid, type, address }: PartnerDraft, geography: Geography) {
  const country = geography.countries.get(address.country.toUpperCase());
  const state =
    country === undefined || address.region === null ? undefined : geography.states.get(country)?.get(address.region.toUpperCase());
  const [street = '', ...more] = address.lines;
  // A region that Odoo does not know must still be on the parcel.
  const street2 = [...more, ...(state === undefined && address.region !== null && address.region !== '' ? [address.region] : [])].join(
    ', ',
  );
  return {
    id: xid,
    type,
    name: address.name || address.company || 'Customer',
    company_name: address.company ?? '',
    street,
    street2,
    zip: address.postalCode,
    city: address.city,
    'state_id/.id': state === undefined ? '' : String(state),
    'country_id/.id': country === undefined ? '' : String(country),
    phone: address.phone ?? '',
    email: address.email ?? '',
  } satisfies Cells;
}

function invoiceXid(draft: ErpOrderDraft): string {
  const { billTo } = draft;
  const differs = billTo !== null && !sameAddress(billTo, draft.shipTo);
  return differs ? billingXid(draft.key) : partnerXid(draft.key.scope.connection, draft.subject);
}

function sameAddress(first: Address, second: Address): boolean {
  const text = (address: Address) =>
    JSON.stringify([
      address.name,
      address.company,
      address.lines,
      address.postalCode,
      address.city,
      address.region,
      address.country,
      address.phone,
      address.email,
    ]);
  return text(first) === text(second);
}

/** Warehouse that an order names when its lines go by routes of their own. */
function firstNode(draft: ErpOrderDraft, layout: Layout): NodeId {
  return draft.lines.find((line) => line.node !== null)?.node ?? [...layout.nodes.keys()][0] ?? '';
}

function deliveryLineOf(move: MoveRow, lineIds: ReadonlyMap<number, string>): ErpDeliveryLine {
  return {
    lineId: (move.sale_line_id === null ? undefined : lineIds.get(move.sale_line_id)) ?? '',
    sku: move.product_id.default_code,
    demand: move.product_uom_qty,
    reserved: move.quantity,
  };
}

/** Odoo calls a delivery `assigned` as soon as anything in it is reserved; ready is one whose every line is. */
function deliveryState(picking: PickingRow, lines: readonly ErpDeliveryLine[]): ErpDelivery['state'] {
  if (picking.state === 'done') return 'done';
  if (picking.state === 'cancel') return 'cancelled';
  return picking.state === 'assigned' && lines.every((line) => line.reserved >= line.demand) ? 'ready' : 'waiting';
}
