import type { Instant, KitComponent, NodeId, Sku, StockPosition } from '@quartermaster/domain';
import { z } from 'zod';
import { rowsPerStockPage } from '../client/limits.ts';
import { instantFromOdoo } from '../models/values.ts';
import { nodeOf, type Node } from '../session/layout.ts';
import type { Session } from '../session/session.ts';
import { readSkus, wholeCatalogue, type SkuBook } from './catalogue.ts';
import { readInbound, readLocations, type Inbound } from './inbound.ts';
import { explodeKits, kitsFrom, type Components } from './kits.ts';
import { readKitBook } from './read-kits.ts';
import {
  splitStock,
  wholeReserved,
  wholeUnits,
  type Detail,
  type HoldState,
  type Place,
  type Quant,
  type StockFinding,
  type StockSum,
} from './split-stock.ts';

/** A location outside the warehouses whose stock is a node's, but not for sale. */
export type HoldLocation = {
  /** Odoo's id of the location; what lies below it counts too. */
  readonly locationId: number;
  readonly node: NodeId;
  readonly state: HoldState;
};

/** What is to be read of the stock. */
export type StockPositionQuery = {
  readonly nodes: readonly NodeId[];
  /** Null is all of them. */
  readonly skus: readonly Sku[] | null;
  readonly holds?: readonly HoldLocation[];
  /** Keeps positions of lots, owners or packages apart; default everything summed. Inbound goods and kits have neither, so they are only in sums. */
  readonly by?: readonly Detail[];
  /** Whether goods that belong to others are for sale; default not: they are counted as `consigned`. */
  readonly sellConsigned?: boolean;
};

/** A position with what Odoo knows beyond the port's words. */
export type OdooStockPosition = StockPosition & {
  /** Odoo's id of the product. */
  readonly product: number;
  /** Name of the package; null for goods without one, or where packages are not kept apart. */
  readonly package: string | null;
  /** Units that belong to others and are not for sale. */
  readonly consigned: number;
  /** Units whose lot is past its removal date: not sellable. Only with the app for expiry dates. */
  readonly expired: number;
  /** What is behind `inbound`. */
  readonly expected: readonly Inbound[];
};

export type StockPositions = {
  readonly positions: readonly OdooStockPosition[];
  /** What cannot be right, for a person to look at. */
  readonly findings: readonly StockFinding[];
};

/**
 * Positions of all warehouses by one query of quants, with what is inbound, and kits by their components. Sellable is what lies in the stock location of a warehouse and below;
 * other states come from `holds`. No number is ever below zero: what is wrong in the quants is a finding. `lot` and `package` are names, `owner` is Odoo's id of the partner.
 */
export async function readStockPositions(session: Session, query: StockPositionQuery): Promise<StockPositions> {
  const nodes = new Map(query.nodes.map((id) => [id, nodeOf(session.layout, id, 'stock.quant.search_read')]));
  if (nodes.size === 0 || query.skus?.length === 0) return { positions: [], findings: [] };
  const asOf = session.clock.now();
  const by = new Set(query.by);
  const [kitBook, asked] = await Promise.all([
    by.size > 0 ? null : readKitBook(session),
    query.skus === null ? null : readSkus(session, [...new Set(query.skus)]),
  ]);
  const kits = kitBook === null ? new Map<number, Components>() : explodeKits(kitBook);
  const products = asked === null ? null : withComponents([...asked.idOf.values()], kits);
  const places = placesOf(nodes, query.holds ?? []);
  const [quants, moves, catalogue] = await Promise.all([
    readQuants(session, { places, products, by }),
    by.size > 0 ? [] : readInbound(session, nodes, products),
    asked === null || products === null ? wholeCatalogue(session) : bookOf(session, asked, products),
  ]);
  const { sums, findings } = splitStock(quants.rows, {
    skuOf: catalogue.skuOf,
    placeOf: await placeOfLocations(session, places, quants.rows),
    by,
    ours: quants.ours,
    sellConsigned: query.sellConsigned === true,
    now: asOf,
  });
  const names = await readNames(session, sums);
  const expected = new Map(Map.groupBy(moves, ({ product, node }) => `${product} ${node}`));
  const plain = positionsOf(sums, { asOf, skuOf: catalogue.skuOf, expected, names }).filter(({ product }) => !kits.has(product));
  const wanted = asked === null ? null : new Set(asked.idOf.values());
  const ofKits = kitPositions(kits, { plain, nodes: [...nodes.keys()], asOf, skuOf: catalogue.skuOf, wanted });
  return { positions: [...plain.filter(({ product }) => wanted?.has(product) ?? true), ...ofKits], findings };
}

