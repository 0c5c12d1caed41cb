import { fingerprint, pulledOrder } from '@quartermaster/connector-kit';
import {
  addMoney,
  ConnectorFault,
  epochMs,
  formatMoney,
  instantOf,
  isFault,
  money,
  shareMoney,
  sumMoney,
  zero,
  type ConnectorOperation,
  type EffectMemo,
  type Money,
  type Reconciled,
  type Refund,
  type Refunded,
} from '@quartermaster/domain';
import { unreadableReport } from './acknowledgement.ts';
import { notDone, type AmazonClient } from './client.ts';
import type { Feeds, FeedStanding } from './feeds.ts';
import { adjustmentFeed, processingErrors, type AdjustedItem } from './order-feeds.ts';
import { orderWithoutPerson, readOrder } from './orders.ts';
import { taxIsRemitted, itemMoney } from './proceeds.ts';
import { orderWords } from './translate.ts';
import type { WireOrder } from './wire.ts';

const type = 'POST_PAYMENT_ADJUSTMENT_DATA';

/**
 * The longest that handing in a refund can be under way, with its attempts: a feed of this type that came up within it after ours was asked for is ours, since refunds go one after the
 * other.
 */
const underWayMs = 120_000;

/**
 * Gives money back by a payment adjustment. Amazon keeps no key of ours that could be asked for, so: the document is uploaded first, when we begin is written down, and then it is handed
 * in, once. After an unknown outcome the feed is looked up, by its id or as the one that came up since.
 *
 * `pending` until Amazon has worked it through; a refusal then is a refund that is not there. The tax that Amazon remits itself it gives back by itself: it is in `amount` and not in the
 * feed.
 */
export function refunding(
  client: AmazonClient,
  feeds: Feeds,
  given: { sellerId: string; connection: string },
): ConnectorOperation<Refund, Refunded> {
  let turn: Promise<unknown> = Promise.resolve();
  /** Feeds of refunds that we know the refund of. */
  const known = new Map<string, string>();

  async function make(request: Refund, memo: EffectMemo): Promise<Refunded> {
    const wire = await readOrder(client, request.orderId, orderWithoutPerson);
    if (wire === null) throw notDone('not-found', 'refund', 'Amazon has no such order');
    const strange = request.lines.find(({ lineId }) => !wire.orderItems.some(({ orderItemId }) => orderItemId === lineId));
    if (strange !== undefined)
      throw notDone('unsupported', 'refund', `line ${strange.lineId} is no item of the order, and Amazon refunds items only`);
    const amount = amountOf(request, wire, given.connection);
    const items = adjustedItems(request, wire, given.connection);
    const documentId = await feeds.prepare(
      type,
      adjustmentFeed(given.sellerId, { orderId: request.orderId, reason: request.reason, items }),
    );
    const mine = turn.then(() => handIn(documentId, memo));
    turn = mine.catch(() => undefined);
    const feedId = await mine;
    const end = await afterTheEffect(() => feeds.settled(feedId));
    if (end === null) return { ref: feedId, amount, state: 'pending' };
    const error = await afterTheEffect(() => refusalOf(feedId, end));
    if (error !== null) throw notDone('refused', 'refund', error);
    return { ref: feedId, amount, state: 'done' };
  }

  async function handIn(documentId: string, memo: EffectMemo): Promise<string> {
    await memo.saveRefs({ refundAskedAt: client.clock.now() });
    const feedId = await feeds.submit(type, documentId, 'effect');
    known.set(feedId, memo.key);
    await memo.saveRefs({ refundFeed: feedId });
    return feedId;
  }

  /** Why Amazon did not refund; null when it did. */
  async function refusalOf(feedId: string, end: Exclude<FeedStanding, { kind: 'working' }>): Promise<string | null> {
    if (end.kind === 'cancelled') return `Amazon cancelled feed ${feedId}`;
    if (end.kind === 'fatal' || end.resultDocumentId === null) throw unreadableReport('refund', feedId);
    const errors = processingErrors(await feeds.report(end.resultDocumentId));
    if (errors === null) throw unreadableReport('refund', feedId);
    return errors.get(0) ?? errors.get(1) ?? null;
  }

  async function find(request: Refund, memo: EffectMemo): Promise<Reconciled<Refunded>> {
    const feedId = memo.refs['refundFeed'] ?? (await sinceAsked(memo));
    if (feedId === null) return { kind: 'absent' };
    if (feedId === 'several') return { kind: 'cannot-tell', check: `look in Seller Central whether order ${request.orderId} was refunded` };
    known.set(feedId, memo.key);
    const wire = await readOrder(client, request.orderId, orderWithoutPerson);
    if (wire === null) return { kind: 'absent' };
    const amount = amountOf(request, wire, given.connection);
    const standing = await afterAWhile(feedId);
    if (standing.kind === 'working') return { kind: 'found', result: { ref: feedId, amount, state: 'pending' } };
    if (standing.kind === 'fatal')
      return { kind: 'cannot-tell', check: `Amazon broke off feed ${feedId}: look in Seller Central for the refund` };
    const refusal = await refusalOf(feedId, standing);
    return refusal === null ? { kind: 'found', result: { ref: feedId, amount, state: 'done' } } : { kind: 'absent' };
  }

  /** How a feed stands, and when Amazon works on it, how it stands half a minute later: who looks it up wants to hear of the end. */
  async function afterAWhile(feedId: string): Promise<FeedStanding> {
    const now = await feeds.standing(feedId);
    if (now.kind !== 'working') return now;
    await client.clock.sleep(30_000);
    return feeds.standing(feedId);
  }

  /** The feed that came up when this refund was handed in, of which no answer came. Null when there is none, `several` when more than one may be it. */
  async function sinceAsked(memo: EffectMemo): Promise<string | null> {
    const asked = memo.refs['refundAskedAt'];
    if (asked === undefined) return null;
    const from = epochMs(asked) - 2_000;
    const until = epochMs(asked) + underWayMs;
    const strangers = (await feeds.since(type, instantOf(from))).filter(
      (feed) => (known.get(feed.feedId) ?? memo.key) === memo.key && epochMs(feed.createdTime) <= until,
    );
    const [only, ...others] = strangers;
    return others.length > 0 ? 'several' : (only?.feedId ?? null);
  }

  return { safety: 'read-back', make, find };
}

