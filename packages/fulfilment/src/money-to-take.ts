import type { Money } from '@quartermaster/domain';
import { settleFailures } from './failures.ts';
import type { OrderCase } from './order-case.ts';
import { because, command, drop, type Turn } from './turn.ts';

/**
 * What of the order's money is only authorized and ours to take; null when nothing is, or when it was taken once. It is all that the order still wants and not only what leaves first: most
 * authorizations can be taken from once, and what is not taken then is let go.
 */
export function moneyToTake({ order, capture }: Pick<OrderCase, 'order' | 'capture'>): Money | null {
  const { secured, toCapture } = order.payment;
  if (toCapture === undefined || capture?.state === 'done') return null;
  const taken = secured.minor - toCapture.minor;
  const wanted = order.total.currency === toCapture.currency ? order.total.minor - taken : toCapture.minor;
  const minor = Math.min(toCapture.minor, wanted);
  return minor > 0 ? { minor, currency: toCapture.currency } : null;
}

/** Asks the channel to take the money, once for the order. */
export function askForMoney(turn: Turn): void {
  const amount = moneyToTake(turn.case);
  if (amount === null || turn.case.capture !== null) return;
  turn.case = { ...turn.case, capture: { state: 'asked', amount } };
  command(turn, { kind: 'capture', amount });
}

/** Leaves the money where it is, as long as it is not taken: the order stands still or ends, or the channel has it already. */
export function leaveMoney(turn: Turn): void {
  if (turn.case.capture?.state !== 'asked') return;
  drop(turn, null, ['capture']);
  turn.case = { ...turn.case, capture: null };
  settleFailures(turn, (failure) => failure.command === 'capture');
  because(turn, 'the authorized money is not to be taken now');
}
