import { systemClock } from '@quartermaster/connector-kit';
import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { compareText, moneyFromDecimal, currencyExponent, type Clock, type Money } from '@quartermaster/domain';
import { numberOf, referenceOf, textOf, type Row } from './engine/database.ts';
import { readField } from './engine/computed.ts';
import { addUser, freshDatabase } from './fresh-database.ts';
import { htmlPage, json2, jsonRpc, type Door } from './engine/protocols.ts';
import { createRecord } from './engine/records.ts';
import { xmlRpc } from './engine/xml-rpc.ts';
import { pickingsOfOrder } from './topics/sales.ts';
import type { OdooVersion } from './engine/field.ts';
import { movesOf, pickingState } from './topics/pickings.ts';
import { quantAt } from './topics/quants.ts';
import { reserveWaiting } from './topics/reservation.ts';
import { createWarehouse, setUpWarehouse } from './topics/warehouses.ts';
import { currencyCode, required, rowsBy, type World } from './engine/world.ts';

export type OdooSandboxOptions = {
  readonly version: OdooVersion;
  readonly database: string;
  readonly login: string;
  /** Password and API key in one. */
  readonly secret: string;
  readonly clock?: Clock;
  /** Currency of the company. */
  readonly currency: string;
  /** Default `administrator`. A `salesperson` has Sales (all documents), Inventory (user) and Contact creation, which is what daily work needs. */
  readonly user?: 'administrator' | 'salesperson';
  /** A second user, with the rights of a salesperson. */
  readonly salesperson?: { readonly login: string; readonly secret: string };
  /** Whether the app "Delivery Costs" is installed, without which deliveries hold no tracking numbers; default true. */
  readonly deliveryApp?: boolean;
  /** Whether the app "Batch Transfers" is installed, without which there are no batches; default true. */
  readonly batchApp?: boolean;
  /** Where the database has the sides of products: in OCA's module `product_dimension`, or in packagings (Odoo 17 and 18); default nowhere. */
  readonly productSides?: 'none' | 'product-dimension' | 'packagings';
};

/** An Odoo in memory, and what a scenario may do to it from outside. */
export type OdooSandbox = {
  readonly app: SandboxApp;
  /** A warehouse as our set-up leaves it, so that orders can be written at once. */
  addWarehouse(warehouse: { readonly code: string; readonly name: string }): void;
  addProduct(product: SandboxProduct): void;
  /** Counts: this many units are on the shelf from now on. What is reserved stays so. */
  setStock(count: { readonly sku: string; readonly node: string; readonly units: number }): void;
  /** Goods come in; deliveries that wait for them are reserved, the oldest first. */
  receive(receipt: { readonly sku: string; readonly node: string; readonly units: number }): void;
  /** Everything that a test wants to compare, ordered, without ids and times. */
  snapshot(): OdooSnapshot;
};

export type SandboxProduct = {
  readonly sku: string;
  readonly name: string;
  readonly grams: number;
  readonly millilitres: number;
  readonly kind: 'storable' | 'service';
  /** Of a kit: what one is delivered as. These products are there already. */
  readonly kit?: readonly { readonly sku: string; readonly units: number }[];
};

export type OdooSnapshot = { readonly orders: readonly SnapshotOrder[]; readonly quants: readonly SnapshotQuant[] };

export type SnapshotOrder = {
  /** Null for one without, which nobody can find again. */
  readonly externalId: string | null;
  readonly name: string;
  readonly state: string;
  readonly total: Money;
  readonly lines: readonly {
    readonly externalId: string | null;
    readonly sku: string;
    readonly quantity: number;
    readonly delivered: number;
  }[];
  readonly pickings: readonly SnapshotPicking[];
};

export type SnapshotPicking = {
  /** Code of the warehouse; null where lines wait outside of all of them. */
  readonly warehouse: string | null;
  readonly state: string;
  readonly tracking: string;
  readonly moves: readonly { readonly sku: string; readonly demand: number; readonly quantity: number; readonly state: string }[];
};

/** Stock of a SKU in a warehouse. */
export type SnapshotQuant = { readonly sku: string; readonly warehouse: string; readonly quantity: number; readonly reserved: number };

/**
 * Makes an emulated Odoo of a version: `/jsonrpc`, and from 19 on `/json/2` and `/web/version`. It knows what the connector uses, with the quirks that were measured on the real
 * ones. It starts like a fresh database, so the set-up (`prepareOdoo`) runs against it too.
 */
