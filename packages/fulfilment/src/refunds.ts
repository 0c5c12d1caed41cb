import { formatMoney, type Money, type Refunded } from '@quartermaster/domain';
import type { RefundParts } from './asked-by-people.ts';
import { succeeded } from './failures.ts';
import { admits, because, command, type Turn } from './turn.ts';

/** A person gives money back: the channel is asked for it, once under this id. */
export function refundAsked(turn: Turn, id: string, amount: Money, refund: RefundParts): void {
  if (!admits(turn, 'refund-asked')) return;
  if (turn.case.refunds.some((known) => known.id === id)) return because(turn, 'this refund is known already');
  turn.case = { ...turn.case, refunds: [...turn.case.refunds, { ...refund, id, amount, state: 'asked', seen: false }] };
  command(turn, { kind: 'refund', request: id });
  because(turn, `${formatMoney(amount)} are to be given back`);
}

export function refunded(turn: Turn, id: string, amount: Money, state: Refunded['state']): void {
  if (!admits(turn, 'refunded')) return;
  succeeded(turn, 'refund', null);
  turn.case = { ...turn.case, refunds: turn.case.refunds.map((each) => (each.id === id ? { ...each, amount, state } : each)) };
}

/** Of money that the channel says went back, what was not given back from here. What was is seen by it, the oldest first. */
export function refundedElsewhere(turn: Turn, less: Money): Money {
  let minor = less.minor;
  const refunds = turn.case.refunds.map((each) => {
    if (each.seen || minor <= 0 || each.amount.currency !== less.currency) return each;
    minor -= each.amount.minor;
    return { ...each, seen: true };
  });
  if (minor < less.minor) turn.case = { ...turn.case, refunds };
  return { ...less, minor: Math.max(0, minor) };
}
