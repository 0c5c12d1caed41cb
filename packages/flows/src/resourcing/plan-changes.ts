import type { Parcel } from '@quartermaster/domain';
import type { Shipment, ShipmentDraft, TakenBack } from '@quartermaster/fulfilment';
import type { SourcingPlan, SourcingProblem } from '@quartermaster/sourcing';
import type { MovableLines } from './movable.ts';

/** What a plan changes of an order: lines that leave their node, and shipments that are new. What the plan ships as it is planned already is in neither. */
export type PlanChanges = { readonly taken: readonly TakenBack[]; readonly drafts: readonly ShipmentDraft[] };

/**
 * Compares a plan with the shipments that it might move. A shipment, or what is left of it, stays where the plan ships it from the same node by the same service; so do lines that the plan has no
 * better place for. Pure.
 */
export function planChanges(
  movable: readonly MovableLines[],
  drafts: readonly ShipmentDraft[],
  gramsOf: (sku: string) => number,
): PlanChanges {
  const stays = new Set<ShipmentDraft>();
  const taken = movable.flatMap(({ shipment, lines, why, leaves }): TakenBack[] => {
    const own = new Set(lines.map(({ lineId }) => lineId));
    for (const draft of drafts)
      if (!leaves && isSameWay(draft, shipment) && draft.lines.every(({ lineId }) => own.has(lineId))) stays.add(draft);
    const elsewhere = new Set(drafts.filter((draft) => !stays.has(draft)).flatMap((draft) => draft.lines.map(({ lineId }) => lineId)));
    const gone = lines.filter(({ lineId }) => elsewhere.has(lineId)).map(({ lineId }) => lineId);
    if (gone.length === 0) return [];
    const whole = gone.length === shipment.lines.length;
    return [
      {
        shipmentId: shipment.id,
        lineIds: whole ? null : gone,
        why,
        by: 'quartermaster',
        avoid: leaves,
        parcels: whole ? null : parcelsWithout(shipment, new Set(gone), gramsOf),
      },
    ];
  });
  return { taken, drafts: drafts.filter((draft) => !stays.has(draft)) };
}

/** The parcels of a shipment without some of its lines: lighter by what those weigh. */
export function parcelsWithout(shipment: Shipment, gone: ReadonlySet<string>, gramsOf: (sku: string) => number): Parcel[] {
  return shipment.parcels
    .map((parcel) => {
      const out = parcel.items.filter(({ lineId }) => gone.has(lineId)).reduce((sum, { sku, units }) => sum + units * gramsOf(sku), 0);
      return { ...parcel, grams: Math.max(1, parcel.grams - out), items: parcel.items.filter(({ lineId }) => !gone.has(lineId)) };
    })
    .filter(({ items }) => items.length > 0)
    .map((parcel, index) => ({ ...parcel, number: index + 1 }));
}

/**
 * The shipments that may move as the plan that the next one is compared with: an order that gets another one pays for it. `lineIds`: by order and number of the problem's line, the wanted line that it is
 * of. Undefined where there are none.
 */
export function presentPlan(
  problem: SourcingProblem,
  movable: ReadonlyMap<string, readonly MovableLines[]>,
  lineIds: ReadonlyMap<string, readonly string[]>,
): SourcingPlan | undefined {
  const shipments = problem.orders.flatMap(({ id }) => {
    const indexes = Map.groupBy((lineIds.get(id) ?? []).keys(), (index) => lineIds.get(id)?.[index]);
    return (movable.get(id) ?? [])
      .filter(({ leaves }) => !leaves)
      .map(({ shipment: { node, carrier, service }, lines }) => ({
        order: id,
        node,
        service: `${carrier}/${service}`,
        lines: lines.flatMap(({ lineId }) => indexes.get(lineId) ?? []).sort((a, b) => a - b),
      }));
  });
  return shipments.length === 0 ? undefined : { format: 'quartermaster/sourcing-plan@1', shipments };
}

function isSameWay(draft: ShipmentDraft, shipment: Shipment): boolean {
  return draft.node === shipment.node && draft.carrier === shipment.carrier && draft.service === shipment.service;
}
