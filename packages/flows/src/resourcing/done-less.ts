import type { ErpOrder } from '@quartermaster/domain';
import {
  hasLeft,
  isLive,
  whyNotTakenBack,
  type OrderCase,
  type OrderEvent,
  type Shipment,
  type ShipmentLine,
} from '@quartermaster/fulfilment';
import type { SourcingPolicy } from '../settings.ts';
import { lineNames } from '../erp-effects.ts';

/** A shipment of which the ERP has sent less than all: somebody validated its delivery there with what they had. */
export type DoneLess = {
  readonly shipment: Shipment;
  /** Units of each line of it that have left, also of later deliveries from the same node. */
  readonly left: ReadonlyMap<string, number>;
};

/** What has left of a shipment whose delivery is done, where it is less than all of it; null where all has left, and where its delivery is not done. Pure. */
export function doneLessOf(given: OrderCase, { deliveries }: ErpOrder, shipment: Shipment): DoneLess | null {
  const { delivery } = shipment;
  if (delivery === null || hasLeft(shipment) || !isLive(shipment)) return null;
  const ofOthers = new Set(given.shipments.flatMap((each) => each.delivery?.ref ?? []));
  const done = deliveries.filter(
    ({ ref, node, state }) => state === 'done' && (ref === delivery.ref || (node === shipment.node && !ofOthers.has(ref))),
  );
  if (!done.some(({ ref }) => ref === delivery.ref)) return null;
  const names = lineNames(given);
  const left = new Map(shipment.lines.map(({ lineId }) => [lineId, 0]));
  for (const { lineId, reserved } of done.flatMap(({ lines }) => lines)) {
    const ours = names.get(lineId);
    const before = ours === undefined ? undefined : left.get(ours);
    if (ours !== undefined && before !== undefined) left.set(ours, before + reserved);
  }
  return shipment.lines.every(({ lineId, units }) => (left.get(lineId) ?? 0) >= units) ? null : { shipment, left };
}

/**
 * What follows of it. Lines of which nothing has left are a short pick: with `auto` they go back to sourcing, and not to this node again, and the rest has left; with `ask` the shipment waits as one that was reserved short
 * (`qm short`). A line of which a part has left has one node and cannot be sourced again, nor can what has a label: the order is held, and a person sees to the rest. Pure.
 */
export function newsOfDoneLess(
  given: OrderCase,
  less: DoneLess,
  { onShortPick, at }: Pick<SourcingPolicy, 'onShortPick'> & { readonly at: string },
): OrderEvent[] {
  const { shipment } = less;
  const missing = shortOf(less);
  const isPart = shipment.lines.some((line) => leftOf(less, line.lineId) > 0 && leftOf(less, line.lineId) < line.units);
  if (isPart || whyNotTakenBack(given, shipment) !== null) {
    const isHeld = given.holds.some(({ placedBy }) => placedBy !== null);
    const reason = `shipment ${shipment.id} left ${shipment.node} in the ERP with ${unitsLeft(less)}: ship the rest from its backorder there, or cancel it`;
    return isHeld ? [] : [{ kind: 'hold-placed', hold: { code: 'manual', reason }, by: 'quartermaster' }];
  }
  if (onShortPick === 'ask') return [];
  const whole = missing.length === shipment.lines.length;
  const takenBack: OrderEvent = {
    kind: 'unsourced',
    shipmentId: shipment.id,
    lineIds: whole ? null : missing.map(({ lineId }) => lineId),
    why: 'short-pick',
    by: 'quartermaster',
    avoid: true,
    parcels: null,
  };
  return whole ? [takenBack] : [takenBack, { kind: 'erp-shipped', shipmentId: shipment.id, at }];
}

/** Lines that went back to sourcing because nothing of them has left. */
export function shortOf(less: DoneLess): ShipmentLine[] {
  return less.shipment.lines.filter(({ lineId }) => leftOf(less, lineId) === 0);
}

/** Whether the journal knows already that so little has left: its shipment is as short. */
export function isKnown({ shipment, left }: DoneLess): boolean {
  return shipment.lines.every(({ lineId, units }) => {
    const known = shipment.shortage.find((short) => short.lineId === lineId)?.reserved ?? units;
    return known === Math.min(units, left.get(lineId) ?? 0);
  });
}

function leftOf({ left }: DoneLess, lineId: string): number {
  return left.get(lineId) ?? 0;
}

function unitsLeft(less: DoneLess): string {
  return less.shipment.lines.map(({ lineId, sku, units }) => `${leftOf(less, lineId)} of ${units} ${sku}`).join(', ');
}
