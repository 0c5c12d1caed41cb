import { faultCases } from './fault-cases.ts';
import { honestyCases } from './honesty-cases.ts';
import { listingCases } from './listing-cases.ts';
import { moneyCases } from './money-cases.ts';
import { operationCases } from './operation-cases.ts';
import { readingCases } from './reading-cases.ts';
import { shipmentCases } from './shipment-cases.ts';
import { stockCases } from './stock-cases.ts';
import { channelFeatures, type ChannelFeature, type ChannelSubject } from './subject.ts';
import { webhookCases } from './webhook-cases.ts';

/** One rule of the channel port. `run` rejects with an `AssertionError` where the rule is broken. */
export type ConformanceCase = {
  readonly title: string;
  readonly needs: readonly ChannelFeature[];
  readonly run: () => Promise<void>;
  /** What came of its last run. */
  readonly outcome: () => 'not-run' | 'kept' | 'broken';
};

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
  ...honestyCases,
];

/**
 * The conformance suite of the channel port: every rule that this channel has to keep, to be run by any test runner. A rule that needs what the subject says it
 * lacks is left out; that it really lacks it is a rule as well.
 *
 * ```ts
 * test.each(channelConformance(subject))('$title', async ({ run }) => expect(await run()).toBeUndefined());
 * ```
 */
export function channelConformance(subject: ChannelSubject): ConformanceCase[] {
  const lacking = new Set(channelFeatures.filter((feature) => subject.lacks[feature] !== undefined));
  return channelRules.filter(({ needs }) => !needs.some((feature) => lacking.has(feature))).map((rule) => caseOf(rule, subject));
}

function caseOf({ title, needs, check }: ChannelRule, subject: ChannelSubject): ConformanceCase {
  let outcome: 'not-run' | 'kept' | 'broken' = 'not-run';
  return {
    title,
    needs,
    outcome: () => outcome,
    async run() {
      outcome = 'broken';
      await check(subject);
      outcome = 'kept';
    },
  };
}
