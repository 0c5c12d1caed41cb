import { systemClock } from '@quartermaster/connector-kit';
import { isFault, type NodeId, type Sku } from '@quartermaster/domain';
import { z } from 'zod';
import { connectOdoo, type OdooClient, type OdooOptions } from './client.ts';
import { odooFault } from './exceptions.ts';
import { setupXid } from './external-id.ts';
import { nodeOf, readLayout, toBeSourcedBarcode, type Layout } from './layout.ts';
import { rowsPerCall } from './limits.ts';
import { precisionSchema, wantedDigits } from './probe.ts';
import { inBatches, productFields } from './products.ts';
import { discountSku, shippingSku, taxSku } from './service-products.ts';
import { gramsPer, millilitresPer, productOf } from './translate.ts';
import { idSchema, productSchema, quantSchema, type ProductRow } from './wire.ts';
import { written } from './write-order.ts';

/** What a database shall have. All of it is optional but the currency; what is there and not named is left alone. */
export type OdooSetup = {
  readonly nodes: readonly { readonly code: NodeId; readonly name: string }[];
  readonly products: readonly SetupProduct[];
  /** Units on the shelf, counted absolutely: what is there now does not add to them. */
  readonly stock: readonly { readonly sku: Sku; readonly node: NodeId; readonly units: number }[];
  /** Currency of the orders to come. */
  readonly currency: string;
};

export type SetupProduct = {
  readonly sku: Sku;
  readonly name: string;
  readonly grams: number;
  readonly millilitres: number;
  /** Sales price as decimal text; only for people, an order line has its own. */
  readonly price?: string;
  readonly kind: 'storable' | 'service';
};

/** How many records were made, changed, and found as they should be. */
export type SetupCounts = { readonly created: number; readonly changed: number; readonly left: number };
export type SetupReport = Readonly<Record<'nodes' | 'routes' | 'products' | 'stock' | 'settings', SetupCounts>>;

/**
 * Makes a database ready: warehouses, our routes and the place for lines to be sourced, service products, products, stock, and the settings without which small weights round to
 * nothing or deliveries run into batches. It may be run at any time again: what is right is left. Needs a user who may change all this (an administrator), unlike daily work.
 */
export async function prepareOdoo(options: OdooOptions, setup: OdooSetup): Promise<SetupReport> {
  const client = await connectOdoo({ clock: systemClock, ...options });
  const nodes = await prepareWarehouses(client, setup.nodes);
  const settings = add(await preparePrecision(client), await prepareCurrency(client, setup.currency));
  const codes = setup.nodes.map((node) => node.code);
  const { routes, layout } = await prepareRoutes(client, codes);
  const batching = await stopBatching(client, layout, codes);
  const products = await prepareProducts(client, [...serviceProducts, ...setup.products]);
  const stock = await prepareStock(client, layout, setup.stock);
  return { nodes, routes, products, stock, settings: add(settings, batching) };
}

const serviceProducts: readonly SetupProduct[] = [
  { sku: shippingSku, name: 'Shipping', grams: 0, millilitres: 0, price: '0', kind: 'service' },
  { sku: taxSku, name: 'Tax', grams: 0, millilitres: 0, price: '0', kind: 'service' },
  { sku: discountSku, name: 'Discount', grams: 0, millilitres: 0, price: '0', kind: 'service' },
];

