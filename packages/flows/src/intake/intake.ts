import {
  epochMs,
  instantOf,
  orderKey,
  type ChannelOrder,
  type ConnectionId,
  type ErpOrder,
  type Instant,
  type OrderPage,
  type PulledOrder,
  type Scope,
  type UnreadableOrder,
} from '@quartermaster/domain';
import { compareRevisions, receive } from '@quartermaster/fulfilment';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { actsOn, ownerOf, scopeOf, type FlowContext } from '../context.ts';
import { driftCauses, exceptionOfDrift } from '../drift/causes.ts';
import { isFull, waitingOf } from './intake-bound.ts';
import { knownToErp } from '../lost-memory.ts';
import { applyEvent, findCase, openCase } from '../order-cases.ts';
import { jsonOf } from '../plain-json.ts';
import { checksOf, learnSkus, rememberOrder } from './order-checks.ts';
import { keepPerson } from './people.ts';
import { noteDemand } from '../stock/demand-history.ts';
import { doubtLevels } from '../stock/known-levels.ts';
import { speakingTo } from '../speaking-to.ts';
import { takeTurn, type InTurn, type Urgency } from '../turns.ts';
import { noteSale } from '../stock/unread-sales.ts';
import { followUp } from './webhooks.ts';

/** The turn of reading a channel, and its cursor. */
export const stream = 'orders';
/** Longer than a page takes: it is renewed with every page. */
const leaseMs = 60_000;
/** Beside the cursor: the moment from which on orders of the connection are ours. */
const beginning = 'orders-since';
const beginningSchema = z.object({ since: z.string() });
export const cursorSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]));

/** `heldBack`: reading broke off, because too much of the channel waits already; it goes on from there at the next turn. */
export type Pulled = { readonly read: number; readonly fresh: number; readonly heldBack: boolean };

/**
 * Reads what changed on a channel since last time. Each page is kept in one transaction: what came, where reading goes on, and what follows for each order. A revision that came
 * before is absorbed. A channel that was never read begins at the present. An order that was placed before that, or that came while we only observed, is history even when it changes
 * now: others may have shipped it. History comes only by {@link backfillChannel}. One replica reads a channel at a time; null when it was left to another.
 */
export async function pullChannel(context: FlowContext, connection: ConnectionId, urgency: Urgency): Promise<Pulled | null> {
  const { journal, settings } = context;
  const channel = channelOf(context, connection);
  const scope = scopeOf(settings, connection);
  const unhurried = notSoonerThan(channel.capabilities.leastPollMs, urgency, context.clock.now());
  return takeTurn(context, { name: stream, connection, leaseMs }, unhurried, async (held) => {
    const cursor = await journal.transaction(async (tx) => {
      const kept = await tx.cursors.get(scope, stream, cursorSchema);
      if (kept !== null) return kept;
      const first = channel.cursorAt(context.clock.now());
      await tx.cursors.set(scope, stream, jsonOf(first), held.lease);
      await tx.cursors.set(scope, beginning, { since: wholeSecond(context.clock.now()) });
      return first;
    });
    return followUp(context, connection, held, () =>
      keepPages(context, connection, channel.pullOrders(cursor), {
        moveCursor: held,
        admit: actsOn(settings, connection) ? 'new' : 'none',
      }),
    );
  });
}

/** A channel that was read less than `leastMs` ago counts as read: asking it again would tell nothing new, or be refused. */
function notSoonerThan(leastMs: number, urgency: Urgency, now: Instant): Urgency {
  if (leastMs === 0) return urgency;
  const earliest = instantOf(epochMs(now) - leastMs + 1);
  return { ...urgency, since: urgency.since === null || urgency.since < earliest ? earliest : urgency.since };
}

/** Reads the orders changed since an instant and admits those that are still open, once. The ordinary reading goes on where it was. */
export async function backfillChannel(context: FlowContext, connection: ConnectionId, since: Instant): Promise<Pulled> {
  const channel = channelOf(context, connection);
  return keepPages(context, connection, channel.pullOrders(channel.cursorAt(since)), { moveCursor: null, admit: 'all' });
}

/**
 * Reads one order again and takes it in like one that was just pulled; an order that the channel does not have any more changes nothing. `also` happens in the same transaction, and is told
 * whether anything was new.
 */
export async function rereadOrder(
  context: FlowContext,
  connection: ConnectionId,
  orderId: string,
  also: (tx: Transaction, fresh: boolean) => Promise<void>,
): Promise<void> {
  const pulled = await speakingTo(connection, () => channelOf(context, connection).getOrder(orderId));
  if (pulled !== null) await learnSkus(context, [pulled.order]);
  const lost = pulled === null ? new Map<string, ErpOrder>() : await knownToErp(context, connection, [pulled]);
  await context.journal.transaction(async (tx) => {
    const keeping = { moveCursor: null, admit: actsOn(context.settings, connection) ? 'new' : 'none' } as const;
    const fresh = pulled !== null && (await takeIn(tx, context, connection, pulled, keeping, lost.get(orderId) ?? null));
    await also(tx, fresh);
  });
}

