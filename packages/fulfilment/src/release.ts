import { goOn } from './progress.ts';
import { admits, admitsShipment, findShipment, moveShipment, raise, type Turn } from './turn.ts';

/** The wave of these shipments has come. */
export function released(turn: Turn, shipmentIds: readonly string[], packCheck: boolean): void {
  if (!admits(turn, 'released')) return;
  for (const id of shipmentIds) releaseShipment(turn, id, packCheck);
  goOn(turn);
}

function releaseShipment(turn: Turn, id: string, packCheck: boolean): void {
  const shipment = findShipment(turn, id);
  if (shipment === undefined) return raise(turn, 'unexpected-event', id, `shipment ${id} was released, and the order does not have it`);
  if (admitsShipment(turn, shipment, 'released'))
    moveShipment(turn, id, 'released', shipment.state, {
      released: true,
      // What was checked before its release stays checked.
      ...(packCheck && shipment.packCheck === 'none' ? { packCheck: 'due' } : {}),
    });
}
