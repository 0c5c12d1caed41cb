import { ownValue } from './id-record.ts';
import type { LaborTier, Lane, ProblemNode, ProblemService, SourcingProblem } from './problem.ts';

// The arithmetic of the contract for those who check plans and bounds. The solver has its own in compile.ts: a slip in either shows as a disagreement.

/** Sums of decimals are not exact: so much over a weight limit is none. */
const kgTolerance = 1e-9;

/** Minutes over a finite last labor tier that are no violation yet. */
const minuteTolerance = 1e-6;

/** Day of delivery relative to today: the day on which the service leaves the node, and the lane's transit days. */
export function deliveryDay(problem: SourcingProblem, node: ProblemNode, service: ProblemService, lane: Lane): number {
  const byCutoff = problem.decisionMinute <= node.cutoffMinute ? 0 : 1;
  return (ownValue(node.dispatchDay, service.id) ?? byCutoff) + lane.transitDays;
}

/** Price of one shipment without surcharge; Infinity where the service or the lane does not take its weight. */
export function shipmentPrice(service: ProblemService, lane: Lane, kg: number, litres: number): number {
  const { litresPerKg = 0, maxKg = Infinity, parcelMaxKg = Infinity } = service;
  if (kg > maxKg + kgTolerance) return Infinity;
  const parcels = Math.max(1, Math.ceil(kg / parcelMaxKg - kgTolerance));
  const billable = litresPerKg > 0 ? Math.max(kg, litres / litresPerKg) : kg;
  if (lane.bands === undefined) return parcels * (lane.base ?? 0) + (lane.perKg ?? 0) * billable;
  const band = lane.bands.find(({ upToKg }) => billable / parcels <= upToKg + kgTolerance);
  return band === undefined ? Infinity : parcels * band.amount;
}

/** Cost of a node's minutes, cheapest tier first; Infinity over a finite last tier. */
export function minutesCost(tiers: readonly LaborTier[], minutes: number): number {
  let cost = 0;
  let left = minutes;
  for (const tier of tiers) {
    const within = Math.min(left, tier.minutes ?? Infinity);
    cost += within * tier.costPerMinute;
    left -= within;
  }
  return left > minuteTolerance ? Infinity : cost;
}
