import type { Parcel } from '@quartermaster/domain';
import type { TakenBackReason } from './avoided-node.ts';
import { succeeded } from './failures.ts';
import { goOn, standStill } from './progress.ts';
import { hasLeft, isLive, type Shipment } from './shipment.ts';
import {
  admits,
  admitsShipment,
  because,
  changeShipment,
  command,
  drop,
  findShipment,
  moveShipment,
  raise,
  resolve,
  type Turn,
} from './turn.ts';
import { withdrawLabels } from './labels.ts';

/** Lines of a shipment that its node does not ship after all. */
export type TakenBack = {
  readonly shipmentId: string;
  /** Null: all of the shipment. */
  readonly lineIds: readonly string[] | null;
  readonly why: TakenBackReason;
  /** Who found it: a person, or `quartermaster`. */
  readonly by: string;
  /** Whether the node may not have these lines again. */
  readonly avoid: boolean;
  /** The parcels of what stays; null: as before, without what is taken back. */
  readonly parcels: readonly Parcel[] | null;
};

/**
 * Takes lines back from a node, to be sourced anew. What has a label is never touched, and nothing is taken back while the first write of the order is under way, since nobody knows yet what the ERP has
 * of it. Until the ERP has answered, no other node is given the lines there.
 */
export function unsourced(turn: Turn, taken: TakenBack): void {
  const shipment = findShipment(turn, taken.shipmentId);
  if (shipment === undefined)
    return raise(turn, 'unexpected-event', taken.shipmentId, `shipment ${taken.shipmentId}, which the order does not have, was taken back`);
  if (!admits(turn, 'unsourced') || !admitsShipment(turn, shipment, 'unsourced')) return;
  const lines = shipment.lines.filter(({ lineId }) => taken.lineIds?.includes(lineId) ?? true);
  if (lines.length === 0) return because(turn, `shipment ${shipment.id} has these lines no more`);
  const objection = whyNotTakenBack(turn.case, shipment);
  if (objection !== null) return because(turn, objection);
  because(turn, `${taken.by} takes ${lines.map(({ sku }) => sku).join(', ')} back from ${shipment.node}: ${taken.why}`);
  if (taken.avoid) avoid(turn, shipment.node, lines, taken.why);
  const whole = lines.length === shipment.lines.length;
  takeFrom(turn, whole ? shipment : splitOff(turn, shipment, lines, taken.parcels));
  goOn(turn);
}

/** Why a shipment cannot be taken back as it stands; null when it can. */
export function whyNotTakenBack({ erp }: Turn['case'], shipment: Shipment): string | null {
  if (shipment.state !== 'planned' && shipment.state !== 'written') return `shipment ${shipment.id} is ${shipment.state}`;
  if (shipment.labels.length > 0) return `shipment ${shipment.id} has a label`;
  return erp === null ? `the order is being written to the ERP with shipment ${shipment.id}` : null;
}

/** The ERP has taken a shipment's lines back from its node: another one may have them now. */
export function deallocated(turn: Turn, shipmentId: string): void {
  const shipment = findShipment(turn, shipmentId);
  if (shipment === undefined)
    return raise(turn, 'unexpected-event', shipmentId, `shipment ${shipmentId} was taken back in the ERP, and the order does not have it`);
  if (!admits(turn, 'deallocated') || !admitsShipment(turn, shipment, 'deallocated')) return;
  succeeded(turn, 'deallocate', shipmentId);
  moveShipment(turn, shipmentId, 'deallocated', 'stopped', { asked: 'nothing' });
  if (turn.case.state !== 'committed') return;
  const freed = turn.case.shipments.filter((each) => each.fresh === 'allocate' && each.state === 'planned' && shareLines(each, shipment));
  allocateNow(turn, freed);
}

/** Asks the ERP to allocate what it may: not what has lines that are still being taken back from another node. */
export function allocateNow(turn: Turn, shipments: readonly Shipment[]): void {
  const free = shipments.filter((each) => !isHeldBack(turn, each));
  command(turn, ...free.map(({ id }) => ({ kind: 'allocate', shipmentId: id }) as const));
}

/**
 * A shipment that was taken back has left all the same, so its units are gone: whatever was planned in its place must not leave, too. Says false where that has left already: then the goods have left twice, a person is told,
 * and the one that counted goes on counting.
 */
export function leftInSpite(turn: Turn, shipment: Shipment): boolean {
  const instead = turn.case.shipments.filter((each) => each.id !== shipment.id && isLive(each) && shareLines(each, shipment));
  const what = `shipment ${shipment.id} left ${shipment.node} although it was taken back`;
  if (instead.some(hasLeft)) {
    raise(turn, 'unexpected-event', shipment.id, `${what}, and shipment ${instead.map(({ id }) => id).join(', ')} has left in its place`);
    return false;
  }
  const ids = new Set(shipment.lines.map(({ lineId }) => lineId));
  for (const each of instead) {
    const shared = each.lines.filter(({ lineId }) => ids.has(lineId));
    const bare = withdrawLabels(turn, standStill(turn, each));
    takeFrom(turn, shared.length === each.lines.length ? bare : splitOff(turn, bare, shared, null));
  }
  raise(turn, 'left-after-take-back', shipment.id, `${what}: it counts, and what was planned in its place is stopped`);
  return true;
}

