import type { Instant, TrackingAnswer } from '@quartermaster/domain';
import { scanOf, stepParcel, trackingStanding, type ParcelNews } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import type { FlowContext } from '../context.ts';
import { raiseConcerns, settleConcerns } from './parcel-exceptions.ts';
import { putParcel, type StoredParcel } from './parcels.ts';

/** What is kept of an answer beside its words. */
export function newsOf(by: ParcelNews['by'], { events, dueOn }: Pick<TrackingAnswer, 'events' | 'dueOn'>): ParcelNews {
  return { by, scans: events.map(scanOf), dueOn };
}

/** Keeps what was heard of a parcel (null: only time has passed), and tells people of it as far as they must see to it; an event where it moved. */
export async function takeNews(
  tx: Transaction,
  context: Pick<FlowContext, 'settings' | 'log'>,
  stored: StoredParcel,
  { news, ...by }: { readonly news: ParcelNews | null; readonly tells: boolean; readonly asks?: boolean; readonly now: Instant },
): Promise<void> {
  const { now } = by;
  const { key, parcel: before } = stored;
  const step = stepParcel(before, news, by);
  const { parcel, standing, raised, settled } = step;
  await putParcel(tx, context.settings, stored, { ...step, at: now });
  await settleConcerns(tx, parcel, settled, { at: now, reason: `it is ${standing.state} now` });
  await raiseConcerns(tx, context, parcel, raised, now);
  const was = trackingStanding(before.scans);
  const { connection } = parcel;
  if (was.state !== standing.state || was.reason !== standing.reason) {
    const { state, reason } = standing;
    context.log({ at: now, event: 'parcel.moved', parcel: key, order: parcel.order, connection, state, reason });
  }
  for (const code of standing.unknownCodes.filter((each) => !was.unknownCodes.includes(each)))
    context.log({ at: now, event: 'parcel.code-unknown', connection, code });
}
