import { epochMs, instantOf, keyText, type ChannelOrder, type ConnectionId, type Person } from '@quartermaster/domain';
import {
  checkOrder,
  pastOrderOf,
  pastOrderSchema,
  similarSkus,
  spellingsOf,
  type CheckPolicy,
  type Hold,
  type PastOrder,
} from '@quartermaster/fulfilment';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { scopeOf, type FlowContext } from '../context.ts';
import { applyNews, findCase } from '../order-cases.ts';
import { reservesBeforePayment } from '../policy/commit-timing.ts';
import { knownAddress } from './carrier-addresses.ts';
import { personOf } from './people.ts';

/** What is checked: an order as the channel tells it, under its key, and who it is for. */
type Checked = { readonly key: string; readonly connection: ConnectionId; readonly order: ChannelOrder; readonly person: Person };

/** What the policy's checks say of an order. Money holds no order up whose stock is to be set aside first; once that is done, its labels wait for it. Writes nothing. */
export async function checksOf(tx: ReadTransaction | Transaction, context: FlowContext, checked: Checked): Promise<Hold[]> {
  const { settings, catalogue, clock } = context;
  const { key, connection: channel, order, person } = checked;
  const isLeft = reservesBeforePayment(settings, { channel, order }) && (await findCase(tx, key))?.case.state !== 'committed';
  const found = checkOrder({
    key,
    channel,
    order,
    person,
    knownSkus: catalogue.has,
    similarSkus: (sku) => similarSkus(sku, catalogue.seen()),
    others: await othersOf(tx, context, checked),
    known: await knownAddress(tx, context, order),
    tags: settings.skuTags,
    policy: settings.checks,
    now: clock.now(),
  });
  return isLeft ? found.filter(({ code }) => code !== 'payment') : found;
}

/** Checks an order again as it stands in the journal. One whose person was erased is left as it is. */
export async function checkAgain(tx: Transaction, context: FlowContext, key: string): Promise<void> {
  const found = await findCase(tx, key);
  if (found === null) return;
  // The checks are about what the channel says now, also where a changed content was not applied.
  const order = found.case.pending ?? found.case.order;
  const person = await personOf(tx, order);
  if (person === null) return;
  const { connection } = found.case.scope;
  await applyNews(tx, context, key, { kind: 'rechecked', holds: await checksOf(tx, context, { key, connection, order, person }) });
}

/** Learns what the ERP knows of these SKUs, and of how those that it does not know may have been meant. Throws the ERP's fault. */
export async function learnSkus(context: FlowContext, orders: readonly ChannelOrder[]): Promise<void> {
  const { catalogue } = context;
  const skus = orders.flatMap(({ lines }) => lines.flatMap(({ sku }) => sku ?? []));
  await catalogue.learn(skus);
  await catalogue.learn(skus.filter((sku) => !catalogue.has(sku)).flatMap(spellingsOf));
}

/** Keeps an order among those of its person and its address, where the policy's rules look back. */
export async function rememberOrder(
  tx: Transaction,
  context: FlowContext,
  { key, connection, order }: Omit<Checked, 'person'>,
): Promise<void> {
  const minutes = lookBackMinutes(context.settings.checks);
  if (minutes === 0) return;
  const now = context.clock.now();
  const since = epochMs(now) - minutes * 60_000 - latestMs;
  for (const name of namesOf(context, connection, order)) {
    const known = await tx.records.get(rememberedKind, name, rememberedSchema);
    const others = (known?.body.orders ?? []).filter((each) => each.key !== key && epochMs(each.placedAt) >= since);
    const orders = [...others, pastOrderOf(key, order)].slice(-mostRemembered);
    await tx.records.put(rememberedKind, name, { state: rememberedState, body: { orders }, at: now, version: known?.version ?? 0 });
  }
}

async function othersOf(
  tx: ReadTransaction | Transaction,
  context: FlowContext,
  { key, connection, order }: Checked,
): Promise<PastOrder[]> {
  const minutes = lookBackMinutes(context.settings.checks);
  if (minutes === 0) return [];
  const earliest = instantOf(epochMs(order.placedAt) - minutes * 60_000);
  const found = new Map<string, PastOrder>();
  for (const name of namesOf(context, connection, order))
    for (const each of (await tx.records.get(rememberedKind, name, rememberedSchema))?.body.orders ?? [])
      if (each.key !== key && each.placedAt >= earliest && each.placedAt <= order.placedAt) found.set(each.key, each);
  const others: PastOrder[] = [];
  for (const each of found.values()) {
    const state = (await findCase(tx, each.key))?.case.state;
    if (state !== undefined && state !== 'cancelled' && state !== 'cancelling') others.push(each);
  }
  return others;
}

/** Who orders, and where it goes on whatever channel: neither holds personal data. A guest is another person with every order, and has one address. */
function namesOf({ settings }: FlowContext, connection: ConnectionId, { subject, addressHash }: ChannelOrder): string[] {
  const address = addressHash === null ? [] : [keyText(scopeOf(settings, everyChannel), 'address', addressHash)];
  return [keyText(scopeOf(settings, connection), 'person', subject), ...address];
}

/** How long the rules look back; 0: none does. */
function lookBackMinutes({ fraud, duplicatesWithinMinutes }: CheckPolicy): number {
  return Math.max(fraud.mostOrders?.withinMinutes ?? 0, duplicatesWithinMinutes ?? 0);
}

/** What is remembered of who orders and where it goes: kept anew with each order, so that it grows old with the last. */
export const rememberedKind = 'recent-orders';
export const rememberedState = 'current';
const everyChannel = '*';
const rememberedSchema = z.object({ orders: z.array(pastOrderSchema) });
/** An order may come so long after it was placed, and the one before it still counts. */
const latestMs = 86_400_000;
/** Who orders more often than this is held by any rule there is. */
const mostRemembered = 200;
