import { faultCases } from './fault-cases.ts';
import { listingCases } from './listing-cases.ts';
import { moneyCases } from './money-cases.ts';
import { operationCases } from './operation-cases.ts';
import { readingCases } from './reading-cases.ts';
import { shipmentCases } from './shipment-cases.ts';
import { stockCases } from './stock-cases.ts';
import { channelFeatures, type ChannelFeature, type ChannelSubject } from './subject.ts';
import { webhookCases } from './webhook-cases.ts';

/** One rule of the channel port. `run` rejects with an `AssertionError` where the rule is broken. */
export type ConformanceCase = { readonly title: string; readonly needs: readonly ChannelFeature[]; readonly run: () => Promise<void> };

/** A rule as the suite has it, to be run on any channel that has what it needs. */
export type ChannelRule = {
  readonly title: string;
  readonly needs: readonly ChannelFeature[];
  readonly check: (subject: ChannelSubject) => Promise<void>;
};

export const channelRules: readonly ChannelRule[] = [
  ...readingCases,
  ...moneyCases,
  ...stockCases,
  ...shipmentCases,
  ...operationCases,
  ...listingCases,
  ...webhookCases,
  ...faultCases,
];

/**
 * The conformance suite of the channel port: every rule that this channel has to keep, to be run by any test runner. A rule whose features the subject says it lacks is left out, and one
 * more rule holds it to that.
 *
 * ```ts
 * for (const { title, run } of channelConformance(subject)) test(title, run);
 * ```
 */
export function channelConformance(subject: ChannelSubject): ConformanceCase[] {
  const lacking = new Set(channelFeatures.filter((feature) => subject.lacks[feature] !== undefined));
  return channelRules
    .filter(({ needs }) => !needs.some((feature) => lacking.has(feature)))
    .map(({ title, needs, check }) => ({ title, needs, run: () => check(subject) }));
}
