import { addDays, destinationOf, localDate, type Instant } from '@quartermaster/domain';
import { hasLeft, type OrderCase, type Shipment } from '@quartermaster/fulfilment';
import { laneOf } from '@quartermaster/parcels';
import { daysUnderWay, dispatchDateOf } from '../calendars.ts';
import type { FlowSettings } from '../settings.ts';
import { serviceOfShipment } from './plan-reading.ts';
import { assumedTransitDays } from './sourcing-problem.ts';

/**
 * The local date on which a shipment arrives, by tariff and calendars: of what has left since it did; of the rest when it leaves on its day or, where that is over, at the next cutoff. `daysLater` than that it may leave.
 * Null where the config does not know its node or service any more.
 */
export function arrivalOf(each: OrderCase, shipment: Shipment, settings: FlowSettings, at: Instant, daysLater = 0): string | null {
  const node = settings.nodes.find(({ id }) => id === shipment.node);
  const chosen = serviceOfShipment(settings, shipment);
  if (node === undefined || chosen === null) return null;
  const way = { carrier: chosen.carrier, service: chosen.service.id };
  const leaves = hasLeft(shipment) && shipment.shippedAt !== null ? localDate(shipment.shippedAt, node.zone) : leavesOn();
  const to = each.order.destination;
  const lane = to === null ? null : laneOf(chosen.carrier.tariff, chosen.service, destinationOf(node.address), to, leaves);
  return addDays(leaves, daysUnderWay(way, leaves, lane?.transitDays ?? assumedTransitDays, settings));

  function leavesOn(): string {
    // What is released still makes today's cutoff, as long as nobody says otherwise.
    const next = shipment.released
      ? localDate(at, node?.zone ?? settings.zone)
      : node === undefined
        ? shipment.dispatchDate
        : dispatchDateOf(node, way, at);
    return addDays(shipment.dispatchDate > next ? shipment.dispatchDate : next, daysLater);
  }
}