async function prepareWarehouses(client: OdooClient, wanted: OdooSetup['nodes']): Promise<SetupCounts> {
  const { nodes } = await readLayout(client);
  const missing = wanted.filter((node) => !nodes.has(node.code));
  const renamed = wanted.filter((node) => nodes.has(node.code) && nodes.get(node.code)?.name !== node.name);
  if (missing.length > 0) {
    const rows = missing.map((node) => [setupXid('warehouse', node.code), node.code, node.name, String(client.company.id)]);
    await load(client, 'stock.warehouse', ['id', 'code', 'name', 'company_id/.id'], rows);
  }
  for (const node of renamed) await client.write('stock.warehouse', [nodes.get(node.code)?.id ?? 0], { name: node.name });
  return { created: missing.length, changed: renamed.length, left: wanted.length - missing.length - renamed.length };
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
  const [found] = await client.searchRead(
    'res.currency',
    { domain: [['name', '=', currency]], fields: ['active'], archived: true },
    currencyRowSchema,
  );
  if (found === undefined) throw odooFault('misconfigured', 'res.currency.search_read', `Odoo knows no currency ${currency}`);
  if (!found.active) await client.write('res.currency', [found.id], { active: true });
  const domain = [
    ['currency_id', '=', found.id],
    ['company_id', 'in', [client.company.id, false]],
  ];
  const [pricelist] = await client.searchRead('product.pricelist', { domain, fields: ['id'], limit: 1 }, idSchema);
  if (pricelist === undefined) {
    await load(
      client,
      'product.pricelist',
      ['id', 'name', 'currency_id/.id'],
      [[setupXid('pricelist', currency), `Quartermaster ${currency}`, String(found.id)]],
    );
  }
  return { created: pricelist === undefined ? 1 : 0, changed: found.active ? 0 : 1, left: pricelist === undefined ? 0 : 1 };
}

const currencyRowSchema = z.object({ id: z.int(), active: z.boolean() });

/** The place for lines to be sourced with its own kind of delivery, which reserves nothing by itself, and a route from there and from every warehouse. */
async function prepareRoutes(client: OdooClient, codes: readonly NodeId[]): Promise<{ routes: SetupCounts; layout: Layout }> {
  const company = String(client.company.id);
  let layout = await readLayout(client);
  let created = 0;
  if (layout.toBeSourced.locationId === null) {
    const rows = [
      [setupXid('location', 'quartermaster'), 'Quartermaster', 'view', '', '', company],
      [
        setupXid('location', 'to be sourced'),
        'To be sourced',
        'internal',
        setupXid('location', 'quartermaster'),
        toBeSourcedBarcode,
        company,
      ],
    ];
    await load(client, 'stock.location', ['id', 'name', 'usage', 'location_id/id', 'barcode', 'company_id/.id'], rows);
    layout = await readLayout(client);
    created += rows.length;
  }
  const waiting = layout.toBeSourced.locationId;
  if (waiting === null)
    throw odooFault('refused', 'stock.location.load', 'the place for lines to be sourced is not there after it was made');
  const customers = await customersLocation(client);

  const missing: { id: string; name: string; from: number; pickingType: number }[] = [];
  if (layout.toBeSourced.wayOut === null) {
    const pickingType = await waitingPickingType(client, layout, waiting, customers);
    created += pickingType.created;
    missing.push({ id: 'to be sourced', name: 'Quartermaster: to be sourced', from: waiting, pickingType: pickingType.id });
  }
  for (const code of codes) {
    const node = nodeOf(layout, code, 'stock.route.load');
    if (node.wayOut === null)
      missing.push({ id: code, name: `Quartermaster: ships from ${code}`, from: node.lot_stock_id, pickingType: node.out_type_id });
  }
  const ruleFields = await client.knownFields('stock.rule', ['group_propagation_option']);
  const fields = [
    'id',
    'name',
    'sale_selectable',
    'product_selectable',
    'company_id/.id',
    ...[
      'id',
      'name',
      'action',
      'location_src_id/.id',
      'location_dest_id/.id',
      'picking_type_id/.id',
      'procure_method',
      'company_id/.id',
      'propagate_carrier',
    ].map((field) => `rule_ids/${field}`),
    ...[...ruleFields].map((field) => `rule_ids/${field}`),
  ];
  const rows = missing.map(({ id, name, from, pickingType }) => [
    ...[setupXid('route', id), name, '1', '0', company],
    ...[setupXid('rule', id), name, 'pull', String(from), String(customers), String(pickingType), 'make_to_stock', company, '1'],
    // Until Odoo 18: puts the delivery into the order's own group, so that it belongs to the order.
    ...[...ruleFields].map(() => 'propagate'),
  ]);
  if (rows.length > 0) await load(client, 'stock.route', fields, rows);
  return { routes: { created: created + rows.length, changed: 0, left: codes.length + 1 - rows.length }, layout: await readLayout(client) };
}