/** The refund was handed in: whatever goes wrong from here on, it may have happened. */
async function afterTheEffect<Result>(look: () => Promise<Result>): Promise<Result> {
  try {
    return await look();
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new ConnectorFault(error.code, { ...error.facts, outcome: 'unknown' });
  }
}

/** What the customer gets. Throws when that is more than the order came to, or in another currency. */
function amountOf(request: Refund, wire: WireOrder, connection: string): Money {
  const { order } = pulledOrder(orderWords(connection), wire);
  const parts = [...request.lines, ...(request.shipping === null ? [] : [request.shipping])];
  const amounts = parts.flatMap(({ amount, tax }) => (order.taxesIncluded ? [amount] : [amount, tax]));
  const all = request.adjustment === null ? amounts : [...amounts, request.adjustment];
  const strange = all.find(({ currency }) => currency !== order.currency);
  if (strange !== undefined) throw notDone('invalid-request', 'refund', `the order is in ${order.currency}, not in ${strange.currency}`);
  const sum = sumMoney(all, order.currency);
  if (sum.minor <= 0) throw notDone('invalid-request', 'refund', 'a refund of nothing');
  if (sum.minor > order.total.minor) {
    throw notDone('refused', 'refund', `${formatMoney(sum)} is more than the ${formatMoney(order.total)} that were paid`);
  }
  return sum;
}

/**
 * The refund item by item, as Amazon wants it: shipping goes back where it was charged, in proportion, and goodwill to the first item. The id of each adjustment is made of the refund's.
 */
function adjustedItems(request: Refund, wire: WireOrder, connection: string): AdjustedItem[] {
  const { order } = pulledOrder(orderWords(connection), wire);
  const none = zero(order.currency);
  const weights = wire.orderItems.map((item) => Math.max(0, itemMoney(item, order.currency).shipping));
  const shipping = shareMoney(request.shipping?.amount ?? none, weights);
  const shippingTax = shareMoney(request.shipping?.tax ?? none, weights);
  const first = request.lines[0]?.lineId ?? wire.orderItems[0]?.orderItemId;
  return wire.orderItems.flatMap((item, index) => {
    const lines = request.lines.filter(({ lineId }) => lineId === item.orderItemId);
    const withTax = !order.taxesIncluded && !taxIsRemitted(item);
    const amounts = [
      { type: 'Principal', amount: addMoney(none, ...lines.map(({ amount }) => amount)) },
      { type: 'Tax', amount: withTax ? addMoney(none, ...lines.map(({ tax }) => tax)) : none },
      { type: 'Shipping', amount: shipping[index] ?? none },
      { type: 'ShippingTax', amount: withTax ? (shippingTax[index] ?? none) : none },
      { type: 'Goodwill', amount: item.orderItemId === first ? (request.adjustment ?? none) : none },
    ] as const;
    const components = amounts
      .filter(({ amount }) => amount.minor !== 0)
      .map(({ type, amount }) => ({ type, amount: money(amount.minor, order.currency) }));
    const adjustmentId = fingerprint('refund', request.refundId, item.orderItemId).slice(0, 20);
    return components.length === 0 ? [] : [{ itemId: item.orderItemId, adjustmentId, components }];
  });
}
