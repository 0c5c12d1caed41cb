import type { Instant } from '@quartermaster/domain';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { knownOutages, type Outage } from '../resourcing/outages.ts';
import type { FlowSettings } from '../settings.ts';
import { pendingShipments } from './pick-waves.ts';

/** What of the world, beside the orders, decides about what is released. */
export type ReleaseCircumstances = {
  /** Shipments whose release is under way: they count as released. */
  readonly pending: ReadonlySet<string>;
  readonly outages: readonly Outage[];
};

export async function releaseCircumstances(
  tx: ReadTransaction | Transaction,
  settings: FlowSettings,
  at: Instant,
): Promise<ReleaseCircumstances> {
  return { pending: await pendingShipments(tx), outages: await knownOutages(tx, settings, at) };
}
