import { orderCaseSchema, type OrderCase } from '@quartermaster/fulfilment';
import type { ExceptionCase, Intent, ReadTransaction } from '@quartermaster/journal';
import type { OdooSnapshot } from '@quartermaster/odoo/sandbox';
import type { OrderSnapshot } from '@quartermaster/shopify/sandbox';
import type { EasyPostSnapshot } from '@quartermaster/easypost/sandbox';
import type { PlacedOrder } from './people.ts';
import type { World } from './world.ts';

/** What journal, Odoo, shops and carrier say of the same day. */
export type Books = {
  readonly cases: ReadonlyMap<string, OrderCase>;
  readonly intents: readonly Intent[];
  readonly exceptions: readonly ExceptionCase[];
  readonly odoo: OdooSnapshot;
  readonly easypost: EasyPostSnapshot;
  readonly placed: readonly PlacedOrder[];
  /** An order as its shop has it. */
  readonly inShop: (order: PlacedOrder) => OrderSnapshot;
  /** The orders in Odoo that stand for a channel order: one, or none. */
  readonly inOdoo: (order: PlacedOrder) => readonly OdooSnapshot['orders'][number][];
};

const limit = 10_000;

export async function readBooks(tx: ReadTransaction, world: World, placed: Iterable<PlacedOrder>): Promise<Books> {
  const cases = await tx.records.list('order', orderCaseSchema, { limit });
  const shots = new Map([...world.shops].map(([id, shop]) => [id, new Map(shop.snapshot().orders.map((order) => [order.id, order]))]));
  const odoo = world.odoo.snapshot();
  return {
    cases: new Map(cases.map(({ body }) => [body.key, body])),
    intents: await tx.intents.list({ limit }),
    exceptions: await tx.exceptions.list({ open: true, limit }),
    odoo,
    easypost: world.easypost.snapshot(),
    placed: [...placed],
    inShop({ shop, id, name }) {
      const found = shots.get(shop)?.get(id);
      if (found === undefined) throw new RangeError(`the shop ${shop} has no order ${name}`);
      return found;
    },
    inOdoo: ({ shop, id }) => odoo.orders.filter(({ externalId }) => externalId === externalIdOf(shop, id)),
  };
}

/** How our orders are called in Odoo. */
function externalIdOf(shop: string, orderId: string): string {
  return `__qm__.${shop}_${orderId}_order`;
}
