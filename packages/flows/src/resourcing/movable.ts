import { localDate, type Instant, type NodeId } from '@quartermaster/domain';
import { whyNotTakenBack, type OrderCase, type Shipment, type ShipmentLine, type TakenBackReason } from '@quartermaster/fulfilment';
import type { FlowSettings } from '../settings.ts';
import { capacityOf, type Outage } from './outages.ts';

/** Lines of a shipment that a wave may give to another node, and why. `leaves`: they cannot stay where they are as things stand, yet they are taken away only when another node has them. */
export type MovableLines = {
  readonly shipment: Shipment;
  readonly lines: readonly ShipmentLine[];
  readonly why: TakenBackReason;
  readonly leaves: boolean;
};

export type MovableGiven = {
  readonly at: Instant;
  readonly settings: FlowSettings;
  readonly outages: readonly Outage[];
  /** Orders are planned anew until they are released. */
  readonly untilRelease: boolean;
  /** Shipments whose release is under way, as `[order, shipment]` in JSON: they count as released. */
  readonly pending: ReadonlySet<string>;
};

/**
 * What of an order's shipments a wave may plan anew: those of a node in outage; the short lines of a shipment, where policy lets them go; and until they are released all of them, where orders are committed no
 * earlier. What has a label, or is being taken back, or of which the ERP has not answered, stays as it is; so does everything of an order that is held. Pure.
 */
export function movableOf(given: OrderCase, { at, settings, outages, untilRelease, pending }: MovableGiven): MovableLines[] {
  if (given.state !== 'committed' || given.holds.length > 0) return [];
  return given.shipments.flatMap((shipment): MovableLines[] => {
    if (whyNotTakenBack(given, shipment) !== null || shipment.asked === 'ship') return [];
    const node = settings.nodes.find(({ id }) => id === shipment.node);
    if (node === undefined) return [];
    const all = { shipment, lines: shipment.lines };
    if (capacityOf(node, at, outages, settings.outages).isReduced) return [{ ...all, why: 'outage', leaves: false }];
    const short = shortLines(shipment);
    if (short.length > 0) {
      if (settings.sourcing.onShortPick === 'ask') return [];
      const late = shipment.dispatchDate < localDate(at, node.zone);
      return [{ shipment, lines: short, why: late ? 'late-stock' : 'short-pick', leaves: true }];
    }
    const isReleased = shipment.released || pending.has(JSON.stringify([given.key, shipment.id]));
    return untilRelease && !isReleased ? [{ ...all, why: 'better-plan', leaves: false }] : [];
  });
}

/** Units that movable lines hold, by node, which are free for the plan that may move them. What cannot stay is held until it is known that another node has it. */
export function heldByMovable(movable: readonly MovableLines[]): { node: NodeId; sku: string; units: number }[] {
  return movable.flatMap(({ shipment: { node }, lines, leaves }) => (leaves ? [] : lines.map(({ sku, units }) => ({ node, sku, units }))));
}

function shortLines({ lines, shortage }: Shipment): ShipmentLine[] {
  const short = new Set(shortage.map(({ lineId }) => lineId));
  return lines.filter(({ lineId }) => short.has(lineId));
}