function placesOf(nodes: ReadonlyMap<NodeId, Node>, holds: readonly HoldLocation[]): Place[] {
  const shelves = [...nodes].map(([node, { lot_stock_id: root }]) => ({ root, node, state: 'sellable' as const }));
  return [
    ...shelves,
    ...holds.filter((hold) => nodes.has(hold.node)).map(({ locationId, node, state }) => ({ root: locationId, node, state })),
  ];
}

/** Products and what they are made of. */
function withComponents(products: readonly number[], kits: ReadonlyMap<number, Components>): number[] {
  return [...new Set(products.flatMap((id) => [id, ...(kits.get(id)?.keys() ?? [])]))];
}

/** SKUs of the asked products and of the components that came along. */
async function bookOf({ odoo }: Session, asked: SkuBook, products: readonly number[]): Promise<SkuBook> {
  const more = products.filter((id) => !asked.skuOf.has(id));
  if (more.length === 0) return asked;
  const rows = await odoo.read('product.product', more, ['default_code']);
  const skuOf = new Map([...asked.skuOf, ...rows.map(({ id, default_code: sku }) => [id, sku ?? ''] as const)]);
  return { ...asked, skuOf };
}

type QuantQuestion = {
  readonly places: readonly Place[];
  readonly products: readonly number[] | null;
  readonly by: ReadonlySet<Detail>;
};

const reference = z.union([z.int(), z.literal(false)]).transform((value) => (value === false ? null : value));
const quantSchema = z.object({
  id: z.int(),
  product_id: z.int(),
  location_id: z.int(),
  quantity: z.number(),
  reserved_quantity: z.number(),
  lot_id: reference.optional(),
  package_id: reference.optional(),
  owner_id: reference.optional(),
  removal_date: z.union([z.string(), z.literal(false)]).optional(),
});

/** As few fields as the question needs: at 20,000 rows every one costs. */
async function readQuants(
  session: Session,
  { places, products, by }: QuantQuestion,
): Promise<{ rows: Quant[]; ours: ReadonlySet<number> }> {
  const ours = new Set([await companyPartner(session)]);
  const domain = [
    ['location_id', 'child_of', places.map((place) => place.root)],
    ...(products === null ? [] : [['product_id', 'in', [...products]]]),
  ];
  const extra = [...(by.has('lot') ? ['lot_id'] : []), ...(by.has('package') ? ['package_id'] : []), ...(await expiryField(session))];
  const fields = ['product_id', 'location_id', 'quantity', 'reserved_quantity', 'owner_id', ...extra];
  const rows: Quant[] = [];
  for await (const page of session.client.pages('stock.quant', { domain, fields, pageSize: rowsPerStockPage }, quantSchema))
    for (const row of page) rows.push(quantOf(row));
  return { rows, ours };
}

function quantOf(row: z.infer<typeof quantSchema>): Quant {
  return {
    product: row.product_id,
    location: row.location_id,
    quantity: row.quantity,
    reserved: row.reserved_quantity,
    lot: row.lot_id ?? null,
    package: row.package_id ?? null,
    owner: row.owner_id ?? null,
    removalDate: typeof row.removal_date === 'string' ? instantFromOdoo(row.removal_date) : null,
  };
}

/** Place of each location: the nearest root above it counts. A root needs no look-up. */
async function placeOfLocations(session: Session, places: readonly Place[], quants: readonly Quant[]): Promise<ReadonlyMap<number, Place>> {
  const byRoot = new Map(places.map((place) => [place.root, place]));
  const found = new Map(byRoot);
  const shelves = new Set(quants.map((quant) => quant.location).filter((location) => !byRoot.has(location)));
  for (const [id, { path }] of await readLocations(session, [...shelves])) {
    const nearest = path.map((part) => byRoot.get(part)).findLast((place) => place !== undefined);
    if (nearest !== undefined) found.set(id, nearest);
  }
  return found;
}

type Names = { readonly lots: ReadonlyMap<number, string>; readonly packages: ReadonlyMap<number, string> };

