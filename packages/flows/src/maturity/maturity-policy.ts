import type { CommandKind } from '@quartermaster/fulfilment';
import { z } from 'zod';

/** How far a flow is trusted, each step more than the one before. */
export const maturitySteps = ['observe', 'shadow', 'assist', 'auto'] as const;
export type MaturityStep = (typeof maturitySteps)[number];

const assistOrAuto = z.enum(['assist', 'auto']).default('auto');

/**
 * The dial of each flow. `observe`: nothing is decided. `shadow`: it is decided, kept and compared with what people did, and nothing comes of it. `assist`: a person approves each (`qm approvals`).
 * `auto`: it goes by itself. What is under way already goes on in any step.
 */
export const maturityPolicySchema = z.strictObject({
  /** Which node and service an order gets. */
  sourcing: z.enum(maturitySteps).default('auto'),
  /** Levels of stock on the channels. */
  publish: z.enum(['observe', 'shadow', 'auto']).default('auto'),
  labels: assistOrAuto,
  /** Telling channels that something left. */
  confirmations: assistOrAuto,
  refunds: assistOrAuto,
  /** In the ERP and in the channel. */
  cancellations: assistOrAuto,
});
export type MaturityPolicy = z.infer<typeof maturityPolicySchema>;
export type Flow = keyof MaturityPolicy;

export const flowNames: readonly Flow[] = maturityPolicySchema.keyof().options;

/** Flows of single effects: each waits for a person, or goes. */
export type AssistedFlow = Exclude<Flow, 'sourcing' | 'publish'>;

/** The flow whose dial an effect of an order goes by; null for what follows from a decision that was approved, or must not wait. */
export function flowOf(kind: CommandKind): AssistedFlow | null {
  switch (kind) {
    case 'buy-label':
      return 'labels';
    case 'confirm':
      return 'confirmations';
    case 'refund':
      return 'refunds';
    case 'cancel-order':
    case 'cancel-in-channel':
      return 'cancellations';
    default:
      return null;
  }
}