/** Kind of delivery of the waiting lines. Found by where it takes from; `manual` keeps Odoo from trying to reserve. */
async function waitingPickingType(
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
  if (warehouse === undefined)
    throw odooFault('misconfigured', 'stock.picking.type.load', 'the company has no warehouse', { advice: 'Name at least one node.' });
  const [id] = await load(
    client,
    'stock.picking.type',
    [
      'id',
      'name',
      'code',
      'sequence_code',
      'warehouse_id/.id',
      'default_location_src_id/.id',
      'default_location_dest_id/.id',
      'reservation_method',
      'company_id/.id',
    ],
    [
      [
        ...[
          setupXid('picking type', 'to be sourced'),
          'To be sourced',
          'outgoing',
          'QMS',
          String(warehouse.id),
          String(from),
          String(customers),
          'manual',
        ],
        String(client.company.id),
      ],
    ],
  );
  return { id: id ?? 0, created: 1 };
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

/** Where the batch app is installed, new warehouses put their deliveries into batches by themselves; a delivery that is in a batch cannot be changed freely any more. */
async function stopBatching(client: OdooClient, layout: Layout, codes: readonly NodeId[]): Promise<SetupCounts> {
  const known = await client.knownFields('stock.picking.type', ['auto_batch']);
  if (!known.has('auto_batch')) return none;
  const types = codes.map((code) => nodeOf(layout, code, 'stock.picking.type.write').out_type_id);
  const domain = [
    ['id', 'in', types],
    ['auto_batch', '=', true],
  ];
  const batching = await client.searchRead('stock.picking.type', { domain, fields: ['id'] }, idSchema);
  if (batching.length > 0)
    await client.write(
      'stock.picking.type',
      batching.map((row) => row.id),
      { auto_batch: false },
    );
  return { created: 0, changed: batching.length, left: types.length - batching.length };
}

async function prepareProducts(client: OdooClient, wanted: readonly SetupProduct[]): Promise<SetupCounts> {
  const storable = await client.knownFields('product.product', ['is_storable']);
  const units = await measureUnits(client);
  const fields = [...productFields, ...storable];
  const skus = wanted.map((product) => product.sku);
  const rows = await inBatches(skus, (batch) =>
    client.searchRead('product.product', { domain: [['default_code', 'in', batch]], fields }, productSchema),
  );
  const there = new Map(rows.map((row) => [row.default_code, row]));
  const missing = wanted.filter((product) => !there.has(product.sku));
  const differing = wanted.flatMap((product) => {
    const row = there.get(product.sku);
    return row !== undefined && differs(product, row) ? [{ product, row }] : [];
  });
  const kindFields = storable.has('is_storable') ? ['type', 'is_storable'] : ['detailed_type'];
  const kindCells = (kind: SetupProduct['kind']) =>
    storable.has('is_storable') ? (kind === 'service' ? ['service', '0'] : ['consu', '1']) : [kind === 'service' ? 'service' : 'product'];
  const measures = (product: SetupProduct) => [
    String(product.grams / units.grams),
    String(product.millilitres / units.millilitres),
    product.price ?? '0',
  ];
  await inBatches(missing, async (batch) => {
    const cells = batch.map((product) => [
      setupXid('product', product.sku),
      product.sku,
      product.name,
      ...measures(product),
      ...kindCells(product.kind),
      '',
    ]);
    return [
      ...(await load(
        client,
        'product.product',
        ['id', 'default_code', 'name', 'weight', 'volume', 'list_price', ...kindFields, 'taxes_id/.id'],
        cells,
      )),
    ];
  });
  await inBatches(differing, async (batch) => {
    const cells = batch.map(({ product, row }) => [
      String(row.id),
      product.name,
      ...measures({ ...product, price: product.price ?? String(row.list_price) }),
    ]);
    return [...(await load(client, 'product.product', ['.id', 'name', 'weight', 'volume', 'list_price'], cells))];
  });
  return { created: missing.length, changed: differing.length, left: wanted.length - missing.length - differing.length };
}

/** Kind is not compared: Odoo forbids to change it once a product has moved. */
function differs(wanted: SetupProduct, row: ProductRow): boolean {
  const { name, grams, millilitres } = productOf(row);
  const price = wanted.price !== undefined && Number(wanted.price) !== row.list_price;
  return name !== wanted.name || grams !== wanted.grams || millilitres !== wanted.millilitres || price;
}

/** Grams and millilitres of one unit of this database, which is set to metric or imperial as a whole. */
async function measureUnits(client: OdooClient): Promise<{ grams: number; millilitres: number }> {
  const domain = [
    ['key', 'in', ['product.weight_in_lbs', 'product.volume_in_cubic_feet']],
    ['value', '=', '1'],
  ];
  try {
    const rows = await client.searchRead('ir.config_parameter', { domain, fields: ['key'] }, z.object({ id: z.int(), key: z.string() }));
    const imperial = new Set(rows.map((row) => row.key));
    return {
      grams: gramsPer(imperial.has('product.weight_in_lbs') ? 'lb' : 'kg'),
      millilitres: millilitresPer(imperial.has('product.volume_in_cubic_feet') ? 'ft³' : 'm³'),
    };
  } catch (error) {
    if (isFault(error) && error.code === 'forbidden')
      throw odooFault('forbidden', 'ir.config_parameter.search_read', 'the set-up needs an administrator', {
        advice: 'Run it once as an administrator; daily work needs fewer rights.',
      });
    throw error;
  }
}

async function prepareStock(client: OdooClient, layout: Layout, wanted: OdooSetup['stock']): Promise<SetupCounts> {
  if (wanted.length === 0) return none;
  const locationOf = new Map(
    [...new Set(wanted.map((count) => count.node))].map((code) => [code, nodeOf(layout, code, 'stock.quant.create').lot_stock_id]),
  );
  const skus = [...new Set(wanted.map((count) => count.sku))];
  const fields = ['default_code', ...productFields];
  const products = await inBatches(skus, (batch) =>
    client.searchRead('product.product', { domain: [['default_code', 'in', batch]], fields }, productSchema),
  );
  const productOfSku = new Map(products.map((product) => [product.default_code, product.id]));
  const units = new Map<string, number>();
  const within = [
    ['location_id', 'in', [...locationOf.values()]],
    ['product_id', 'in', [...productOfSku.values()]],
  ];
  const quants = client.pages(
    'stock.quant',
    { domain: within, fields: ['product_id', 'location_id', 'quantity', 'reserved_quantity'] },
    quantSchema,
  );
  for await (const page of quants) {
    for (const quant of page) {
      const key = `${quant.product_id} ${quant.location_id}`;
      units.set(key, (units.get(key) ?? 0) + quant.quantity);
    }
  }
  const differing = wanted.flatMap((count) => {
    const product = productOfSku.get(count.sku);
    const location = locationOf.get(count.node);
    if (product === undefined || location === undefined)
      throw odooFault('invalid-request', 'stock.quant.create', `there is no product ${count.sku}`);
    const now = units.get(`${product} ${location}`);
    return (now ?? 0) === count.units ? [] : [{ product, location, count: count.units, counted: now !== undefined }];
  });
  for (let at = 0; at < differing.length; at += rowsPerCall) {
    const values = differing
      .slice(at, at + rowsPerCall)
      .map(({ product, location, count }) => ({ product_id: product, location_id: location, inventory_quantity: count }));
    const ids = await client.create('stock.quant', values, { inventory_mode: true });
    await client.call({ model: 'stock.quant', method: 'action_apply_inventory', ids, repeat: 'never', timeout: 'write' }, z.unknown());
  }
  const created = differing.filter((count) => !count.counted).length;
  return { created, changed: differing.length - created, left: wanted.length - differing.length };
}

async function load(
  client: OdooClient,
  model: string,
  fields: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<readonly number[]> {
  return written(await client.load(model, fields, rows, 'always'), `${model}.load`);
}

const none: SetupCounts = { created: 0, changed: 0, left: 0 };

function add(first: SetupCounts, second: SetupCounts): SetupCounts {
  return { created: first.created + second.created, changed: first.changed + second.changed, left: first.left + second.left };
}
