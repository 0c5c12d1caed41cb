import type { Label, LabelRef, VoidOutcome } from '@quartermaster/domain';
import { hasLeft, unlabelledParcels, type ParcelLabel, type Shipment } from './shipment.ts';
import { succeeded } from './failures.ts';
import { addHold } from './holds.ts';
import { goOn, standStill } from './progress.ts';
import { admitsShipment, because, changeShipment, command, findShipment, moveShipment, raise, resolve, type Turn } from './turn.ts';

/** Takes all live labels of a shipment out of use and asks the carrier to void them. */
export function withdrawLabels(turn: Turn, shipment: Shipment): Shipment {
  return shipment.labels.reduce((current, live) => withdraw(turn, current, live), changeShipment(turn, shipment.id, { labels: [] }));
}

export function labelBought(turn: Turn, shipmentId: string, bought: ParcelLabel): void {
  const shipment = findShipment(turn, shipmentId);
  if (shipment === undefined)
    return raise(turn, 'unexpected-event', shipmentId, `a label was bought for shipment ${shipmentId}, which the order does not have`);
  if (!admitsShipment(turn, shipment, 'label-bought')) return;
  if (knows(shipment, bought.label)) return because(turn, 'this label is known already');

  const unwanted = whyUnwanted(shipment, bought);
  if (unwanted !== null) {
    moveShipment(turn, shipmentId, 'label-bought', shipment.state);
    because(turn, unwanted);
    withdraw(turn, shipment, bought);
    if (shipment.labels.some((live) => live.parcel === bought.parcel && live.revision === bought.revision)) {
      raise(
        turn,
        'second-label',
        shipmentId,
        `parcel ${bought.parcel} of shipment ${shipmentId} got a second label; the later one is being voided`,
      );
    }
    return;
  }
  const labels = [...shipment.labels, bought].sort((one, other) => one.parcel - other.parcel);
  const complete = unlabelledParcels({ ...shipment, labels }).length === 0;
  moveShipment(turn, shipmentId, 'label-bought', complete ? 'labelled' : 'written', { labels, revisionUsed: true });
  // However it came: a label that was found at the carrier ends the failure of its purchase.
  if (complete) succeeded(turn, 'buy-label', shipmentId);
  goOn(turn);
}

export function labelVoided(turn: Turn, shipmentId: string, ref: string, outcome: VoidOutcome): void {
  const shipment = findShipment(turn, shipmentId);
  if (shipment === undefined)
    return raise(turn, 'unexpected-event', shipmentId, `a label was voided for shipment ${shipmentId}, which the order does not have`);
  if (!admitsShipment(turn, shipment, 'label-voided')) return;
  const live = shipment.labels.find((candidate) => candidate.label.ref === ref);
  if (live !== undefined && outcome.kind !== 'refused') return labelLost(turn, shipment, live, outcome.kind);

  const asked = shipment.withdrawn.find((candidate) => candidate.label.ref === ref && candidate.outcome === 'asked');
  if (asked === undefined) return because(turn, 'no answer about this label is waited for');
  moveShipment(turn, shipmentId, 'label-voided', shipment.state, {
    withdrawn: shipment.withdrawn.map((candidate) => (candidate === asked ? { ...asked, outcome: outcome.kind } : candidate)),
  });
  if (outcome.kind === 'refused') {
    raise(turn, 'label-not-voided', shipmentId, `label ${asked.label.trackingNumber} could not be given back: ${outcome.reason}`);
  }
}

/**
 * Puts labels that were being voided into use again, because the parcels left on them: the newest per parcel that is not surely void. A void that has gone out already comes back as a lost label.
 */
export function takeLabelsBack(turn: Turn, shipment: Shipment): Shipment {
  let current = shipment;
  for (const parcel of unlabelledParcels(shipment)) {
    const back = current.withdrawn.findLast(
      (candidate) => candidate.parcel === parcel && (candidate.outcome === 'asked' || candidate.outcome === 'refused'),
    );
    if (back === undefined) continue;
    const { outcome, ...live } = back;
    if (outcome === 'refused') resolve(turn, 'label-not-voided', shipment.id);
    command(turn, { kind: 'drop', shipmentId: shipment.id, commands: ['void-label'], label: labelRef(back.label) });
    current = changeShipment(turn, shipment.id, {
      labels: [...current.labels, live].sort((one, other) => one.parcel - other.parcel),
      withdrawn: current.withdrawn.filter((candidate) => candidate !== back),
    });
  }
  return current;
}

function knows(shipment: Shipment, label: Label): boolean {
  return [...shipment.labels, ...shipment.withdrawn].some((known) => known.label.ref === label.ref);
}

function whyUnwanted(shipment: Shipment, bought: ParcelLabel): string | null {
  if (shipment.state === 'stopping' || shipment.state === 'stopped')
    return `shipment ${shipment.id} is ${shipment.state}: its label is voided`;
  if (bought.revision !== shipment.revision) {
    return `the label is for revision ${bought.revision} of shipment ${shipment.id}, which is at ${shipment.revision} now: it is voided`;
  }
  if (hasLeft(shipment)) return `shipment ${shipment.id} has left without this label: it is voided`;
  if (!unlabelledParcels(shipment).includes(bought.parcel))
    return `parcel ${bought.parcel} of shipment ${shipment.id} needs no label: it is voided`;
  return null;
}

function withdraw(turn: Turn, shipment: Shipment, unwanted: ParcelLabel): Shipment {
  const { parcel, revision, label } = unwanted;
  command(turn, { kind: 'void-label', shipmentId: shipment.id, parcel, revision, label: labelRef(label) });
  return changeShipment(turn, shipment.id, { withdrawn: [...shipment.withdrawn, { ...unwanted, outcome: 'asked' }] });
}

/**
 * Somebody voided at the carrier a label that we use. Before the goods left, the order is held until a person says that it may go on; then the parcel gets a label of the next
 * revision, since a label of the present one was bought already.
 */
function labelLost(turn: Turn, shipment: Shipment, lost: ParcelLabel, outcome: 'voided' | 'accepted'): void {
  const labels = shipment.labels.filter((live) => live !== lost);
  const withdrawn = [...shipment.withdrawn, { ...lost, outcome }];
  const what = `label ${lost.label.trackingNumber} of parcel ${lost.parcel} of shipment ${shipment.id} was voided at the carrier`;
  if (hasLeft(shipment)) {
    moveShipment(turn, shipment.id, 'label-voided', shipment.state, { labels, withdrawn });
    return raise(turn, 'label-lost', shipment.id, `${what}, and the parcel has left on it`);
  }
  const still = standStill(turn, shipment);
  moveShipment(turn, shipment.id, 'label-voided', 'written', { labels, withdrawn, revision: still.revision + 1, revisionUsed: false });
  raise(turn, 'label-lost', shipment.id, `${what}: release the hold to buy another one, or cancel`);
  addHold(turn, { code: 'manual', reason: what }, 'label-voided');
}

function labelRef(label: Label): LabelRef {
  return { ref: label.ref, trackingNumber: label.trackingNumber };
}
