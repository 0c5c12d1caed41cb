import type { CancelReason } from '@quartermaster/domain';
import { cancelledThereToo, wantInChannel } from './channel-cancellation.ts';
import type { CommandKind } from './command-kind.ts';
import { settleFailures } from './failures.ts';
import { clearHolds } from './holds.ts';
import { takeLabelsBack, withdrawLabels } from './labels.ts';
import { leaveMoney } from './money-to-take.ts';
import { allHasLeft } from './order-case.ts';
import { hasLeft, isLive, type Shipment } from './shipment.ts';
import { admits, admitsShipment, because, command, drop, moveOrder, moveShipment, raise, resolve, type Turn } from './turn.ts';

const noLongerWanted = [
  'write-order',
  'allocate',
  'deallocate',
  'buy-label',
  'ship',
  'change-address',
] as const satisfies readonly CommandKind[];

/**
 * Ends an order as far as it can be ended: what nobody knows at once, what the ERP has by cancelling it there; what has left stays so, and a person is told. `inChannel`: a person asked for it,
 * and the channel is told, too.
 */
export function requestCancellation(
  turn: Turn,
  by: 'channel' | 'operator',
  inChannel: { readonly id: string; readonly reason: CancelReason } | null = null,
): void {
  const { state, cancelAsked: again } = turn.case;
  if (state === 'cancelled' && !again && turn.case.erpWriteAsked) resolve(turn, 'cancelled-in-erp', null);
  turn.case = { ...turn.case, cancelAsked: true };
  if (by === 'channel') cancelledThereToo(turn);
  if (!admits(turn, 'cancel-requested')) return;
  if (!again && turn.case.capture?.state === 'done')
    raise(turn, 'captured-and-cancelled', null, `the ${by} cancelled the order when its money had been taken by us`);
  if (inChannel !== null && !again && !allLeftNow(turn)) wantInChannel(turn, inChannel);
  if (state === 'cancelled') return because(turn, 'it is cancelled already');
  forgetAcknowledging(turn);
  if (state === 'held' || state === 'open') {
    moveOrder(turn, 'cancel-requested', 'cancelled');
    turn.case = { ...turn.case, holds: [] };
    settleFailures(turn, (failure) => failure.command === 'acknowledge');
    return because(turn, `cancelled by the ${by} before anybody outside knew of it`);
  }
  if (again) return because(turn, 'the cancellation is known already');
  tellLeft(turn, `the ${by} cancelled the order`);
  if (allHasLeft(turn.case)) return because(turn, 'everything has left: nothing can be cancelled');

  because(turn, `the ${by} cancelled the order: what has not left is stopped`);
  drop(turn, null, noLongerWanted);
  for (const shipment of turn.case.shipments.filter(isLive)) stop(turn, shipment, 'stop', 'stopping');
  command(turn, { kind: 'cancel-order' });
  moveOrder(turn, 'cancel-requested', 'cancelling');
  clearAll(turn);
}

/** The ERP has cancelled: because we asked, or because somebody did it there. */
export function erpCancelled(turn: Turn): void {
  if (!admits(turn, 'erp-cancelled')) return;
  const asked = turn.case.cancelAsked;
  for (const shipment of turn.case.shipments.filter((shipment) => !hasLeft(shipment))) stop(turn, shipment, 'erp-cancelled', 'stopped');
  if (allHasLeft(turn.case)) return because(turn, 'everything has left: the ERP had nothing to cancel');
  if (!asked) {
    drop(turn, null, noLongerWanted);
    raise(turn, 'cancelled-in-erp', null, 'the order was cancelled in the ERP, and the channel did not ask for it');
  }
  forgetAcknowledging(turn);
  moveOrder(turn, 'erp-cancelled', 'cancelled');
  clearAll(turn);
  settleFailures(turn, (failure) => failure.command === 'cancel-order');
}

/** A shipment that was being stopped has left all the same: it is accepted with the labels that it left on. */
export function leftAfterAll(turn: Turn, shipment: Shipment): void {
  takeLabelsBack(turn, shipment);
  raise(turn, 'cancel-after-shipment', shipment.id, `shipment ${shipment.id} left while the order was being cancelled`);
}

/** An order with goods of which all have left; one that has no shipments yet has nothing that could have left. */
function allLeftNow({ case: given }: Turn): boolean {
  return given.shipments.length > 0 && allHasLeft(given);
}

/** Nobody need be told any more that we have the order; who was told already knows. */
function forgetAcknowledging(turn: Turn): void {
  if (turn.case.acknowledgement !== 'asked') return;
  drop(turn, null, ['acknowledge']);
  turn.case = { ...turn.case, acknowledgement: 'due' };
}

function stop(turn: Turn, shipment: Shipment, event: 'stop' | 'erp-cancelled', state: 'stopping' | 'stopped'): void {
  if (!admitsShipment(turn, shipment, event)) return;
  const without = withdrawLabels(turn, shipment);
  if (without.shortage.length > 0) resolve(turn, 'short-reservation', shipment.id);
  if (shipment.state === 'planned' && shipment.fresh === 'write' && turn.case.erp !== null) resolve(turn, 'delivery-missing', shipment.id);
  moveShipment(turn, shipment.id, event, state, { asked: 'nothing', shortage: [] });
}

function tellLeft(turn: Turn, what: string): void {
  for (const shipment of turn.case.shipments.filter(hasLeft)) {
    raise(turn, 'cancel-after-shipment', shipment.id, `${what} when shipment ${shipment.id} had left`);
  }
}

/** What stood in the way of an order that is no longer wanted stands in nobody's way. */
function clearAll(turn: Turn): void {
  if (turn.case.holds.some((hold) => hold.code === 'revised')) resolve(turn, 'revised-after-commit', null);
  clearHolds(turn);
  leaveMoney(turn);
  settleFailures(turn, (failure) => failure.command === 'acknowledge' || noLongerWanted.some((kind) => kind === failure.command));
}
