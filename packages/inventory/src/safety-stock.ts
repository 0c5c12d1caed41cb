import type { NodeId, Sku } from '@quartermaster/domain';
import { z } from 'zod';

const unitsSchema = z.int().nonnegative();

/** Safety stock as the config says it: a default, and rules for a SKU, for a node, or for a SKU at a node. */
export const safetyStockRulesSchema = z
  .strictObject({
    default: unitsSchema.default(0),
    rules: z
      .array(
        z
          .strictObject({ sku: z.string().min(1).optional(), node: z.string().min(1).optional(), units: unitsSchema })
          .refine(
            (rule) => rule.sku !== undefined || rule.node !== undefined,
            'a rule names a sku, a node or both; for all of them there is `default`',
          ),
      )
      .default([]),
  })
  .prefault({});
export type SafetyStockRules = z.infer<typeof safetyStockRulesSchema>;

/**
 * Units of a SKU that are never promised at a node. The most specific rule wins: SKU at node, then SKU, then node, then the default. Of rules that are equally specific the one
 * with more units wins, whatever their order: the safe side.
 */
export function safetyStockOf(rules: SafetyStockRules, sku: Sku, node: NodeId): number {
  const fitting = rules.rules.filter((rule) => (rule.sku ?? sku) === sku && (rule.node ?? node) === node);
  const [best] = fitting.sort((one, other) => specificity(other) - specificity(one) || other.units - one.units);
  return best?.units ?? rules.default;
}

function specificity(rule: SafetyStockRules['rules'][number]): number {
  return (rule.sku === undefined ? 0 : 2) + (rule.node === undefined ? 0 : 1);
}
