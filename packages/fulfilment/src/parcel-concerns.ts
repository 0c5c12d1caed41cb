import { epochMs, type Instant, type TrackingReason } from '@quartermaster/domain';
import {
  isTrackingOver,
  trackAgainInMs,
  trackingAlarms,
  type TrackingAlarm,
  type TrackingStanding,
  type TrackingWatch,
} from './tracking.ts';

/** Every code under which a parcel asks for a person. */
export const parcelConcernCodes = [
  'parcel-not-handed-over',
  'parcel-silent',
  'parcel-late',
  'parcel-stopped',
  'parcel-lost',
  'parcel-coming-back',
  'parcel-cancelled',
] as const;
export type ParcelConcernCode = (typeof parcelConcernCodes)[number];

/** What each of them means, for people. */
export const parcelConcernMeanings: Readonly<Record<ParcelConcernCode, string>> = {
  'parcel-not-handed-over': 'A label was bought a working day ago, and the carrier has not seen the parcel.',
  'parcel-silent': 'A parcel is under way, and the carrier has told nothing of it for days.',
  'parcel-late': 'The day that the customer was promised is over, and the parcel has not arrived.',
  'parcel-stopped': 'The carrier cannot deliver a parcel as things are: address, refusal, customs, damage or the like.',
  'parcel-lost': 'The carrier has lost a parcel.',
  'parcel-coming-back': 'A parcel comes back, or has come back, undelivered.',
  'parcel-cancelled': 'The carrier says that a label which is in use was cancelled.',
};

/** Something about a parcel that somebody should look at, and in one sentence why. */
export type ParcelConcern = { readonly code: ParcelConcernCode; readonly reason: string };

type Watched = {
  readonly trackingNumber: string;
  readonly labelledAt: Instant;
  readonly promisedOn: string | null;
  readonly zone: string;
};

/** What somebody should look at of a parcel, at most once each; nothing once it has moved on. */
export function parcelConcerns(
  parcel: Watched,
  standing: TrackingStanding,
  { now, watch }: { readonly now: Instant; readonly watch: TrackingWatch },
): ParcelConcern[] {
  const { trackingNumber, labelledAt, promisedOn, zone } = parcel;
  const { state, reason, heardAt } = standing;
  const at = standing.since === null ? '' : ` since ${standing.since}`;
  const because = reason === null ? '' : ` (${reasonInWords(reason)})`;
  const told = (code: ParcelConcernCode, what: string): ParcelConcern => ({ code, reason: `parcel ${trackingNumber} ${what}` });
  const lasting: ParcelConcern[] =
    state === 'exception'
      ? [told('parcel-stopped', `is stopped${because}${at}`)]
      : state === 'lost'
        ? [told('parcel-lost', `is lost${at}`)]
        : state === 'return-in-transit' || state === 'returned'
          ? [told('parcel-coming-back', `${state === 'returned' ? 'has come back' : 'comes back'}${because}${at}`)]
          : state === 'cancelled'
            ? [told('parcel-cancelled', `is cancelled at the carrier${at}`)]
            : [];
  const alarms = trackingAlarms(standing, { labelledAt, promisedOn, now, zone }, watch);
  const sentences: Readonly<Record<TrackingAlarm, ParcelConcern>> = {
    'not-handed-over': told('parcel-not-handed-over', `was not handed over: its label is of ${labelledAt}`),
    silent: told('parcel-silent', `is ${state}, and nothing was heard of it since ${heardAt ?? labelledAt}`),
    'promise-passed': told('parcel-late', `was promised for ${promisedOn ?? 'earlier'} and is ${state}`),
  };
  const isOver = trackAgainInMs(state, epochMs(now) - epochMs(labelledAt)) === null && !isTrackingOver(state);
  const givenUp = isOver ? [told('parcel-silent', `is ${state} after so long a time, and is followed no more`)] : [];
  const late = alarms.filter((alarm) => !(isOver && alarm === 'silent')).map((alarm) => sentences[alarm]);
  return [...lasting, ...givenUp, ...late];
}

function reasonInWords(reason: TrackingReason): string {
  return reason.replaceAll('-', ' ');
}
