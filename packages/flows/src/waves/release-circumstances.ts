import type { Instant } from '@quartermaster/domain';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { knownOutages, type Outage } from '../resourcing/outages.ts';
import type { FlowSettings } from '../settings.ts';
import { erpRead, sourceStandings, tooOldToRelease, type TooOld } from '../stock/sources-behind.ts';
import { pendingShipments } from './pick-waves.ts';

/** What of the world, beside the orders, decides about what is released. */
export type ReleaseCircumstances = {
  /** Shipments whose release is under way: they count as released. */
  readonly pending: ReadonlySet<string>;
  readonly outages: readonly Outage[];
  readonly tooOld: TooOld;
};

/** Whose age is not asked after: that of nothing, of the ERP that was read just now, or of anything, by a person's word. */
export type Trusting = 'nothing' | 'erp' | 'all';

export async function releaseCircumstances(
  tx: ReadTransaction | Transaction,
  settings: FlowSettings,
  at: Instant,
  trusting: Trusting = 'nothing',
): Promise<ReleaseCircumstances> {
  const standings = trusting === 'all' ? [] : await sourceStandings(tx, settings, at);
  const tooOld = tooOldToRelease(trusting === 'erp' ? erpRead(standings) : standings);
  return { pending: await pendingShipments(tx), outages: await knownOutages(tx, settings, at), tooOld };
}
