import type { Instant } from '@quartermaster/domain';
import type { FollowedParcel, ParcelConcern, ParcelConcernCode } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import { ownerOf, type FlowContext } from '../context.ts';
import { parcelSubject } from './parcels.ts';

/** Tells people what they should look at of a parcel. */
export async function raiseConcerns(
  tx: Transaction,
  { settings }: Pick<FlowContext, 'settings'>,
  parcel: FollowedParcel,
  concerns: readonly ParcelConcern[],
  at: Instant,
): Promise<void> {
  const subjectKey = parcelSubject(parcel);
  for (const { code, reason } of concerns) await tx.exceptions.raise({ code, subjectKey, owner: ownerOf(settings, code), reason, at });
}

/** Takes back what has settled itself. */
export async function settleConcerns(
  tx: Transaction,
  parcel: FollowedParcel,
  codes: readonly ParcelConcernCode[],
  { at, reason }: { readonly at: Instant; readonly reason: string },
): Promise<void> {
  const subjectKey = parcelSubject(parcel);
  for (const code of codes) await tx.exceptions.resolve({ code, subjectKey }, { by: 'quartermaster', reason, at });
}
