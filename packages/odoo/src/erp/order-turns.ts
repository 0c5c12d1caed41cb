import type { ErpOrderDraft, ErpOrderKey, NodeId, Sku } from '@quartermaster/domain';
import { orderXid, partnerXid } from '../session/external-id.ts';
import type { Session } from '../session/session.ts';
import { knowsKits } from '../reads/read-kits.ts';
import { findOrder } from './orders.ts';
import { inBatches } from './products.ts';
import { skuSchema } from './wire.ts';

/**
 * What writing an order touches: itself, its customer, and the stock of each of its products where it is to be taken from. Kits have no stock, and two of them may share a part: an order
 * with one has {@link kitTurn}, and waits for everything.
 */
export function draftTurns(draft: ErpOrderDraft, kits: ReadonlySet<Sku>): string[] {
  const products = draft.lines.filter((line) => line.kind === 'product');
  const stock = products.flatMap((line) => (line.node === null ? [] : [stockTurn(line.node, line.sku)]));
  const kit = products.some((line) => kits.has(line.sku)) ? [kitTurn] : [];
  return [orderXid(draft.key), partnerXid(draft.key.scope.connection, draft.subject), ...stock, ...kit];
}

export const kitTurn = 'kits';

/** Those of the SKUs that are kits; none where no app knows kits. */
export async function kitsAmong(session: Session, skus: readonly Sku[]): Promise<ReadonlySet<Sku>> {
  if (skus.length === 0 || !(await knowsKits(session))) return new Set();
  const rows = await inBatches(skus, (batch) =>
    session.client.searchRead(
      'product.product',
      {
        domain: [
          ['default_code', 'in', batch],
          ['is_kits', '=', true],
        ],
        fields: ['default_code'],
      },
      skuSchema,
    ),
  );
  return new Set(rows.map((row) => row.default_code));
}

/** What an effect on an order touches that may set its goods aside at a node. Which products those are never changes, so they may be read before the turn. */
export async function turnsAtNode(session: Session, key: ErpOrderKey, node: NodeId): Promise<string[]> {
  const found = await findOrder(session, key);
  const skus = new Set(found?.order.deliveries.flatMap((delivery) => delivery.lines.map((line) => line.sku)));
  return [orderXid(key), ...[...skus].map((sku) => stockTurn(node, sku))];
}

/** Confirming at the same time what takes the same product from the same warehouse reserves more than there is. */
export function stockTurn(node: NodeId, sku: Sku): string {
  return JSON.stringify(['stock', node, sku]);
}
