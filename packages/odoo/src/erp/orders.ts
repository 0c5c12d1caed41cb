import { isFault, type ErpOrder, type ErpOrderKey } from '@quartermaster/domain';
import { z } from 'zod';
import { odooFault } from '../client/exceptions.ts';
import { lineIdOf, orderXid, partsOfXid } from '../session/external-id.ts';
import type { Session } from '../session/session.ts';
import { orderOf } from './translate.ts';
import { metadataSchema, orderSchema, orderSpecification, type OrderRow } from './wire.ts';

/** An order as it stands: in our words, in Odoo's, and which line is which. */
export type OrderInOdoo = { readonly order: ErpOrder; readonly row: OrderRow; readonly lineIds: ReadonlyMap<number, string> };

/** Orders whose id is kept in memory; an id that fell out is looked up again. */
const keptIds = 20_000;

/** The order of a channel order, or null. */
export async function findOrder(session: Session, key: ErpOrderKey): Promise<OrderInOdoo | null> {
  const externalId = orderXid(key);
  const known = session.orderIds.get(externalId);
  if (known !== undefined) {
    const found = await readOrder(session, key, known);
    if (found !== null) return found;
    session.orderIds.delete(externalId);
  }
  const id = await lookUp(session, externalId);
  if (id === null) return null;
  rememberOrder(session, externalId, id);
  return readOrder(session, key, id);
}

/** The same where it must be there. Throws `not-found`. */
export async function existingOrder(session: Session, key: ErpOrderKey, operation: string): Promise<OrderInOdoo> {
  const found = await findOrder(session, key);
  if (found !== null) return found;
  throw odooFault('not-found', operation, 'the order is not in Odoo', { advice: 'It was never written, or somebody deleted it.' });
}

export async function readOrder(session: Session, key: ErpOrderKey, id: number): Promise<OrderInOdoo | null> {
  const { client, layout, vocabulary } = session;
  const specification = orderSpecification(vocabulary);
  const [row] = await client.call(
    { model: 'sale.order', method: 'web_read', ids: [id], args: { specification }, repeat: 'always', timeout: 'read' },
    z.array(orderSchema),
  );
  if (row === undefined) return null;
  const lineIds = await readLineIds(session, key, row);
  return { order: orderOf(row, layout, lineIds), row, lineIds };
}

export function rememberOrder(session: Session, externalId: string, id: number): void {
  session.orderIds.set(externalId, id);
  const oldest = session.orderIds.size > keptIds ? session.orderIds.keys().next().value : undefined;
  if (oldest !== undefined) session.orderIds.delete(oldest);
}

/**
 * The id behind an external id, without writing anything. Only people who manage access rights may read the table of external ids; everybody may ask for one of them by
 * `check_object_reference`, which raises a ValueError for one that is not there (and so leaves a traceback in the server's log: the table is the quieter way).
 */
async function lookUp(session: Session, externalId: string): Promise<number | null> {
  const { client } = session;
  const [module, name] = partsOfXid(externalId);
  if (session.mayReadExternalIds) {
    const domain = [
      ['module', '=', module],
      ['name', '=', name],
      ['model', '=', 'sale.order'],
    ];
    const [row] = await client.searchRead('ir.model.data', { domain, fields: ['res_id'] }, z.object({ res_id: z.int() }));
    return row?.res_id ?? null;
  }
  const call = {
    model: 'ir.model.data',
    method: 'check_object_reference',
    args: { module, xml_id: name },
    repeat: 'always',
    timeout: 'read',
  } as const;
  try {
    const [, id] = await client.call(call, z.tuple([z.string(), z.union([z.int(), z.literal(false)])]));
    if (id !== false) return id;
  } catch (error) {
    if (isFault(error) && error.facts.vendorCode === 'builtins.ValueError') return null;
    throw error;
  }
  throw odooFault('forbidden', 'sale.order.read', 'the order is there, but this user may not see it', {
    advice: "Give the user the order's company and all documents of Sales.",
  });
}

async function readLineIds(session: Session, key: ErpOrderKey, row: OrderRow): Promise<ReadonlyMap<number, string>> {
  if (row.order_line.length === 0) return new Map();
  const ids = row.order_line.map((line) => line.id);
  const metadata = await session.client.call(
    { model: 'sale.order.line', method: 'get_metadata', ids, repeat: 'always', timeout: 'read' },
    z.array(metadataSchema),
  );
  const found = new Map<number, string>();
  for (const { id, xmlid, xmlids } of metadata) {
    for (const externalId of [xmlid, ...(xmlids ?? []).map((each) => each.xmlid)]) {
      const lineId = lineIdOf(key, externalId);
      if (lineId !== null) found.set(id, lineId);
    }
  }
  return found;
}
