import type { Instant } from '@quartermaster/domain';
import { leftAfterAll } from './cancellation.ts';
import type { WrittenDelivery } from './events.ts';
import { succeeded } from './failures.ts';
import { clearHolds } from './holds.ts';
import { takeLabelsBack } from './labels.ts';
import { askForMoney } from './money-to-take.ts';
import { allHasLeft, type OrderCase } from './order-case.ts';
import { allocateNow, leftInSpite } from './taking-back.ts';
import { goOn, standStill } from './progress.ts';
import { hasLeft, isLive, unlabelledParcels, type Shipment } from './shipment.ts';
import {
  admits,
  admitsShipment,
  because,
  command,
  drop,
  findShipment,
  moveOrder,
  moveShipment,
  raise,
  resolve,
  type Turn,
} from './turn.ts';

/**
 * The ERP has the order. Each shipment is found in the delivery of its node that carries its lines. Read again later, it tells of new reservations. An order that is being
 * cancelled was written while we asked to cancel it, so that is asked again.
 */
export function written(turn: Turn, erp: NonNullable<OrderCase['erp']>, deliveries: readonly WrittenDelivery[]): void {
  if (!admits(turn, 'written')) return;
  const first = turn.case.erp === null;
  turn.case = { ...turn.case, erp };
  succeeded(turn, 'write-order', null);
  if (turn.case.state === 'cancelling' || turn.case.state === 'cancelled') {
    if (!first) return because(turn, 'the ERP is asked to cancel it already');
    for (const { shipment, delivery } of matched(turn, deliveries)) noteWhileEnding(turn, shipment, 'written', delivery);
    return cancelAgain(turn, 'written');
  }
  for (const { shipment, delivery } of matched(turn, deliveries)) {
    if (!admitsShipment(turn, shipment, 'written')) continue;
    if (!first && shipment.state === 'planned' && shipment.fresh === 'write') resolve(turn, 'delivery-missing', shipment.id);
    takeDelivery(turn, shipment, 'written', delivery);
  }
  if (first) {
    for (const shipment of turn.case.shipments.filter((shipment) => shipment.fresh === 'write' && shipment.state === 'planned')) {
      raise(turn, 'delivery-missing', shipment.id, `the ERP shows no delivery of ${shipment.node} for shipment ${shipment.id}`);
    }
    const waiting = turn.case.shipments.filter((shipment) => shipment.fresh === 'allocate' && shipment.state === 'planned');
    allocateNow(turn, waiting);
  }
  goOn(turn);
  settle(turn, 'written');
}

/** The ERP has given a later shipment its delivery. */
export function allocated(turn: Turn, shipmentId: string, delivery: WrittenDelivery): void {
  const shipment = findOrTell(turn, shipmentId, 'allocated');
  if (shipment === undefined || !admits(turn, 'allocated') || !admitsShipment(turn, shipment, 'allocated')) return;
  succeeded(turn, 'allocate', shipmentId);
  if (turn.case.state === 'cancelling' || turn.case.state === 'cancelled') {
    if (shipment.delivery !== null) return because(turn, 'the ERP is asked to cancel it already');
    noteWhileEnding(turn, shipment, 'allocated', delivery);
    return cancelAgain(turn, 'allocated');
  }
  if (isLive(shipment)) takeDelivery(turn, shipment, 'allocated', delivery);
  else
    moveShipment(turn, shipmentId, 'allocated', 'stopping', {
      delivery: { ref: delivery.ref, name: delivery.name },
      // It came into the ERP after that had taken it back: goOn asks for it again.
      asked: shipment.state === 'stopped' ? 'nothing' : shipment.asked,
    });
  goOn(turn);
}

/** The delivery is done in the ERP: the goods have left, whatever we thought of it, and the channel is told. */
export function erpShipped(turn: Turn, shipmentId: string, at: Instant): void {
  const before = findOrTell(turn, shipmentId, 'shipped');
  if (before === undefined || !admits(turn, 'erp-shipped') || !admitsShipment(turn, before, 'erp-shipped')) return;
  if (turn.case.state === 'committed' && !isLive(before) && !leftInSpite(turn, before)) return;
  succeeded(turn, 'ship', shipmentId);
  if (!isLive(before)) stopTakingBack(turn, before);
  if (before.asked === 'labels') drop(turn, shipmentId, ['buy-label']);
  if (before.shortage.length > 0) resolve(turn, 'short-reservation', shipmentId);
  const shipment = moveShipment(turn, shipmentId, 'erp-shipped', 'shipped', { shippedAt: at, asked: 'nothing', shortage: [] });
  if (!isLive(before) && turn.case.state !== 'committed') leftAfterAll(turn, shipment);
  if (!isLive(before) && turn.case.state === 'committed') leftWithoutLabels(turn, shipment);
  if (before.state === 'written') leftWithoutLabels(turn, shipment);
  if (turn.case.state === 'committed') askForMoney(turn);
  command(turn, { kind: 'confirm', shipmentId });
}

