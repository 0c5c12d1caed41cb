import { formatMoney, type ChannelOrder, type ConnectionId, type Instant, type Person, type Sku } from '@quartermaster/domain';
import { addressProblems } from './address-check.ts';
import { carrierAddressProblem, type KnownAddress } from './carrier-address.ts';
import type { CheckPolicy } from './check-policy.ts';
import { fraudProblems } from './fraud-rules.ts';
import type { Hold } from './hold.ts';
import { isWithin, limitOf } from './limits.ts';
import { physicalLines } from './order-case.ts';
import { before, contentOf, type PastOrder } from './past-order.ts';
import { restrictedProblems } from './restricted-goods.ts';
import type { SkuTags } from './sku-tags.ts';
import { totalProblem } from './total-check.ts';

export type CheckedOrder = {
  /** The order's key. */
  readonly key: string;
  readonly channel: ConnectionId;
  readonly order: ChannelOrder;
  readonly person: Person;
  /** SKUs that the ERP knows. */
  readonly knownSkus: ReadonlySet<Sku> | ((sku: Sku) => boolean);
  /** SKUs that the ERP knows and that are like one which it does not know. */
  readonly similarSkus?: (sku: Sku) => readonly Sku[];
  /** Other orders of this person, or to this address, that are not cancelled; those that the policy's rules look back to. */
  readonly others: readonly PastOrder[];
  /** What a carrier has said of where it goes; nothing unless given. */
  readonly known?: KnownAddress | null;
  readonly tags: SkuTags;
  readonly policy: CheckPolicy;
  readonly now: Instant;
};

/**
 * Everything that speaks against shipping an order, at most one hold per code, in the order of {@link holdCodes}; empty when nothing does. Reasons name amounts, lines and
 * SKUs, never a person or an address.
 */
export function checkOrder(given: CheckedOrder): Hold[] {
  const { order, policy } = given;
  // Of an order that waits for us money and address come afterwards: their absence says nothing yet.
  const waitsForUs = order.acceptance === 'awaited';
  const found = [
    ...hold('acceptance', waitsForUs ? 'the channel takes the money and tells the address once the order was accepted' : null),
    ...hold('payment', waitsForUs ? null : paymentProblem(given)),
    ...hold('fraud', joined([...riskProblems(order, policy), ...fraudProblems(given, policy.fraud)])),
    ...hold('address', waitsForUs || physicalLines(order).length === 0 ? null : joined(placeProblems(given))),
    ...skuHold(given),
    ...hold('total-mismatch', totalProblem(order, policy.totalTolerance)),
    ...hold('no-lines', lineProblem(order)),
    ...hold('restricted', joined(restrictedProblems(order, policy.restricted, given.tags))),
    ...hold('duplicate', duplicateProblem(given)),
    ...hold(
      'not-before',
      order.shipNotBefore !== null && order.shipNotBefore > given.now ? `not to be shipped before ${order.shipNotBefore}` : null,
    ),
    ...hold('test-order', order.test && policy.testOrders === 'hold' ? 'the channel marks it as a test' : null),
    ...hold('closed', order.status === 'closed' ? 'the channel has closed the order' : null),
    ...hold('manual', reviewProblem(order, policy)),
  ];
  return found.map((each) => {
    const lastsMinutes = policy.holdMinutes[each.code];
    return lastsMinutes === undefined ? each : { ...each, lastsMinutes };
  });
}

function paymentProblem({ order, channel, policy }: CheckedOrder): string | null {
  const { secured, status, toCapture } = order.payment;
  if (policy.trustTerms && order.class === 'business' && order.terms !== null) return null;
  if (policy.capturedFirst.includes(channel) && toCapture !== undefined && toCapture.minor > 0)
    return `${formatMoney(toCapture)} of ${formatMoney(order.total)} is authorised and not captured (${status})`;
  if (isWithin(policy.paymentTolerance, secured, order.total)) return null;
  if (policy.acceptOverpayment && secured.currency === order.total.currency && secured.minor > order.total.minor) return null;
  return `${formatMoney(secured)} secured of ${formatMoney(order.total)} (${status})`;
}

function placeProblems({ person, known = null, policy }: CheckedOrder): string[] {
  const unknown = carrierAddressProblem(known, policy.carrierAddresses);
  return [...addressProblems(person.shipTo, policy.poBoxes), ...(unknown === null ? [] : [unknown])];
}

function duplicateProblem({ key, order, others, policy: { duplicatesWithinMinutes } }: CheckedOrder): string | null {
  if (duplicatesWithinMinutes === null) return null;
  const content = contentOf(order);
  const [first] = before(others, { key, placedAt: order.placedAt }, duplicatesWithinMinutes)
    .filter((other) => other.content === content)
    .sort((one, other) => (one.placedAt < other.placedAt || (one.placedAt === other.placedAt && one.key < other.key) ? -1 : 1));
  return first === undefined ? null : `the same person ordered the same as ${first.name} of ${first.placedAt}`;
}

function riskProblems(order: ChannelOrder, policy: CheckPolicy): string[] {
  if (order.risk === 'high') return ['the channel rates the risk high'];
  if (order.risk !== 'medium') return [];
  const allowed = limitOf(policy.mediumRiskUpTo, order.total.currency);
  if (allowed === null) return [`medium risk, and no limit is set for ${order.total.currency}`];
  return order.total.minor > allowed.minor ? [`medium risk above ${formatMoney(allowed)}: ${formatMoney(order.total)}`] : [];
}

function skuHold({ order, knownSkus, similarSkus }: CheckedOrder): Hold[] {
  const knows = typeof knownSkus === 'function' ? knownSkus : (sku: Sku): boolean => knownSkus.has(sku);
  const lines = physicalLines(order);
  const nameless = lines.filter((line) => line.sku === null).map((line) => `line ${line.id} has no SKU`);
  const unknown = [...new Set(lines.flatMap((line) => (line.sku === null || knows(line.sku) ? [] : [line.sku])))];
  const reason = joined([...nameless, ...(unknown.length === 0 ? [] : [`unknown in the ERP: ${unknown.join(', ')}`])]);
  const meant = unknown.flatMap((sku) => {
    const similar = similarSkus?.(sku) ?? [];
    return similar.length === 0 ? [] : [`${sku}: perhaps ${similar.join(' or ')}`];
  });
  return hold('unmapped-sku', reason).map((each) => (meant.length === 0 ? each : { ...each, suggestion: meant.join('; ') }));
}

function lineProblem(order: ChannelOrder): string | null {
  const kits = order.lines.filter((line) => line.kind === 'kit' && line.quantity > 0);
  const empty = kits.filter((kit) => !order.lines.some((line) => line.parent === kit.id && line.quantity > 0));
  if (empty.length > 0) return `no components: kit ${empty.map((kit) => kit.sku ?? kit.id).join(', ')}`;
  if (order.lines.length === 0) return 'the order has no lines';
  return physicalLines(order).length === 0 ? 'no line has anything to ship' : null;
}

function reviewProblem(order: ChannelOrder, policy: CheckPolicy): string | null {
  const allowed = limitOf(policy.reviewAbove, order.total.currency);
  if (allowed === null) return null;
  return order.total.minor > allowed.minor ? `above ${formatMoney(allowed)} a person decides: ${formatMoney(order.total)}` : null;
}

function hold(code: Hold['code'], reason: string | null): Hold[] {
  return reason === null ? [] : [{ code, reason }];
}

function joined(problems: readonly string[]): string | null {
  return problems.length === 0 ? null : problems.join('; ');
}
