import { formatMoney, moneyFromDecimal, sameMoney, type ChannelOrder, type Instant, type Person, type Sku } from '@quartermaster/domain';
import { addressProblems } from './address-check.ts';
import type { CheckPolicy } from './check-policy.ts';
import type { Hold } from './hold.ts';
import { physicalLines } from './order-case.ts';
import { totalProblem } from './total-check.ts';

export type CheckedOrder = {
  readonly order: ChannelOrder;
  readonly person: Person;
  /** SKUs that the ERP knows. */
  readonly knownSkus: ReadonlySet<Sku> | ((sku: Sku) => boolean);
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
  return [
    ...hold('acceptance', waitsForUs ? 'the channel takes the money and tells the address once the order was accepted' : null),
    ...hold('payment', waitsForUs ? null : paymentProblem(order, policy)),
    ...hold('fraud', riskProblem(order, policy)),
    ...hold(
      'address',
      waitsForUs || physicalLines(order).length === 0 ? null : joined(addressProblems(given.person.shipTo, policy.poBoxes)),
    ),
    ...hold('unmapped-sku', skuProblem(given)),
    ...hold('total-mismatch', totalProblem(order)),
    ...hold('no-lines', lineProblem(order)),
    ...hold(
      'not-before',
      order.shipNotBefore !== null && order.shipNotBefore > given.now ? `not to be shipped before ${order.shipNotBefore}` : null,
    ),
    ...hold('test-order', order.test && policy.testOrders === 'hold' ? 'the channel marks it as a test' : null),
    ...hold('closed', order.status === 'closed' ? 'the channel has closed the order' : null),
    ...hold('manual', reviewProblem(order, policy)),
  ];
}

function paymentProblem(order: ChannelOrder, policy: CheckPolicy): string | null {
  const { secured, status } = order.payment;
  if (sameMoney(secured, order.total)) return null;
  if (policy.trustTerms && order.class === 'business' && order.terms !== null) return null;
  if (policy.acceptOverpayment && secured.currency === order.total.currency && secured.minor > order.total.minor) return null;
  return `${formatMoney(secured)} secured of ${formatMoney(order.total)} (${status})`;
}

function riskProblem(order: ChannelOrder, policy: CheckPolicy): string | null {
  if (order.risk === 'high') return 'the channel rates the risk high';
  if (order.risk !== 'medium') return null;
  const limit = policy.mediumRiskUpTo[order.total.currency];
  if (limit === undefined) return `medium risk, and no limit is set for ${order.total.currency}`;
  const allowed = moneyFromDecimal(limit, order.total.currency);
  return order.total.minor > allowed.minor ? `medium risk above ${formatMoney(allowed)}: ${formatMoney(order.total)}` : null;
}

function skuProblem({ order, knownSkus }: CheckedOrder): string | null {
  const knows = typeof knownSkus === 'function' ? knownSkus : (sku: Sku): boolean => knownSkus.has(sku);
  const lines = physicalLines(order);
  const nameless = lines.filter((line) => line.sku === null).map((line) => `line ${line.id} has no SKU`);
  const unknown = new Set(lines.flatMap((line) => (line.sku === null || knows(line.sku) ? [] : [line.sku])));
  return joined([...nameless, ...(unknown.size === 0 ? [] : [`unknown in the ERP: ${[...unknown].join(', ')}`])]);
}

function lineProblem(order: ChannelOrder): string | null {
  const kits = order.lines.filter((line) => line.kind === 'kit' && line.quantity > 0);
  const empty = kits.filter((kit) => !order.lines.some((line) => line.parent === kit.id && line.quantity > 0));
  if (empty.length > 0) return `no components: kit ${empty.map((kit) => kit.sku ?? kit.id).join(', ')}`;
  if (order.lines.length === 0) return 'the order has no lines';
  return physicalLines(order).length === 0 ? 'no line has anything to ship' : null;
}

function reviewProblem(order: ChannelOrder, policy: CheckPolicy): string | null {
  const limit = policy.reviewAbove[order.total.currency];
  if (limit === undefined) return null;
  const allowed = moneyFromDecimal(limit, order.total.currency);
  return order.total.minor > allowed.minor ? `above ${formatMoney(allowed)} a person decides: ${formatMoney(order.total)}` : null;
}

function hold(code: Hold['code'], reason: string | null): Hold[] {
  return reason === null ? [] : [{ code, reason }];
}

function joined(problems: readonly string[]): string | null {
  return problems.length === 0 ? null : problems.join('; ');
}