export function confirmed(turn: Turn, shipmentId: string): void {
  const shipment = findOrTell(turn, shipmentId, 'confirmed');
  if (shipment === undefined || !admits(turn, 'confirmed') || !admitsShipment(turn, shipment, 'confirmed')) return;
  succeeded(turn, 'confirm', shipmentId);
  moveShipment(turn, shipmentId, 'confirmed', 'confirmed');
  settle(turn, 'confirmed');
}

/** The end of an order of which everything has left and is known to the channel; one with nothing to ship ends when the ERP has it. */
export function settle(turn: Turn, event: 'written' | 'confirmed' | 'erp-cancelled'): void {
  const { state, erp, shipments } = turn.case;
  if (state !== 'committed' && state !== 'cancelling') return;
  const unknownToErp = erp === null && shipments.length === 0;
  if (unknownToErp || !allHasLeft(turn.case) || shipments.some((shipment) => shipment.state === 'shipped')) return;
  moveOrder(turn, event, 'shipped');
  clearHolds(turn);
  because(turn, 'everything has left and the channel knows it');
}

function takeDelivery(turn: Turn, before: Shipment, event: 'written' | 'allocated', delivery: WrittenDelivery): void {
  const reserved = new Map(delivery.lines.map((line) => [line.lineId, line.reserved]));
  const shortage = before.lines
    .map((line) => ({ ...line, reserved: reserved.get(line.lineId) ?? 0 }))
    .filter((line) => line.reserved < line.units);
  const state = before.state === 'planned' ? 'written' : before.state;
  const shipment = moveShipment(turn, before.id, event, state, { delivery: { ref: delivery.ref, name: delivery.name }, shortage });
  if (shortage.length === 0) {
    if (before.shortage.length > 0) resolve(turn, 'short-reservation', before.id);
    return;
  }
  standStill(turn, shipment);
  if (JSON.stringify(shortage) === JSON.stringify(before.shortage)) return because(turn, 'the reservation is still short');
  const missing = shortage.map((line) => `${line.reserved} of ${line.units} ${line.sku}`).join(', ');
  raise(turn, 'short-reservation', before.id, `${before.node} reserved only ${missing} for shipment ${before.id}`);
}

/** Which delivery is whose: of the same node, with all its lines, and nobody else's already. */
function matched(turn: Turn, deliveries: readonly WrittenDelivery[]): { shipment: Shipment; delivery: WrittenDelivery }[] {
  const pairs: { shipment: Shipment; delivery: WrittenDelivery }[] = [];
  for (const shipment of turn.case.shipments.filter((each) => turn.case.state !== 'committed' || isLive(each))) {
    const others = turn.case.shipments.filter((other) => other !== shipment).map((other) => other.delivery?.ref);
    const delivery = deliveries.find(
      (candidate) =>
        (shipment.delivery === null || shipment.delivery.ref === candidate.ref) &&
        candidate.node === shipment.node &&
        !others.includes(candidate.ref) &&
        !pairs.some((pair) => pair.delivery.ref === candidate.ref) &&
        shipment.lines.every((line) => candidate.lines.some((there) => there.lineId === line.lineId)),
    );
    if (delivery !== undefined) pairs.push({ shipment, delivery });
  }
  return pairs;
}

/** It has left: there is nothing to be taken back any more. */
function stopTakingBack(turn: Turn, { id, asked }: Shipment): void {
  if (asked !== 'take-back') return;
  drop(turn, id, ['deallocate']);
  succeeded(turn, 'deallocate', id);
}

function noteWhileEnding(turn: Turn, shipment: Shipment, event: 'written' | 'allocated', delivery: WrittenDelivery): void {
  if (hasLeft(shipment) || !admitsShipment(turn, shipment, event)) return;
  moveShipment(turn, shipment.id, event, 'stopping', { delivery: { ref: delivery.ref, name: delivery.name } });
}

function cancelAgain(turn: Turn, event: 'written' | 'allocated'): void {
  because(turn, 'it came into the ERP while the order was being cancelled');
  command(turn, { kind: 'cancel-order' });
  moveOrder(turn, event, 'cancelling');
}

/** Somebody shipped it in the ERP, or our own request was under way when the address changed: then the labels of that time are the ones it left on. */
function leftWithoutLabels(turn: Turn, shipment: Shipment): void {
  const after = takeLabelsBack(turn, shipment);
  const bare = unlabelledParcels(after);
  if (after.labels.some((live) => live.revision !== after.revision)) {
    raise(
      turn,
      'address-changed-after-shipment',
      after.id,
      `shipment ${after.id} left on labels that were made before the address changed`,
    );
  }
  if (bare.length > 0) {
    raise(
      turn,
      'shipped-without-label',
      after.id,
      `the ERP shipped shipment ${after.id}, and ${bare.length} of its parcels have no label of ours`,
    );
  }
}

function findOrTell(turn: Turn, id: string, what: string): Shipment | undefined {
  const found = findShipment(turn, id);
  if (found === undefined) raise(turn, 'unexpected-event', id, `shipment ${id} was ${what}, and the order does not have it`);
  return found;
}
