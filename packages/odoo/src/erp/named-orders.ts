import type { ErpOrder } from '@quartermaster/domain';
import { z } from 'zod';
import { rowsPerCall } from '../client/limits.ts';
import type { Session } from '../session/session.ts';
import { readKitLines } from './kit-lines.ts';
import { orderOf } from './translate.ts';
import { orderSchema, orderSpecification } from './wire.ts';

const referenceSchema = z.object({ id: z.int(), client_order_ref: z.string() });

/**
 * The orders that carry these references (the customer's reference in Odoo), whoever wrote them, by reference: what people enter by hand, or another program. Their lines are nobody's of ours. Cancelled
 * ones are left out. Nothing is written.
 */
export async function readNamedOrders(session: Session, references: readonly string[]): Promise<ReadonlyMap<string, readonly ErpOrder[]>> {
  const { client, layout, vocabulary } = session;
  const found = new Map<string, ErpOrder[]>();
  for (let at = 0; at < references.length; at += rowsPerCall) {
    const domain = [
      ['client_order_ref', 'in', references.slice(at, at + rowsPerCall)],
      ['state', '!=', 'cancel'],
    ];
    const named = await client.searchRead('sale.order', { domain, fields: ['client_order_ref'] }, referenceSchema);
    if (named.length === 0) continue;
    const specification = orderSpecification(vocabulary);
    const ids = named.map(({ id }) => id);
    const rows = await client.call(
      { model: 'sale.order', method: 'web_read', ids, args: { specification }, repeat: 'always', timeout: 'read' },
      z.array(orderSchema),
    );
    const kits = await readKitLines(session, rows);
    const rowOf = new Map(rows.map((row) => [row.id, row]));
    for (const { id, client_order_ref: reference } of named) {
      const row = rowOf.get(id);
      if (row !== undefined) found.set(reference, [...(found.get(reference) ?? []), orderOf([row], layout, new Map(), kits)]);
    }
  }
  return found;
}
