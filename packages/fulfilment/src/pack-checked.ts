import { goOn, standStill } from './progress.ts';
import type { Shipment } from './shipment.ts';
import { admitsShipment, because, findShipment, moveShipment, raise, resolve, type Turn } from './turn.ts';

/** What came of comparing what was packed with what is to be shipped; without problems it is right. */
export type PackChecked = { readonly shipmentId: string; readonly problems: readonly string[]; readonly by: string };

/** Lets a shipment go on whose parcels were found right. What was found wrong gets no label, and with labels it does not leave, until it is found right. */
export function packChecked(turn: Turn, { shipmentId, problems, by }: PackChecked): void {
  const shipment = findShipment(turn, shipmentId);
  if (shipment === undefined)
    return raise(turn, 'unexpected-event', shipmentId, `shipment ${shipmentId}, which the order does not have, was checked at packing`);
  if (!admitsShipment(turn, shipment, 'pack-checked')) return;
  const { state, packCheck, packProblems } = shipment;
  const found = problems.length === 0 ? 'passed' : 'failed';
  if (packCheck === found && JSON.stringify(packProblems) === JSON.stringify(problems)) return because(turn, 'it was found so before');
  const standing: Pick<Shipment, 'packCheck' | 'packProblems'> = { packCheck: found, packProblems: [...problems] };
  if (found === 'passed') {
    moveShipment(turn, shipmentId, 'pack-checked', state, standing);
    if (packCheck !== 'none') resolve(turn, 'pack-mismatch', shipmentId);
    because(turn, `${by} found shipment ${shipmentId} packed right`);
    return goOn(turn);
  }
  standStill(turn, shipment);
  moveShipment(turn, shipmentId, 'pack-checked', state, standing);
  raise(turn, 'pack-mismatch', shipmentId, `shipment ${shipmentId} was packed wrong: ${problems.join('; ')}`);
}
