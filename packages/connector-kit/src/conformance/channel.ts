import { faultCases } from './fault-cases.ts';
import { honestyCases } from './honesty-cases.ts';
import { listingCases } from './listing-cases.ts';
import { moneyCases } from './money-cases.ts';
import { operationCases } from './operation-cases.ts';
import { readingCases } from './reading-cases.ts';
import { casesOf, type ConformanceCase, type Rule } from './rule.ts';
import { shipmentCases } from './shipment-cases.ts';
import { stockCases } from './stock-cases.ts';
import type { ChannelFeature, ChannelSubject } from './subject.ts';
import { webhookCases } from './webhook-cases.ts';

export type ChannelRule = Rule<ChannelSubject, ChannelFeature>;

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
export function channelConformance(subject: ChannelSubject): ConformanceCase<ChannelFeature>[] {
  return casesOf(channelRules, subject);
}
