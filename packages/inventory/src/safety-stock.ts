import type { ConnectionId, NodeId, Sku } from '@quartermaster/domain';
import { z } from 'zod';
import { noDemand, type DailyDemand } from './demand.ts';

const unitsSchema = z.int().nonnegative();

/** Safety stock from the variance of demand and of lead time. */
const computedSchema = z.strictObject({
  /** In so many percent of the replenishment cycles nothing runs out. */
  servicePercent: z.number().min(50).max(99.99),
  /** Days from an order to a supplier until its goods are here, in the mean, and how much they scatter (standard deviation). */
  leadDays: z.number().positive(),
  leadDeviationDays: z.number().nonnegative().default(0),
  /** Part of the SKU's demand that this node serves. */
  demandShare: z.number().min(0).max(1).default(1),
});

/**
 * Safety stock as the config says it: a default, and rules for a SKU, a node, a channel, or several of them. A rule says units, days of cover, or how they are computed. A rule with a channel keeps
 * units of what that channel would show; others may show them.
 */
export const safetyStockRulesSchema = z
  .strictObject({
    default: unitsSchema.default(0),
    rules: z
      .array(
        z
          .strictObject({
            sku: z.string().min(1).optional(),
            node: z.string().min(1).optional(),
            channel: z.string().min(1).optional(),
            units: unitsSchema.optional(),
            daysOfCover: z.number().nonnegative().optional(),
            computed: computedSchema.optional(),
          })
          .refine(
            (rule) => rule.sku !== undefined || rule.node !== undefined || rule.channel !== undefined,
            'a rule names a sku, a node, a channel or several of them; for all there is `default`',
          )
          .refine(
            ({ units, daysOfCover, computed }) => [units, daysOfCover, computed].filter((each) => each !== undefined).length === 1,
            'a rule says one of units, daysOfCover and computed',
          ),
      )
      .default([]),
  })
  .prefault({});
export type SafetyStockRules = z.infer<typeof safetyStockRulesSchema>;
type Rule = SafetyStockRules['rules'][number];

/**
 * Units of a SKU that are never promised at a node. The most specific rule wins: SKU at node, then SKU, then node, then the default. Of rules that are equally specific the one
 * with more units wins, whatever their order: the safe side. Rules with a channel do not count here.
 */
export function safetyStockOf(rules: SafetyStockRules, sku: Sku, node: NodeId, demand: DailyDemand = noDemand): number {
  const fitting = rules.rules.filter((rule) => rule.channel === undefined && (rule.sku ?? sku) === sku && (rule.node ?? node) === node);
  return best(fitting, demand) ?? rules.default;
}

/** Units of a SKU that one channel does not show of what it would show at a node, by the most specific rule for it; 0 without one. */
export function channelSafetyOf(
  rules: SafetyStockRules,
  channel: ConnectionId,
  sku: Sku,
  node: NodeId,
  demand: DailyDemand = noDemand,
): number {
  const fitting = rules.rules.filter((rule) => rule.channel === channel && (rule.sku ?? sku) === sku && (rule.node ?? node) === node);
  return best(fitting, demand) ?? 0;
}

/** z √(L σ² + d² s²), rounded up: demand of mean d and deviation σ a day, over a lead time of mean L and deviation s days. */
export function computedSafetyStock(demand: DailyDemand, given: z.infer<typeof computedSchema>): number {
  const { servicePercent, leadDays, leadDeviationDays, demandShare } = given;
  const mean = demand.mean * demandShare;
  const deviation = demand.deviation * Math.sqrt(demandShare);
  const scatter = Math.sqrt(leadDays * deviation ** 2 + mean ** 2 * leadDeviationDays ** 2);
  return wholeUp(normalQuantile(servicePercent / 100) * scatter);
}

function best(rules: readonly Rule[], demand: DailyDemand): number | undefined {
  const [first] = rules
    .map((rule) => ({ weight: specificity(rule), units: unitsOf(rule, demand) }))
    .sort((one, other) => other.weight - one.weight || other.units - one.units);
  return first?.units;
}

function unitsOf({ units, daysOfCover, computed }: Rule, demand: DailyDemand): number {
  if (computed !== undefined) return computedSafetyStock(demand, computed);
  return units ?? wholeUp((daysOfCover ?? 0) * demand.mean);
}

/** The next whole number, where a hair above one is that one. */
function wholeUp(units: number): number {
  return Math.max(0, Math.ceil(units - 1e-9));
}

function specificity(rule: Rule): number {
  return (rule.sku === undefined ? 0 : 2) + (rule.node === undefined ? 0 : 1);
}

/** Where the standard normal distribution reaches a probability: halving the interval on its integral, by Abramowitz and Stegun 26.2.17 (1e-7). */
function normalQuantile(probability: number): number {
  let [low, high] = [0, 6];
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (normalIntegral(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** For arguments of at least 0. */
function normalIntegral(at: number): number {
  const t = 1 / (1 + 0.2316419 * at);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-at * at) / 2) / Math.sqrt(2 * Math.PI)) * series;
}