/** Whether a planned shipment waits until the ERP has taken its lines back from another node. */
function isHeldBack(turn: Turn, shipment: Shipment): boolean {
  return turn.case.shipments.some((each) => each.state === 'stopping' && shareLines(each, shipment));
}

function shareLines(one: Shipment, other: Shipment): boolean {
  return one.lines.some(({ lineId }) => other.lines.some((each) => each.lineId === lineId));
}

/** What was never asked of the ERP just ends; everything else ends when the ERP has taken it back. */
function takeFrom(turn: Turn, shipment: Shipment): void {
  const unknownToErp = shipment.state === 'planned' && shipment.fresh === 'allocate' && isHeldBack(turn, shipment);
  standStill(turn, shipment);
  if (shipment.shortage.length > 0) resolve(turn, 'short-reservation', shipment.id);
  if (shipment.packCheck === 'failed') resolve(turn, 'pack-mismatch', shipment.id);
  if (shipment.state === 'planned' && shipment.fresh === 'write') resolve(turn, 'delivery-missing', shipment.id);
  if (unknownToErp) {
    moveShipment(turn, shipment.id, 'unsourced', 'stopped', { asked: 'nothing', shortage: [] });
    return;
  }
  if (shipment.state === 'planned') drop(turn, shipment.id, ['allocate']);
  succeeded(turn, 'allocate', shipment.id);
  succeeded(turn, 'buy-label', shipment.id);
  moveShipment(turn, shipment.id, 'unsourced', 'stopping', { asked: 'take-back', shortage: [] });
  command(turn, { kind: 'deallocate', shipmentId: shipment.id });
}

/** Makes lines of a shipment a shipment of their own, with the same delivery, and gives it. What stays keeps its id, and gets its labels under the next revision where some may be under way. */
function splitOff(turn: Turn, shipment: Shipment, lines: Shipment['lines'], parcels: readonly Parcel[] | null): Shipment {
  const gone = new Set(lines.map(({ lineId }) => lineId));
  const earlier = turn.case.shipments.filter(({ id }) => id.startsWith(`${shipment.id}.`)).length;
  const off: Shipment = {
    ...shipment,
    id: `${shipment.id}.${earlier + 1}`,
    lines,
    parcels: parcelsOf(shipment, (lineId) => gone.has(lineId)),
    labels: [],
    withdrawn: [],
    shortage: [],
    released: false,
    asked: 'nothing',
  };
  const still = standStill(turn, shipment);
  const shortage = still.shortage.filter(({ lineId }) => !gone.has(lineId));
  if (still.shortage.length > 0 && shortage.length === 0) resolve(turn, 'short-reservation', shipment.id);
  changeShipment(turn, shipment.id, {
    lines: still.lines.filter(({ lineId }) => !gone.has(lineId)),
    parcels: parcels === null ? parcelsOf(still, (lineId) => !gone.has(lineId)) : [...parcels],
    shortage,
    ...(still.packCheck === 'none' ? {} : { packCheck: 'due', packProblems: [] }),
    ...(still.revisionUsed ? { revision: still.revision + 1, revisionUsed: false } : {}),
  });
  if (still.state === 'labelled') moveShipment(turn, shipment.id, 'unsourced', 'written');
  turn.case = {
    ...turn.case,
    shipments: [...turn.case.shipments, { ...off, state: still.state === 'labelled' ? 'written' : still.state }],
  };
  return findShipment(turn, off.id) ?? off;
}

/** The parcels with what stays in them, empty ones left out, numbered anew. What they weigh stays as it was: what is in them weighs no more than that. */
function parcelsOf({ parcels }: Shipment, stays: (lineId: string) => boolean): Parcel[] {
  return parcels
    .map((parcel) => ({ ...parcel, items: parcel.items.filter(({ lineId }) => stays(lineId)) }))
    .filter(({ items }) => items.length > 0)
    .map((parcel, index) => ({ ...parcel, number: index + 1 }));
}

function avoid(turn: Turn, node: string, lines: Shipment['lines'], why: TakenBackReason): void {
  const known = turn.case.avoids;
  const fresh = lines.filter(({ lineId }) => !known.some((each) => each.lineId === lineId && each.node === node));
  turn.case = { ...turn.case, avoids: [...known, ...fresh.map(({ lineId }) => ({ lineId, node, why }))] };
}
