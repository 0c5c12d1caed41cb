import { compareText, addMoney, money, type Money } from '@quartermaster/domain';
import type { AuditedShipment, FreightAudit } from './audit.ts';

/** A SKU or a box that carriers measure heavier than we declare, again and again: its weight or its sides are likely wrong with us. */
export type MeasurementFinding = {
  readonly of: 'sku' | 'box';
  readonly name: string;
  /** Audited parcels with it whose weight was billed, and those of them that were measured heavier. */
  readonly parcels: number;
  readonly corrected: number;
  /** Of those, how many hold this SKU alone: no other article can be the cause. For a box, all of them. */
  readonly certain: number;
  /** The middle one of the differences between billed and expected weight, the lower one of two. */
  readonly medianExtraGrams: number;
  /** What the corrections of these parcels cost, by currency. A parcel with several SKUs counts fully for each. */
  readonly extraCost: readonly Money[];
};

/**
 * SKUs and boxes of which at least `atLeast` parcels were measured heavier than expected by more than the slack of the settings that the audit was made with. The dearest first, in the order of the
 * corrected parcels where costs are in several currencies.
 */
export function measurementFindings(audit: FreightAudit, atLeast = 2): MeasurementFinding[] {
  const costOf = new Map<string, Money[]>();
  for (const { class: varianceClass, accrualId, amount } of audit.variances) {
    if (varianceClass !== 'weight-dimension' || accrualId === null) continue;
    costOf.set(accrualId, [...(costOf.get(accrualId) ?? []), amount]);
  }
  const weighed = audit.shipments.filter(({ measurement }) => measurement.billedGrams !== null);
  const bySku = weighed.flatMap((shipment) =>
    [...new Set(shipment.accrual.items.map(({ sku }) => sku))].map((name) => ({ of: 'sku' as const, name, shipment })),
  );
  const byBox = weighed.flatMap((shipment) =>
    shipment.accrual.box === null ? [] : [{ of: 'box' as const, name: shipment.accrual.box, shipment }],
  );

  const groups = Map.groupBy([...bySku, ...byBox], ({ of, name }) => JSON.stringify([of, name]));
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const heavier = group.map(({ shipment }) => shipment).filter(isHeavier);
      if (heavier.length < atLeast) return [];
      const isAlone = ({ accrual }: AuditedShipment) => first.of === 'box' || new Set(accrual.items.map(({ sku }) => sku)).size === 1;
      const extras = heavier.map(extraGrams).sort((a, b) => a - b);
      return [
        {
          of: first.of,
          name: first.name,
          parcels: group.length,
          corrected: heavier.length,
          certain: heavier.filter(isAlone).length,
          medianExtraGrams: extras[Math.floor((extras.length - 1) / 2)] ?? 0,
          extraCost: sumsByCurrency(heavier.flatMap(({ accrual }) => costOf.get(accrual.id) ?? [])),
        },
      ];
    })
    .sort((a, b) => costliness(b) - costliness(a) || b.corrected - a.corrected || compareText(a.of, b.of) || compareText(a.name, b.name));
}

function isHeavier({ measurement }: AuditedShipment): boolean {
  return measurement.weightDiffers && extraGrams({ measurement }) > 0;
}

function extraGrams({ measurement }: Pick<AuditedShipment, 'measurement'>): number {
  return (measurement.billedGrams ?? measurement.expectedGrams) - measurement.expectedGrams;
}

function sumsByCurrency(amounts: readonly Money[]): Money[] {
  return [...Map.groupBy(amounts, ({ currency }) => currency)]
    .map(([currency, those]) => addMoney(money(0, currency), ...those))
    .sort((a, b) => compareText(a.currency, b.currency));
}

/** Comparable only within one currency. */
function costliness({ extraCost }: MeasurementFinding): number {
  return extraCost.length === 1 ? (extraCost[0]?.minor ?? 0) : 0;
}
