import {
  addMoney,
  currencyExponent,
  moneyFromDecimal,
  multiplyPrice,
  zero,
  type Address,
  type ErpDelivery,
  type ErpDeliveryLine,
  type ErpOrder,
  type ErpOrderDraft,
  type ErpProduct,
  type Money,
  type NodeId,
} from '@quartermaster/domain';
import { odooTime } from '../models/values.ts';
import { addressXid, billingXid, lineXid, orderXid, partnerXid } from '../session/external-id.ts';
import { nestedTable, tableOf, type Cells, type Table } from '../session/import-table.ts';
import { nodeOf, wayOutOf, type Layout } from '../session/layout.ts';
import type { Vocabulary } from '../session/vocabulary.ts';
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

/** Database ids that an order's rows need. */
export type OrderParts = {
  readonly layout: Layout;
  readonly vocabulary: Vocabulary;
  /** By SKU. */
  readonly productIds: ReadonlyMap<string, number>;
  /** Null in the company's own currency. */
  readonly pricelistId: number | null;
};

/**
 * The order as rows of an import: confirmed, every line with its own external id, price and route. Taxes and discount are emptied, because the customer's price is final: left
 * out, Odoo would put its own default taxes on top (seen on 17, 18 and 19: an empty cell clears them, a missing column does not).
 */
export function orderTable(draft: ErpOrderDraft, parts: OrderParts): Table {
  const { key } = draft;
  const { vocabulary } = parts;
  const ofOrder: Record<string, string> = {
    id: orderXid(key),
    'partner_id/id': partnerXid(key.scope.connection, draft.subject),
    'partner_shipping_id/id': addressXid(key),
    'partner_invoice_id/id': invoiceXid(draft),
    'warehouse_id/.id': String(firstWarehouse(draft, parts.layout)),
    'pricelist_id/.id': parts.pricelistId === null ? '' : String(parts.pricelistId),
    client_order_ref: draft.reference,
    date_order: odooTime(draft.placedAt),
    state: 'sale',
  };
  const ofLines = draft.lines.map((line, index) => {
    const product = parts.productIds.get(line.sku);
    return {
      'order_line/id': lineXid(key, line.id),
      'order_line/sequence': String(index + 1),
      'order_line/product_id/.id': String(product),
      'order_line/name': line.title,
      'order_line/product_uom_qty': String(line.quantity),
      'order_line/price_unit': line.unitPrice,
      'order_line/discount': '0',
      [`order_line/${vocabulary.saleLineTaxes}/.id`]: '',
      [`order_line/${vocabulary.saleLineRoute}/.id`]:
        line.kind === 'service' ? '' : String(wayOutOf(parts.layout, line.node, 'sale.order.load').routeId),
    };
  });
  return nestedTable(ofOrder, ofLines);
}

/** Ids of countries and their states by code, as an address names them. */
export type Geography = {
  readonly countries: ReadonlyMap<string, number>;
  /** By country id and then code or name in capitals. */
  readonly states: ReadonlyMap<number, ReadonlyMap<string, number>>;
};

/**
 * The people of an order as rows of an import: first the customer (one per subject), then the delivery address of this order, which belongs to the order alone: another order of the
 * same customer may go elsewhere, and a change of address must not reach it. Last an invoice address, only where it differs.
 *
 * The addresses belong below the customer, but an import may not say so: Odoo 18 and 19 then read the credit limit, which people outside of accounting may not see. It is written after.
 */
export function partnerTable(draft: ErpOrderDraft, geography: Geography): Table {
  const invoiceTo = draft.billTo ?? draft.shipTo;
  const customer = partnerXid(draft.key.scope.connection, draft.subject);
  const billing = invoiceXid(draft);
  return tableOf([
    partnerCells({ xid: customer, type: 'contact', address: invoiceTo }, geography),
    partnerCells({ xid: addressXid(draft.key), type: 'delivery', address: draft.shipTo }, geography),
    ...(billing === customer ? [] : [partnerCells({ xid: billing, type: 'invoice', address: invoiceTo }, geography)]),
  ]);
}

/** A delivery address alone, for a change of it. */
export function addressTable(externalId: string, address: Address, geography: Geography): Table {
  return tableOf([partnerCells({ xid: externalId, type: 'delivery', address }, geography)]);
}

/** The ERP's order of what was read. `lineIds` gives the line draft's id of each order line. */
export function orderOf(row: OrderRow, layout: Layout, lineIds: ReadonlyMap<number, string>): ErpOrder {
  return {
    ref: String(row.id),
    name: row.name,
    state: row.state === 'cancel' ? 'cancelled' : row.state === 'sale' || row.state === 'done' ? 'confirmed' : 'draft',
    total: moneyOf(row.amount_total, row.currency_id.name),
    deliveries: outgoingPickings(row).map((picking) => deliveryOf(picking, layout, lineIds)),
  };
}

/** Deliveries that have something in them, the oldest first: transfers inside a warehouse and what allocation emptied are left out. */
export function outgoingPickings(row: OrderRow): PickingRow[] {
  return row.picking_ids
    .filter((picking) => picking.picking_type_id.code === 'outgoing' && picking.move_ids.length > 0)
    .sort((a, b) => a.id - b.id);
}

export function deliveryOf(picking: PickingRow, layout: Layout, lineIds: ReadonlyMap<number, string>): ErpDelivery {
  const moves = picking.state === 'cancel' ? picking.move_ids : picking.move_ids.filter((move) => move.state !== 'cancel');
  const lines = moves.map((move) => deliveryLineOf(move, lineIds));
  return {
    ref: String(picking.id),
    name: picking.name,
    node: nodeOfPicking(picking, layout),
    state: deliveryState(picking, lines),
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
export function productOf(row: ProductRow): ErpProduct {
  return {
    sku: row.default_code,
    ref: String(row.id),
    name: row.name,
    storable: row.is_storable ?? row.type === 'product',
    grams: Math.round(row.weight * gramsPer(row.weight_uom_name)),
    millilitres: Math.round(row.volume * millilitresPer(row.volume_uom_name)),
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

/** Warehouse that the order names; its lines go by their own routes. */
function firstWarehouse(draft: ErpOrderDraft, layout: Layout): number {
  const node = draft.lines.find((line) => line.node !== null)?.node ?? [...layout.nodes.keys()][0] ?? '';
  return nodeOf(layout, node, 'sale.order.load').id;
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