export function createOdooSandbox(options: OdooSandboxOptions): OdooSandbox {
  const world = freshDatabase({
    version: options.version,
    clock: options.clock ?? systemClock,
    currency: options.currency,
    login: options.login,
    administrator: options.user !== 'salesperson',
    deliveryApp: options.deliveryApp ?? true,
    batchApp: options.batchApp ?? true,
    productSides: options.productSides ?? 'none',
  });
  const door = doorOf(world, options);
  const stockLocation = (node: string) => numberOf(warehouseBy(world, node), 'lot_stock_id');

  return {
    async app(request) {
      const { pathname } = new URL(request.url);
      if (pathname === '/jsonrpc' && request.method === 'POST') return jsonRpc(world, door, await request.text());
      if (pathname.startsWith('/xmlrpc/2/') && request.method === 'POST')
        return xmlRpc(world, door, { service: pathname.slice('/xmlrpc/2/'.length), text: await request.text() });
      if (world.version >= 19 && (pathname === '/web/version' || pathname === '/json/version')) {
        return Response.json({ version_info: [world.version, 0, 0, 'final', 0, ''], version: `${world.version}.0` });
      }
      if (pathname.startsWith('/json/2/')) {
        if (world.version >= 19 && request.method === 'POST')
          return json2(world, door, { path: pathname, headers: request.headers, text: await request.text() });
        // Odoo 18 sends whoever knocks here to its login page.
        if (world.version === 18) return new Response(null, { status: 303, headers: { location: '/web/login' } });
      }
      return htmlPage(404);
    },
    addWarehouse: ({ code, name }) => setUpWarehouse(world, createWarehouse(world, { code, name })),
    addProduct({ sku, name, grams, millilitres, kind, kit }) {
      const type =
        world.version === 17
          ? { detailed_type: kind === 'storable' ? 'product' : kind }
          : { type: kind === 'storable' ? 'consu' : kind, is_storable: kind === 'storable' };
      const product = createRecord(world, 'product.product', { default_code: sku, name, ...type });
      // As if the precisions had been raised, which the set-up does.
      world.db.update('product.product', product.id, { weight: grams / 1_000, volume: millilitres / 1_000_000 });
      if (kit === undefined) return;
      const template = numberOf(productBy(world, sku), 'product_tmpl_id');
      const bom = createRecord(world, 'mrp.bom', { product_tmpl_id: template, type: 'phantom' });
      for (const part of kit)
        createRecord(world, 'mrp.bom.line', { bom_id: bom.id, product_id: productBy(world, part.sku).id, product_qty: part.units });
    },
    setStock({ sku, node, units }) {
      const quant = quantAt(world, productBy(world, sku).id, stockLocation(node));
      world.db.update('stock.quant', quant.id, { quantity: units });
    },
    receive({ sku, node, units }) {
      const product = productBy(world, sku);
      const quant = quantAt(world, product.id, stockLocation(node));
      world.db.update('stock.quant', quant.id, { quantity: numberOf(quant, 'quantity') + units });
      reserveWaiting(world, product.id, stockLocation(node));
    },
    snapshot: () => ({ orders: [...world.db.all('sale.order')].map((order) => orderShot(world, order)), quants: quantShots(world) }),
  };
}

function doorOf(world: World, options: OdooSandboxOptions): Door {
  const { database, login, secret, salesperson } = options;
  const first = { id: world.userId, login, secret, administrator: options.user !== 'salesperson' };
  if (salesperson === undefined) return { database, users: [first] };
  const second = addUser(world, salesperson.login);
  return { database, users: [first, { ...salesperson, id: second, administrator: false }] };
}

function orderShot(world: World, order: Row): SnapshotOrder {
  const currency = currencyCode(world, order);
  const total = numberOf({ total: readField(world, 'sale.order', order, 'amount_total') }, 'total');
  return {
    externalId: world.db.externalIdsOf('sale.order', order.id)[0] ?? null,
    name: textOf(order, 'name'),
    state: textOf(order, 'state'),
    total: moneyFromDecimal(total.toFixed(currencyExponent(currency)), currency),
    lines: rowsBy(world, 'sale.order.line', 'order_id', order.id).map((line) => ({
      externalId: world.db.externalIdsOf('sale.order.line', line.id)[0] ?? null,
      sku: skuOf(world, line),
      quantity: numberOf(line, 'product_uom_qty'),
      delivered: numberOf({ units: readField(world, 'sale.order.line', line, 'qty_delivered') }, 'units'),
    })),
    pickings: pickingsOfOrder(world, order.id)
      .sort((a, b) => a.id - b.id)
      .map((picking) => ({
        warehouse: warehouseOfLocation(world, numberOf(picking, 'location_id')),
        state: pickingState(world, picking),
        tracking: textOf(picking, 'carrier_tracking_ref'),
        moves: movesOf(world, picking.id).map((move) => ({
          sku: skuOf(world, move),
          demand: numberOf(move, 'product_uom_qty'),
          quantity: numberOf(move, 'quantity'),
          state: textOf(move, 'state'),
        })),
      })),
  };
}

function quantShots(world: World): SnapshotQuant[] {
  return [...world.db.all('stock.quant')]
    .flatMap((quant) => {
      const warehouse = warehouseOfLocation(world, numberOf(quant, 'location_id'));
      if (warehouse === null) return [];
      return [
        { sku: skuOf(world, quant), warehouse, quantity: numberOf(quant, 'quantity'), reserved: numberOf(quant, 'reserved_quantity') },
      ];
    })
    .sort((a, b) => compareText(a.warehouse, b.warehouse) || compareText(a.sku, b.sku));
}

function skuOf(world: World, row: Row): string {
  return textOf(world.db.get('product.product', numberOf(row, 'product_id')) ?? {}, 'default_code');
}

function warehouseBy(world: World, code: string): Row {
  return required(world.db.get('stock.warehouse', world.db.lookUp('stock.warehouse', 'code', code)?.[0] ?? 0), `warehouse ${code}`);
}

function productBy(world: World, sku: string): Row {
  return required(world.db.get('product.product', world.db.lookUp('product.product', 'default_code', sku)?.[0] ?? 0), `product ${sku}`);
}

function warehouseOfLocation(world: World, locationId: number): string | null {
  for (let at: number | null = locationId; at !== null; at = referenceOf(world.db.get('stock.location', at) ?? {}, 'location_id')) {
    const [warehouse] = rowsBy(world, 'stock.warehouse', 'lot_stock_id', at);
    if (warehouse !== undefined) return textOf(warehouse, 'code');
  }
  return null;
}
