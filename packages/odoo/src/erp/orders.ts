import { gathering, type Gathered } from '@quartermaster/connector-kit';
import { isFault, type ErpOrder, type ErpOrderKey } from '@quartermaster/domain';
import { z } from 'zod';
import { rowsPerCall } from '../client/limits.ts';
import { odooFault } from '../client/exceptions.ts';
import { lineIdOf, orderPartXid, orderXid, partsOfXid } from '../session/external-id.ts';
import { recordNamed } from '../session/look-up.ts';
import type { Session } from '../session/session.ts';
import { readKitLines, type KitLines } from './kit-lines.ts';
import { orderOf } from './translate.ts';
import { metadataSchema, orderSchema, orderSpecification, type OrderRow } from './wire.ts';

/** An order as it stands: in our words, in Odoo's (several where each warehouse has its own), and which line is which. */
export type OrderInOdoo = {
  readonly order: ErpOrder;
  readonly rows: readonly [OrderRow, ...OrderRow[]];
  readonly lineIds: ReadonlyMap<number, string>;
  readonly kits: KitLines;
};

/** Orders whose ids are kept in memory; what fell out is looked up again. */
const keptIds = 20_000;

/** The order of a channel order, or null. Those that are asked for in the same moment are read together. */
export async function findOrder(session: Session, key: ErpOrderKey): Promise<OrderInOdoo | null> {
  const find = finders.get(session.orderIds) ?? gathering(findGathered, { atMost: foundTogether });
  finders.set(session.orderIds, find);
  return find({ session, key });
}

type Sought = { readonly session: Session; readonly key: ErpOrderKey };

/** Of each connection, by what all its sessions share. */
const finders = new WeakMap<Session['orderIds'], (sought: Sought) => Promise<OrderInOdoo | null>>();
/** Orders of one reading: some ten kilobytes each. */
const foundTogether = 50;

/** An order that cannot be read must not keep others from being read: then each is asked for alone. */
async function findGathered(sought: readonly Sought[]): Promise<readonly Gathered<OrderInOdoo | null>[]> {
  const newest = sought.at(-1)?.session;
  if (newest === undefined) return [];
  try {
    const found = await findOrders(
      newest,
      sought.map(({ key }) => key),
    );
    return sought.map(({ key }) => ({ kind: 'result', result: found.get(orderXid(key)) ?? null }));
  } catch (error) {
    if (sought.length === 1 || !isFault(error) || error.code !== 'malformed-reply') throw error;
    const alone = await Promise.all(
      sought.map((each) => findGathered([each]).catch((fault: unknown) => [{ kind: 'fault' as const, fault }])),
    );
    return alone.flat();
  }
}

/** The same where it must be there. Throws `not-found`. */
export async function existingOrder(session: Session, key: ErpOrderKey, operation: string): Promise<OrderInOdoo> {
  const found = await findOrder(session, key);
  if (found !== null) return found;
  throw odooFault('not-found', operation, 'the order is not in Odoo', { advice: 'It was never written, or somebody deleted it.' });
}

/** The orders of these channel orders that are there, by {@link orderXid}. Nothing is written. */
export async function findOrders(session: Session, keys: readonly ErpOrderKey[]): Promise<ReadonlyMap<string, OrderInOdoo>> {
  const found = new Map(await readOrders(session, keys));
  const missing = keys.filter((key) => !found.has(orderXid(key)));
  for (const key of missing) session.orderIds.delete(orderXid(key));
  const ids = await lookUp(session, missing);
  for (const [externalId, each] of ids) rememberOrder(session, externalId, each);
  const lookedUp = await readOrders(
    session,
    missing.filter((key) => ids.has(orderXid(key))),
  );
  for (const [externalId, order] of lookedUp) found.set(externalId, order);
  return found;
}