/**
 * `moveCursor`: the turn in whose name reading goes on from here next time. `admit`: which orders become cases that are acted on, `new` being those that are no history. The others are
 * only noted as seen.
 */
type Keeping = { readonly moveCursor: InTurn | null; readonly admit: 'all' | 'new' | 'none' };

async function keepPages(
  context: FlowContext,
  connection: ConnectionId,
  pages: AsyncIterable<OrderPage>,
  keeping: Keeping,
): Promise<Pulled> {
  const scope = scopeOf(context.settings, connection);
  let read = 0;
  let fresh = 0;
  let heldBack = await isHeldBack(context, connection, keeping);
  for await (const page of heldBack ? [] : readAhead(pages)) {
    const [lost] = await Promise.all([
      keeping.admit === 'none' ? new Map<string, ErpOrder>() : knownToErp(context, connection, page.orders),
      learnSkus(
        context,
        page.orders.map(({ order }) => order),
      ),
    ]);
    fresh += await context.journal.transaction(async (tx) => {
      let taken = 0;
      await keeping.moveCursor?.guard(tx);
      for (const pulled of page.orders) {
        if (await takeIn(tx, context, connection, pulled, keeping, lost.get(pulled.order.id) ?? null)) taken++;
      }
      for (const order of page.unreadable ?? []) await setAside(tx, context, connection, order);
      if (keeping.moveCursor !== null) await tx.cursors.set(scope, stream, jsonOf(page.cursor), keeping.moveCursor.lease);
      return taken;
    });
    read += page.orders.length;
    heldBack = await isHeldBack(context, connection, keeping);
    if (heldBack) break;
  }
  if (fresh > 0) context.log({ at: context.clock.now(), event: 'orders.pulled', connection, read, fresh });
  return { read, fresh, heldBack };
}

