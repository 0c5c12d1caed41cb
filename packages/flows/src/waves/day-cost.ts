import type { NodeId } from '@quartermaster/domain';
import type { Recipes } from '@quartermaster/inventory';
import type { FlowSettings } from '../settings.ts';
import { inParts, noRecipes } from './kit-parts.ts';

/** A shipment as far as its cost goes. Amounts are minor units of the plan's currency. */
export type CostedShipment = {
  readonly order: string;
  readonly node: NodeId;
  readonly lines: readonly { readonly lineId: string; readonly sku: string; readonly units: number }[];
  readonly dispatchDate: string;
  readonly shippingMinor: number;
  readonly latenessMinor: number;
};

/** Cost by term, in minor units. */
export type CostMinor = {
  readonly total: number;
  readonly shipping: number;
  readonly labor: number;
  readonly lateness: number;
  readonly split: number;
  readonly unfilled: number;
};

/**
 * What shipments cost together, whoever chose them: freight and lateness as they were estimated, labor through the tiers of each node and dispatch date, a split for every shipment
 * of an order beyond its first, and what is left unfilled. The same measure for the plan and for the baseline.
 */
export function costOf(
  shipments: readonly CostedShipment[],
  unfilledMinor: number,
  settings: FlowSettings,
  minorPerUnit: number,
  recipes?: Recipes,
): CostMinor {
  const shipping = sum(shipments.map((shipment) => shipment.shippingMinor));
  const lateness = sum(shipments.map((shipment) => shipment.latenessMinor));
  const labor = Math.round(laborCost(shipments, settings, recipes) * minorPerUnit);
  const orders = new Set(shipments.map((shipment) => shipment.order)).size;
  const split = Math.round((shipments.length - orders) * Number(settings.sourcing.splitCost) * minorPerUnit);
  const unfilled = Math.round(unfilledMinor);
  return { total: shipping + labor + lateness + split + unfilled, shipping, labor, lateness, split, unfilled };
}

/** Minutes of work of shipments by node and dispatch date; a kit is picked part by part. */
export function minutesOf(
  shipments: readonly Pick<CostedShipment, 'node' | 'lines' | 'dispatchDate'>[],
  settings: FlowSettings,
  recipes: Recipes = noRecipes,
): Map<NodeId, Map<string, number>> {
  const minutes = new Map<NodeId, Map<string, number>>();
  for (const { node, lines, dispatchDate } of shipments) {
    const labor = settings.nodes.find((each) => each.id === node)?.labor;
    if (labor === undefined) continue;
    const picked = inParts(lines, recipes);
    const units = sum(picked.map((line) => line.units));
    const dates = minutes.get(node) ?? new Map<string, number>();
    dates.set(
      dispatchDate,
      (dates.get(dispatchDate) ?? 0) + labor.minutesPerShipment + labor.minutesPerLine * picked.length + labor.minutesPerUnit * units,
    );
    minutes.set(node, dates);
  }
  return minutes;
}

/** In whole units of the currency. */
function laborCost(shipments: readonly CostedShipment[], settings: FlowSettings, recipes: Recipes | undefined): number {
  let cost = 0;
  for (const [node, dates] of minutesOf(shipments, settings, recipes)) {
    const tiers = settings.nodes.find((each) => each.id === node)?.labor.tiers ?? [];
    for (let left of dates.values()) {
      for (const tier of tiers) {
        const taken = tier.minutes === null ? left : Math.min(left, tier.minutes);
        cost += taken * tier.costPerMinute;
        left -= taken;
      }
    }
  }
  return cost;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