/** Reads the orders whose ids are known, by {@link orderXid}; one of which a part is gone is left out. */
export async function readOrders(session: Session, keys: readonly ErpOrderKey[]): Promise<ReadonlyMap<string, OrderInOdoo>> {
  const { client, layout, vocabulary } = session;
  const idsOf = (key: ErpOrderKey) => session.orderIds.get(orderXid(key)) ?? [];
  const ids = keys.flatMap(idsOf);
  if (ids.length === 0) return new Map();
  const specification = orderSpecification(vocabulary);
  const rows = await client.call(
    { model: 'sale.order', method: 'web_read', ids, args: { specification }, repeat: 'always', timeout: 'read' },
    z.array(orderSchema),
  );
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const externalIds = await readLineNames(
    session,
    rows.flatMap((row) => row.order_line.map((line) => line.id)),
  );
  const kits = await readKitLines(session, rows);
  const orders = new Map<string, OrderInOdoo>();
  for (const key of keys) {
    const [first, ...others] = idsOf(key).flatMap((id) => rowOf.get(id) ?? []);
    if (first === undefined || others.length + 1 < idsOf(key).length) continue;
    const lineIds = new Map<number, string>();
    for (const line of [first, ...others].flatMap((row) => row.order_line)) {
      const lineId = externalIds
        .get(line.id)
        ?.map((externalId) => lineIdOf(key, externalId))
        .find((id) => id !== null);
      if (lineId != null) lineIds.set(line.id, lineId);
    }
    orders.set(orderXid(key), { order: orderOf([first, ...others], layout, lineIds, kits), rows: [first, ...others], lineIds, kits });
  }
  return orders;
}

export function rememberOrder(session: Session, externalId: string, ids: readonly number[]): void {
  session.orderIds.set(externalId, ids);
  const oldest = session.orderIds.size > keptIds ? session.orderIds.keys().next().value : undefined;
  if (oldest !== undefined) session.orderIds.delete(oldest);
}

/** External ids that the orders of a channel order may have: its own, or one per warehouse and one for what waits. */
function namesOf(session: Session, key: ErpOrderKey): string[] {
  return [orderXid(key), ...[...session.layout.nodes.keys(), null].map((node) => orderPartXid(key, node))];
}

/** The ids of the orders behind the keys. People who may not read the table of external ids ask for one after the other, and for orders per warehouse only where such are written. */
async function lookUp(session: Session, keys: readonly ErpOrderKey[]): Promise<ReadonlyMap<string, readonly number[]>> {
  const ofKeys = keys.map((key) => {
    const names = namesOf(session, key);
    return { key, names: session.mayReadExternalIds || session.warehouseSplit === 'order-per-warehouse' ? names : names.slice(0, 1) };
  });
  const names = ofKeys.flatMap((each) => each.names);
  const ids = session.mayReadExternalIds ? await idsInTable(session, names) : await idsByReference(session, names);
  return new Map(
    ofKeys.flatMap((each) => {
      const there = each.names.flatMap((name) => ids.get(name) ?? []);
      return there.length === 0 ? [] : [[orderXid(each.key), there] as const];
    }),
  );
}

async function idsInTable({ client }: Session, externalIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>();
  const names = externalIds.map((externalId) => partsOfXid(externalId)[1]);
  const [module] = partsOfXid(externalIds[0] ?? '');
  for (let at = 0; at < names.length; at += rowsPerCall) {
    const domain = [
      ['module', '=', module],
      ['name', 'in', names.slice(at, at + rowsPerCall)],
      ['model', '=', 'sale.order'],
    ];
    const rows = await client.searchRead('ir.model.data', { domain, fields: ['name', 'res_id'] }, nameSchema);
    for (const row of rows) ids.set(`${module}.${row.name}`, row.res_id);
  }
  return ids;
}

const nameSchema = z.object({ name: z.string(), res_id: z.int() });

async function idsByReference(session: Session, externalIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>();
  for (const externalId of externalIds) {
    const id = await recordNamed(session, 'sale.order', externalId);
    if (id !== null) ids.set(externalId, id);
  }
  return ids;
}

/** External ids of order lines. */
async function readLineNames({ client }: Session, ids: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>> {
  if (ids.length === 0) return new Map();
  const metadata = await client.call(
    { model: 'sale.order.line', method: 'get_metadata', ids, repeat: 'always', timeout: 'read' },
    z.array(metadataSchema),
  );
  return new Map(metadata.map(({ id, xmlid, xmlids }) => [id, [xmlid, ...(xmlids ?? []).map((each) => each.xmlid)]]));
}