async function readNames({ client, vocabulary }: Session, sums: readonly StockSum[]): Promise<Names> {
  const read = async (model: string, ids: readonly (number | null)[]) => {
    const asked = [...new Set(ids)].filter((id) => id !== null);
    if (asked.length === 0) return new Map<number, string>();
    const rows = await client.searchRead(
      model,
      { domain: [['id', 'in', asked]], fields: ['name'] },
      z.object({ id: z.int(), name: z.string() }),
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  };
  return {
    lots: await read(
      'stock.lot',
      sums.map((sum) => sum.lot),
    ),
    packages: await read(
      vocabulary.packageModel,
      sums.map((sum) => sum.package),
    ),
  };
}

type Known = {
  readonly asOf: Instant;
  readonly skuOf: ReadonlyMap<number, Sku>;
  readonly expected: ReadonlyMap<string, readonly Inbound[]>;
  readonly names: Names;
};

/** Positions of sums in whole units, and of what is inbound where nothing lies yet. */
function positionsOf(sums: readonly StockSum[], { asOf, skuOf, expected, names }: Known): OdooStockPosition[] {
  const there = new Set(sums.map(({ product, node }) => `${product} ${node}`));
  const empty: StockSum['units'] = { sellable: 0, qualityHold: 0, damaged: 0, returnPending: 0, consigned: 0, expired: 0, reserved: 0 };
  const onlyExpected = [...expected].flatMap(([key, [first]]): StockSum[] => {
    const sku = first === undefined ? undefined : skuOf.get(first.product);
    if (first === undefined || sku === undefined || there.has(key)) return [];
    return [{ product: first.product, sku, node: first.node, lot: null, owner: null, package: null, units: empty }];
  });
  return [...sums, ...onlyExpected].map(({ product, sku, node, lot, owner, package: pack, units }) => {
    const coming = expected.get(`${product} ${node}`) ?? [];
    return {
      sku,
      node,
      asOf,
      sellable: wholeUnits(units.sellable),
      reserved: wholeReserved(units.reserved),
      qualityHold: wholeUnits(units.qualityHold),
      damaged: wholeUnits(units.damaged),
      returnPending: wholeUnits(units.returnPending),
      inTransit: wholeUnits(coming.reduce((sum, each) => sum + each.inTransit, 0)),
      inbound: byDate(coming),
      lot: lot === null ? null : (names.lots.get(lot) ?? String(lot)),
      owner: owner === null ? null : String(owner),
      kit: null,
      product,
      package: pack === null ? null : (names.packages.get(pack) ?? String(pack)),
      consigned: wholeUnits(units.consigned),
      expired: wholeUnits(units.expired),
      expected: coming,
    };
  });
}

function byDate(coming: readonly Inbound[]): StockPosition['inbound'] {
  const dates = new Map<Instant, number>();
  for (const { expectedAt, units } of coming) dates.set(expectedAt, (dates.get(expectedAt) ?? 0) + units);
  return [...dates]
    .map(([expectedAt, units]) => ({ expectedAt, units: wholeUnits(units) }))
    .filter(({ units }) => units > 0)
    .sort((a, b) => (a.expectedAt < b.expectedAt ? -1 : 1));
}

type KitQuestion = {
  /** Positions of everything that is no kit. */
  readonly plain: readonly OdooStockPosition[];
  readonly nodes: readonly NodeId[];
  readonly asOf: Instant;
  readonly skuOf: ReadonlyMap<number, Sku>;
  /** Products that were asked for; null for all. */
  readonly wanted: ReadonlySet<number> | null;
};

/** A position per kit and node where at least one can be made: as many as the scarcest component allows, and as many free as its free units allow. */
export function kitPositions(
  kits: ReadonlyMap<number, Components>,
  { plain, nodes, asOf, skuOf, wanted }: KitQuestion,
): OdooStockPosition[] {
  if (kits.size === 0) return [];
  const byNode = new Map(nodes.map((node) => [node, new Map<number, OdooStockPosition>()]));
  for (const position of plain) byNode.get(position.node)?.set(position.product, position);
  const none = { qualityHold: 0, damaged: 0, returnPending: 0, inTransit: 0, inbound: [], lot: null, owner: null, package: null };
  return [...kits].flatMap(([product, components]) => {
    const sku = skuOf.get(product);
    if (sku === undefined || wanted?.has(product) === false) return [];
    const kit: KitComponent[] = [...components].map(([id, units]) => ({ sku: skuOf.get(id) ?? '', units }));
    return [...byNode].flatMap(([node, there]) => {
      const sellable = kitsFrom(components, (id) => there.get(id)?.sellable ?? 0);
      if (sellable === 0) return [];
      const free = kitsFrom(components, (id) => (there.get(id)?.sellable ?? 0) - (there.get(id)?.reserved ?? 0));
      return [{ sku, node, asOf, ...none, sellable, reserved: sellable - free, kit, product, consigned: 0, expired: 0, expected: [] }];
    });
  });
}

async function companyPartner({ client, odoo }: Session): Promise<number> {
  const known = partners.get(client) ?? (await odoo.read('res.company', [client.company.id], ['partner_id']))[0]?.partner_id ?? 0;
  partners.set(client, known);
  return known;
}

async function expiryField({ client }: Session): Promise<string[]> {
  const known = expiring.get(client) ?? [...(await client.knownFields('stock.quant', ['removal_date']))];
  expiring.set(client, known);
  return known;
}

/** By connection: the company's own partner. */
const partners = new WeakMap<object, number>();
/** By connection: the field that says when a lot is no longer sold, where that app is installed. */
const expiring = new WeakMap<object, string[]>();
