import type { Safety } from '@quartermaster/domain';
import { allKept, type ConformanceCase } from './rule.ts';
import { channelFeatures, type ChannelSubject } from './subject.ts';

/** What the suite saw of a channel: goes into a file beside the package, from which `docs/channels.md` is written. */
export type ConformanceRecord = {
  readonly channel: string;
  /** Rules that were run and kept. */
  readonly rules: number;
  /** `true` where every rule that needs the feature was kept, else why the channel lacks it. */
  readonly features: Readonly<Record<string, true | string>>;
  /** How each effect is kept from happening twice; null of what the channel has not. */
  readonly safety: Readonly<Record<string, Safety | null>>;
  readonly maxStockBatch: number;
  readonly leastPollMs: number;
};

/** The record after the suite was run. Rejects when a rule was not run, or not kept: nothing may be said of such a channel. */
export async function conformanceRecord(subject: ChannelSubject, cases: readonly ConformanceCase[]): Promise<ConformanceRecord> {
  allKept(cases);
  const { channel } = await subject.open();
  const { acknowledgement, cancellation, refund, capture } = channel;
  const operations = { acknowledge: acknowledgement, cancel: cancellation, refund, capture };
  return {
    channel: subject.name,
    rules: cases.length,
    features: Object.fromEntries(channelFeatures.map((feature) => [feature, subject.lacks[feature] ?? true])),
    safety: { ...channel.safety, ...Object.fromEntries(Object.entries(operations).map(([name, one]) => [name, one?.safety ?? null])) },
    maxStockBatch: channel.capabilities.maxStockBatch,
    leastPollMs: channel.capabilities.leastPollMs,
  };
}
