import type { Parcel } from '@quartermaster/domain';
import { withdrawLabels } from './labels.ts';
import { goOn, standStill } from './progress.ts';
import { admitsShipment, because, findShipment, moveShipment, raise, type Turn } from './turn.ts';

/** What a person says of the parcels of a shipment: all of them, in the place of those that were planned. */
export type Repacked = {
  readonly shipmentId: string;
  readonly parcels: readonly Parcel[];
  readonly by: string;
  readonly reason: string;
};

/** Takes up how a person has packed a shipment. Labels of the parcels that were there before are given back, and new ones are bought under the next revision. */
export function repacked(turn: Turn, { shipmentId, parcels, by, reason }: Repacked): void {
  const shipment = findShipment(turn, shipmentId);
  if (shipment === undefined)
    return raise(turn, 'unexpected-event', shipmentId, `shipment ${shipmentId}, which the order does not have, was packed anew`);
  if (!admitsShipment(turn, shipment, 'repacked')) return;
  if (JSON.stringify(parcels) === JSON.stringify(shipment.parcels)) return because(turn, 'it is packed like that already');
  const { revision, revisionUsed } = withdrawLabels(turn, standStill(turn, shipment));
  const next = revisionUsed ? { revision: revision + 1, revisionUsed: false } : {};
  moveShipment(turn, shipmentId, 'repacked', shipment.state === 'planned' ? 'planned' : 'written', {
    parcels: [...parcels],
    packing: { by: 'person', who: by, why: reason, at: turn.now },
    // Other parcels than those that were checked.
    ...(shipment.packCheck === 'none' ? {} : { packCheck: 'due', packProblems: [] }),
    ...next,
  });
  because(turn, `${by} packed shipment ${shipmentId} into ${parcels.length} ${parcels.length === 1 ? 'parcel' : 'parcels'}: ${reason}`);
  goOn(turn);
}
