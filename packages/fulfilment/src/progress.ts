import { askForMoney, leaveMoney, moneyToTake } from './money-to-take.ts';
import { awaitsPackCheck, unlabelledParcels, type Shipment } from './shipment.ts';
import { changeShipment, command, drop, type Turn } from './turn.ts';

/**
 * Asks for what comes next on the way out, for every shipment that may go: labels for a released, fully reserved shipment, then the money where it is only authorized, then the delivery in the
 * ERP. So nothing leaves whose money was refused, and no money is taken for what has no label. Asks nothing while the order is held, and nothing twice.
 */
export function goOn(turn: Turn): void {
  const moneyFirst = moneyToTake(turn.case) !== null;
  if (!moneyFirst) leaveMoney(turn);
  if (turn.case.state !== 'committed' || turn.case.holds.length > 0) return;
  if (moneyFirst && turn.case.shipments.some(mayLeave)) askForMoney(turn);
  for (const { id } of turn.case.shipments.filter((each) => each.state === 'stopping' && each.asked === 'nothing')) {
    changeShipment(turn, id, { asked: 'take-back' });
    command(turn, { kind: 'deallocate', shipmentId: id });
  }
  for (const shipment of turn.case.shipments) {
    const next = moneyFirst && shipment.state === 'labelled' ? shipment.asked : nextAsked(shipment);
    if (next === shipment.asked) continue;
    changeShipment(turn, shipment.id, { asked: next, revisionUsed: true });
    const { id: shipmentId, revision } = shipment;
    if (next === 'ship') command(turn, { kind: 'ship', shipmentId, revision });
    if (next === 'labels') {
      command(turn, ...unlabelledParcels(shipment).map((parcel) => ({ kind: 'buy-label', shipmentId, revision, parcel }) as const));
    }
  }
}

/** Takes back what was asked for and is not done: nothing is bought or shipped until {@link goOn} asks again. */
export function standStill(turn: Turn, shipment: Shipment): Shipment {
  if (shipment.asked === 'nothing' || shipment.asked === 'take-back') return shipment;
  drop(turn, shipment.id, ['buy-label', 'ship']);
  return changeShipment(turn, shipment.id, { asked: 'nothing' });
}

/** What a shipment should have been asked for by now, were its order free to go. */
function nextAsked(shipment: Shipment): Shipment['asked'] {
  if (mayLeave(shipment)) return 'ship';
  if (!shipment.released || shipment.shortage.length > 0 || awaitsPackCheck(shipment)) return shipment.asked;
  if (shipment.state === 'written') return 'labels';
  return shipment.asked;
}

/** Nothing but its order stands in its way out any more. */
function mayLeave(shipment: Shipment): boolean {
  const { released, shortage, state } = shipment;
  return released && shortage.length === 0 && state === 'labelled' && !awaitsPackCheck(shipment);
}