/** Reads one page while the one before it is taken in. */
async function* readAhead<Page>(pages: AsyncIterable<Page>): AsyncGenerator<Page, void> {
  const source = pages[Symbol.asyncIterator]();
  let next = source.next();
  // Told when its page is asked for; until then nobody listens.
  next.catch(() => undefined);
  try {
    for (;;) {
      const { done, value } = await next;
      if (done === true) return;
      next = source.next();
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    await next.catch(() => undefined);
    await source.return?.();
  }
}

/** Whether the next page must wait. What a person asked for at once (`all`) is read in any case, and what only observes makes nothing that waits. */
async function isHeldBack(context: FlowContext, connection: ConnectionId, { admit, moveCursor }: Keeping): Promise<boolean> {
  if (admit !== 'new') return false;
  const waiting = await waitingOf(context, connection);
  const full = isFull(waiting);
  if (full) moveCursor?.leaveOpen();
  if (full && !context.heldBack.has(connection)) {
    context.heldBack.add(connection);
    context.log({ at: context.clock.now(), event: 'intake.held-back', connection, ...waiting });
  }
  if (!full && context.heldBack.delete(connection)) context.log({ at: context.clock.now(), event: 'intake.went-on', connection });
  return full;
}

async function takeIn(
  tx: Transaction,
  context: FlowContext,
  connection: ConnectionId,
  pulled: PulledOrder,
  keeping: Keeping,
  inErp: ErpOrder | null,
): Promise<boolean> {
  const { order, person, raw } = pulled;
  const scope = scopeOf(context.settings, connection);
  const now = context.clock.now();
  const key = orderKey(scope, order.id);
  const known = await findCase(tx, key);
  const admitted = keeping.admit === 'all' || (keeping.admit === 'new' && (known !== null || !(await isHistory(tx, scope, key, order))));
  const kind = admitted ? 'order' : 'order-observed';
  const arrival = {
    scope,
    kind,
    vendorId: order.id,
    revision: order.revision,
    subject: order.subject,
    body: jsonOf(order),
    receivedAt: now,
    handledAt: now,
  };
  if ((await tx.inbox.add(arrival)) === 'known') return false;
  await readAgain(tx, context, key);
  await doubtLevels(
    tx,
    context,
    connection,
    order.lines.flatMap(({ sku }) => sku ?? []),
  );
  await noteSold(tx, context, connection, order, known?.case.order ?? null);
  const checked = { key, connection, order, person };
  if (known !== null) {
    if (compareRevisions(order, known.case.order) >= 0) await keepPerson(tx, order, person, raw);
    await rememberOrder(tx, context, checked);
    await applyEvent(tx, context, key, { kind: 'revised', order, holds: await checksOf(tx, context, checked) });
  } else if (!admitted) {
    await tx.audit.append({ at: now, actor: 'quartermaster', event: observed, key, detail: { revision: order.revision } });
  } else if (worthACase(order)) {
    await keepPerson(tx, order, person, raw);
    await rememberOrder(tx, context, checked);
    await noteDemand(tx, context, connection, order);
    const holds = await checksOf(tx, context, checked);
    const received = receive({ key, scope, order, holds, acknowledges: acknowledges(context, connection), now });
    await openCase(tx, context, received, 'received', now);
    if (inErp !== null && received.case.state === 'cancelled') await tellCancelled(tx, context, key, inErp);
    else if (inErp !== null) {
      const hold = { code: 'known-to-erp', reason: `the ERP has it as ${inErp.name}, and this journal did not know it` } as const;
      await applyEvent(tx, context, key, { kind: 'hold-placed', hold, by: 'quartermaster' });
    }
  }
  return true;
}

/**
 * What the channel's figures should miss because of this order. Of one that is cancelled they should show as much more, which the channel puts back by itself; where they do not, that may be sold again
 * already, and until a later reading nobody is given it.
 */
async function noteSold(
  tx: Transaction,
  context: FlowContext,
  connection: ConnectionId,
  order: ChannelOrder,
  before: ChannelOrder | null,
): Promise<void> {
  const isOver = order.status === 'cancelled';
  if (before === null ? isOver : !isOver || before.status === 'cancelled') return;
  for (const { sku, quantity } of order.lines)
    if (sku !== null) await noteSale(tx, context, connection, { sku, units: isOver ? quantity : -quantity });
}

function acknowledges(context: FlowContext, connection: ConnectionId): boolean {
  const wanted = context.settings.channels.find((each) => each.connection === connection)?.acknowledge ?? true;
  return wanted && channelOf(context, connection).acknowledgement !== null;
}

/** An order that was cancelled before this journal heard of it, and that the ERP has from an earlier one: nothing can be held any more, but the goods may still leave. */
async function tellCancelled(tx: Transaction, context: FlowContext, key: string, { name, state }: ErpOrder): Promise<void> {
  if (state === 'cancelled') return;
  const code = exceptionOfDrift('not-cancelled-in-erp');
  const reason = `the channel cancelled it, and the ERP has it as ${name}, which this journal did not know. ${driftCauses['not-cancelled-in-erp'].next}`;
  await tx.exceptions.raise({ code, subjectKey: key, owner: ownerOf(context.settings, code), reason, at: context.clock.now() });
}

/** Keeps an order that its connector cannot read, as it came and encrypted, and tells a person which one it is. The rest of the page goes on. */
async function setAside(tx: Transaction, context: FlowContext, connection: ConnectionId, order: UnreadableOrder): Promise<void> {
  const { id, name, revision, subject, reason, raw } = order;
  const scope = scopeOf(context.settings, connection);
  const at = context.clock.now();
  const arrival = { scope, kind: unreadable, vendorId: id, revision, subject, body: { name, reason }, receivedAt: at };
  if ((await tx.inbox.add(arrival)) === 'known') return;
  await tx.vault.put(subject, `raw/${id}`, raw);
  const subjectKey = orderKey(scope, id);
  await tx.exceptions.raise({ code: unreadable, subjectKey, owner: ownerOf(context.settings, unreadable), reason, at });
  context.log({ at, event: 'order.unreadable', order: subjectKey });
}

async function readAgain(tx: Transaction, context: FlowContext, subjectKey: string): Promise<void> {
  const settled = { by: 'quartermaster', reason: 'it could be read', at: context.clock.now() };
  await tx.exceptions.resolve({ code: unreadable, subjectKey }, settled);
}

/** Exception of an order that could not be put into our words. */
export const unreadable = 'order-unreadable';
const observed = 'order.observed';

/** From when on orders of a channel are ours; null when it was never read. */
export async function beginningOf(tx: ReadTransaction | Transaction, scope: Scope): Promise<Instant | null> {
  return (await tx.cursors.get(scope, beginning, beginningSchema))?.since ?? null;
}

/** Whether the channel was ever read. */
export async function hasBegun(tx: ReadTransaction | Transaction, scope: Scope): Promise<boolean> {
  return (await tx.cursors.get(scope, stream, cursorSchema)) !== null;
}

/** Placed before the connection began, or seen while it was only observed. */
export async function isHistory(
  tx: ReadTransaction | Transaction,
  scope: Scope,
  key: string,
  order: Pick<ChannelOrder, 'placedAt'>,
): Promise<boolean> {
  const began = await beginningOf(tx, scope);
  if (began !== null && order.placedAt < began) return true;
  return (await tx.audit.list({ key, limit: 1 })).some(({ event }) => event === observed);
}

/** An order that was over before we ever saw it is history. */
function worthACase(order: ChannelOrder): boolean {
  return order.status !== 'closed';
}

/** Channels may tell whole seconds only: an order of the second in which we began is ours. */
function wholeSecond(instant: Instant): Instant {
  return `${instant.slice(0, 19)}.000Z`;
}

function channelOf(context: FlowContext, connection: ConnectionId) {
  const channel = context.channels.get(connection);
  if (channel === undefined) throw new RangeError(`there is no channel ${connection}`);
  return channel;
}
