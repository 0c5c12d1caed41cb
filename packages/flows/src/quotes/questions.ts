import { compareText, type Sku } from '@quartermaster/domain';
import type { CarrierSettings, FlowSettings } from '../settings.ts';
import type { Demand, UnitsAt } from '../waves/sourcing-problem.ts';
import { zoneId } from '../zone-id.ts';
import type { QuotedLane } from './quote-record.ts';

/** One price to ask a carrier for. A parcel stands for all between the next lighter weight and its own. */
export type Question = QuotedLane & {
  readonly grams: number;
  /** An order that goes to the zone; its postal code stands for the zone. */
  readonly example: string;
  /** How many orders the answer may serve. */
  readonly orders: number;
};

export type QuestionsGiven = {
  readonly settings: FlowSettings;
  readonly demands: readonly Demand[];
  readonly available: UnitsAt;
  readonly gramsOf: (sku: Sku) => number;
};

/**
 * What must be known of the prices of one carrier to source these orders: every lane from a node that has something of an order to where the order goes, at each weight step that a parcel of it may
 * have. What serves most orders comes first, then lane by lane; pure.
 */
export function questionsFor(carrier: CarrierSettings, { settings, demands, available, gramsOf }: QuestionsGiven): Question[] {
  if (carrier.quotes === undefined) return [];
  const steps = carrier.quotes.upToGrams;
  const questions = new Map<string, { -readonly [Field in keyof Question]: Question[Field] }>();
  for (const { key, order, open } of demands) {
    if (order.destination === null) continue;
    const zone = zoneId(order.destination);
    const grams = open.reduce((sum, line) => sum + line.units * gramsOf(line.sku), 0);
    for (const node of settings.nodes) {
      const units = available.get(node.id);
      if (!open.some((line) => (units?.get(line.sku) ?? 0) > 0)) continue;
      for (const [index, step] of steps.entries()) {
        // A part of the order is lighter, so every lighter step is asked for, too; of the steps above, only the first that holds it all.
        if (index > 0 && grams <= (steps[index - 1] ?? 0)) break;
        const id = JSON.stringify([node.id, zone, step]);
        const known = questions.get(id);
        if (known === undefined)
          questions.set(id, { carrier: carrier.connection, node: node.id, zone, grams: step, example: key, orders: 1 });
        else known.orders += 1;
      }
    }
  }
  return [...questions.values()].sort(
    (a, b) => b.orders - a.orders || compareText(a.node, b.node) || compareText(a.zone, b.zone) || a.grams - b.grams,
  );
}
