import { instantSchema } from '@quartermaster/domain';
import { z } from 'zod';
import { holdCodeSchema, type HoldCode } from './hold.ts';

/** Findings of checks that a person may set aside in advance. The others are about what cannot be written or picked at all, or are a person's own affair. */
export const overridableChecks = [
  'payment',
  'fraud',
  'address',
  'total-mismatch',
  'restricted',
  'duplicate',
  'not-before',
  'test-order',
  'manual',
] as const satisfies readonly HoldCode[];

const common = {
  /** The request that asked for it. */
  id: z.string().min(1),
  by: z.string().min(1),
  why: z.string().min(1),
  at: instantSchema,
  /** From then on it counts no more; null: until it is lifted. */
  until: instantSchema.nullable(),
};

/**
 * What a person has decided about an order instead of the program. `check`: findings of this check do not hold it. `fix`: what has no node yet leaves this node by this service
 * (`connection/service`). `forbid`: it leaves nothing from the node, by the service, or from the node by the service.
 */
export const orderOverrideSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('check'), ...common, code: holdCodeSchema }),
  z.object({ kind: z.literal('fix'), ...common, node: z.string().min(1), service: z.string().min(1) }),
  z.object({ kind: z.literal('forbid'), ...common, node: z.string().min(1).nullable(), service: z.string().min(1).nullable() }),
]);
export type OrderOverride = z.infer<typeof orderOverrideSchema>;

/** Whether an override still counts at this moment. */
export function counts(override: { readonly until: string | null }, now: string): boolean {
  return override.until === null || override.until > now;
}
