import type { Gathered } from '@quartermaster/connector-kit';
import type { ConnectorFault, ErpOrder, ErpOrderDraft, ErpOrderKey } from '@quartermaster/domain';
import { orderXid } from '../session/external-id.ts';
import type { Session } from '../session/session.ts';
import { batchesOf } from './order-batches.ts';
import { draftTurns, kitTurn, kitsAmong } from './order-turns.ts';
import { writeBatch } from './write-batch.ts';

/**
 * What became of one order of many: `written` now (or by another process in the same moment, which cannot be told apart), `found` as it was there already, or `failed` for a reason of
 * its own.
 */
export type OrderOutcome =
  | { readonly kind: 'written' | 'found'; readonly key: ErpOrderKey; readonly order: ErpOrder }
  | { readonly kind: 'failed'; readonly key: ErpOrderKey; readonly fault: ConnectorFault };

/**
 * Orders of one transaction. Odoo confirms them in it, and holds what it touches until the end: a server with workers kills what takes longer than two minutes, which at a slow
 * second per order leaves half.
 */
export const ordersPerBatch = 50;

/** Batches at the same time: one waits for the database while the other one computes. More gain nothing, because one Odoo process computes with one core. */
const lanes = 2;

/**
 * Writes many orders confirmed, or finds those that are there; each has its own outcome, in the order of the drafts, and one that Odoo refuses keeps no other out. The external id
 * of an order is the claim: it is written in the same transaction as the order, its lines, its deliveries and their reservations, and only one order can have it. An order that is
 * there is only read. Drafts of the same channel order are one: the first counts.
 */
export async function writeOrders(session: Session, drafts: readonly ErpOrderDraft[]): Promise<OrderOutcome[]> {
  const distinct = new Map<string, ErpOrderDraft>();
  for (const draft of drafts) if (!distinct.has(orderXid(draft.key))) distinct.set(orderXid(draft.key), draft);
  const kits = await kitsAmong(session, [
    ...new Set(drafts.flatMap((draft) => draft.lines.filter((line) => line.kind === 'product').map((line) => line.sku))),
  ]);
  const batches = batchesOf([...distinct.values()], (draft) => draftTurns(draft, kits), { size: ordersPerBatch, lanes });
  const outcomes = new Map<string, OrderOutcome>();
  const waiting = batches.values();
  const lane = async () => {
    for (const { members, keys } of waiting)
      for (const outcome of await writeBatch(session, members, (task) =>
        session.inTurn(keys.includes(kitTurn) ? 'everything' : keys, task),
      ))
        outcomes.set(orderXid(outcome.key), outcome);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return drafts.flatMap((draft) => outcomes.get(orderXid(draft.key)) ?? []);
}

/** The outcome of one order for whoever asked for that one alone: a fault is thrown to him. */
export function asGathered(outcome: OrderOutcome): Gathered<ErpOrder> {
  return outcome.kind === 'failed' ? { kind: 'fault', fault: outcome.fault } : { kind: 'result', result: outcome.order };
}
