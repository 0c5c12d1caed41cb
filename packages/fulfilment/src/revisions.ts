import { compareText, formatMoney, type ChannelOrder } from '@quartermaster/domain';
import { requestCancellation } from './cancellation.ts';
import { linesHold } from './channel-cancellation.ts';
import { contentDifferences, wantsMore, withContentOf } from './content.ts';
import type { Hold } from './hold.ts';
import { applyChecks } from './holds.ts';
import { allHasLeft, type OrderCase } from './order-case.ts';
import { goOn, standStill } from './progress.ts';
import { hasLeft, isLive } from './shipment.ts';
import { withdrawLabels } from './labels.ts';
import { refundedElsewhere } from './refunds.ts';
import { admits, admitsShipment, because, command, moveShipment, raise, resolve, type Turn } from './turn.ts';

/**
 * Takes in a state of the channel's order. Only the newest counts, by `updatedAt` and then by `revision`, so revisions may come in any order and any number of times; but a
 * cancelled one cancels whatever its age, since no channel takes a cancellation back.
 */
export function revise(turn: Turn, newest: ChannelOrder, holds: readonly Hold[]): void {
  const known = turn.case.order;
  if (newest.status === 'cancelled') requestCancellation(turn, 'channel');
  if (compareRevisions(newest, known) <= 0) {
    return because(turn, `revision ${newest.revision} of ${newest.updatedAt} is not newer than ${known.revision} of ${known.updatedAt}`);
  }
  follow(turn, newest);
  recheck(turn, holds, 'revised');
  goOn(turn);
}

/** Lets the checks speak where they still have a say: before the commitment, and after it while something has not left. */
export function recheck(turn: Turn, holds: readonly Hold[], event: 'revised' | 'rechecked' | 'lines-cancelled'): void {
  const { state } = turn.case;
  if (state === 'held' || state === 'open' || (state === 'committed' && !allHasLeft(turn.case))) {
    applyChecks(turn, [...holds, ...contentHold(turn.case), ...linesHold(turn.case)], event);
  }
}

/** Which of two states of one order is the newer: positive when the first is. The revision's text decides between equal times, so that all readers agree. */
export function compareRevisions(one: ChannelOrder, other: ChannelOrder): number {
  return compareText(one.updatedAt, other.updatedAt) || compareText(one.revision, other.revision);
}

function follow(turn: Turn, newest: ChannelOrder): void {
  const before = turn.case;
  const differences = before.erpWriteAsked ? contentDifferences(before.order, newest) : [];
  const same = differences.length === 0;
  const order = before.erpWriteAsked && !same ? withContentOf(before.order, newest) : newest;
  turn.case = { ...before, order, pending: same ? null : newest };
  if (same && before.pending !== null) resolve(turn, 'revised-after-commit', null);

  const told = JSON.stringify(contentDifferences(before.order, before.pending ?? before.order)) === JSON.stringify(differences);
  if (!same && !told && admits(turn, 'content-changed')) tellContent(turn, differences);
  if (newest.addressHash !== before.order.addressHash && admits(turn, 'address-changed')) changeAddress(turn);
  tellRefund(turn, before.order, newest);
}

function tellContent(turn: Turn, differences: readonly string[]): void {
  const { state, order, pending } = turn.case;
  const wanted = pending !== null && wantsMore(order, pending);
  if (state === 'committed' ? !allHasLeft(turn.case) || wanted : state === 'shipped' && wanted) {
    raise(turn, 'revised-after-commit', null, `the channel changed the order after it was committed: ${differences.join('; ')}`);
  } else {
    because(turn, `kept for the record: ${differences.join('; ')}`);
  }
}

/** The new address goes to the ERP and onto new labels; what has left cannot be reached any more. */
function changeAddress(turn: Turn): void {
  const { state, shipments, order } = turn.case;
  for (const shipment of shipments.filter(hasLeft)) {
    raise(turn, 'address-changed-after-shipment', shipment.id, `the address changed when shipment ${shipment.id} had left`);
  }
  if (state !== 'committed' || allHasLeft(turn.case)) return;
  for (const shipment of shipments.filter((shipment) => isLive(shipment) && !hasLeft(shipment))) {
    if (!admitsShipment(turn, shipment, 'address-changed')) continue;
    const { revision, revisionUsed } = withdrawLabels(turn, standStill(turn, shipment));
    const next = revisionUsed ? { revision: revision + 1, revisionUsed: false } : {};
    moveShipment(turn, shipment.id, 'address-changed', shipment.state === 'planned' ? 'planned' : 'written', next);
  }
  command(turn, { kind: 'change-address', addressHash: order.addressHash });
  because(turn, 'the address changed');
}

function tellRefund(turn: Turn, before: ChannelOrder, newest: ChannelOrder): void {
  const [was, is] = [before.payment.secured, newest.payment.secured];
  if (was.currency !== is.currency || is.minor >= was.minor || !admits(turn, 'refunded-outside')) return;
  const elsewhere = refundedElsewhere(turn, { ...was, minor: was.minor - is.minor });
  if (elsewhere.minor === 0) return because(turn, 'money went back that was given back from here');
  raise(turn, 'refunded-outside', null, `secured payment went from ${formatMoney(was)} to ${formatMoney(is)}`);
}

/** The hold of a committed order whose content the channel changed. */
function contentHold(given: OrderCase): Hold[] {
  const differences = given.pending === null ? [] : contentDifferences(given.order, given.pending);
  return differences.length === 0
    ? []
    : [{ code: 'revised', reason: `changed in the channel after it was committed: ${differences.join('; ')}` }];
}
