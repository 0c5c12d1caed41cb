import {
  compareText,
  addDays,
  dayOfWeek,
  epochMs,
  instantAt,
  localDate,
  trackingStates,
  type Instant,
  type TrackingEvent,
  type TrackingReason,
  type TrackingState,
} from '@quartermaster/domain';

/** Where a parcel stands by all that was heard of it. */
export type TrackingStanding = {
  /** Never `info`; `unknown` only while nothing else was heard. */
  readonly state: TrackingState;
  readonly reason: TrackingReason | null;
  /** When it came to that state; null while nothing was heard. */
  readonly since: Instant | null;
  /** The newest thing that was heard, whatever it was. */
  readonly heardAt: Instant | null;
  /** Codes of the carrier that we have no word for, each once: a table is out of date. */
  readonly unknownCodes: readonly string[];
};

/** A parcel's way ends here, but for coming back. */
const endings: readonly TrackingState[] = ['delivered', 'returned', 'lost', 'cancelled'];

/** Whether a parcel's way ends with this state; it may still come back. */
export function isTrackingOver(state: TrackingState): boolean {
  return endings.includes(state);
}

/** What the standing of a parcel follows from. */
export type Scanned = Pick<TrackingEvent, 'at' | 'state' | 'reason' | 'vendorCode'>;

/**
 * Where a parcel stands: the last thing that happened to it, by the time at which it happened and not by that at which we heard of it, since carriers tell out of order and twice. What only
 * informs and what is not understood changes nothing. After an ending only the way back goes on, and what was lost may be found. The same events in any order give the same standing.
 */
export function trackingStanding(events: readonly Scanned[]): TrackingStanding {
  const inTime = inTimeOrder(events);
  const heardAt = inTime.at(-1)?.at ?? null;
  const unknownCodes = [...new Set(inTime.filter(({ state }) => state === 'unknown').map(({ vendorCode }) => vendorCode))].sort();
  const before: Pick<TrackingStanding, 'state' | 'reason' | 'since'> = { state: 'unknown', reason: null, since: null };
  const now = inTime.reduce(
    (standing, { state, reason, at }) =>
      !moves(standing.state, state) ? standing : { state, reason, since: state === standing.state ? standing.since : at },
    before,
  );
  return { ...now, heardAt, unknownCodes };
}

/** Scans in the order in which they happened. Of those of the same time the one that is further on counts as later. */
export function inTimeOrder<Scan extends Scanned>(scans: readonly Scan[]): Scan[] {
  return scans.toSorted(byTime);
}

function moves(from: TrackingState, to: TrackingState): boolean {
  if (to === 'info' || to === 'unknown') return false;
  if (!isTrackingOver(from)) return true;
  if (from === 'lost') return to !== 'label-created' && to !== 'cancelled';
  return to === 'return-in-transit' || to === 'returned';
}

function byTime(one: Scanned, other: Scanned): number {
  return (
    compareText(one.at, other.at) ||
    trackingStates.indexOf(one.state) - trackingStates.indexOf(other.state) ||
    compareText(one.reason ?? '', other.reason ?? '') ||
    compareText(one.vendorCode, other.vendorCode)
  );
}

export type TrackingAlarm = 'not-handed-over' | 'silent' | 'promise-passed';

export type TrackingWatch = {
  /** A parcel is handed over within so many hours of working days after its label was bought. */
  readonly handOverHours: number;
  /** Of one that is under way something is heard within so many days. */
  readonly silentDays: number;
};

/** The usual patience: a working day, and five days. */
export const usualTrackingWatch: TrackingWatch = { handOverHours: 24, silentDays: 5 };

/** What somebody should look at of a parcel that has not ended. `promisedOn` is an ISO day at the destination, `zone` that of the node: its Saturdays and Sundays do not count. */
export function trackingAlarms(
  { state, heardAt }: Pick<TrackingStanding, 'state' | 'heardAt'>,
  given: { readonly labelledAt: Instant; readonly promisedOn: string | null; readonly now: Instant; readonly zone: string },
  watch: TrackingWatch = usualTrackingWatch,
): TrackingAlarm[] {
  if (isTrackingOver(state)) return [];
  const { labelledAt, promisedOn, now, zone } = given;
  const isHandedOver = state !== 'label-created' && state !== 'unknown';
  const isLate = !isHandedOver && workingMs(labelledAt, now, zone) > watch.handOverHours * hourMs;
  const isSilent = isHandedOver && heardAt !== null && epochMs(now) - epochMs(heardAt) > watch.silentDays * 24 * hourMs;
  const isPassed = promisedOn !== null && localDate(now, zone) > promisedOn;
  return [
    ...(isLate ? ['not-handed-over' as const] : []),
    ...(isSilent ? ['silent' as const] : []),
    ...(isPassed ? ['promise-passed' as const] : []),
  ];
}

const hourMs = 3_600_000;

/** Milliseconds of Mondays to Fridays between two instants, by the calendar of a zone. */
function workingMs(from: Instant, until: Instant, zone: string): number {
  let sum = 0;
  for (let day = localDate(from, zone); day <= localDate(until, zone); day = addDays(day, 1)) {
    if (dayOfWeek(day) > 5) continue;
    const begins = Math.max(epochMs(from), epochMs(instantAt(day, '00:00', zone)));
    const ends = Math.min(epochMs(until), epochMs(instantAt(addDays(day, 1), '00:00', zone)));
    sum += Math.max(0, ends - begins);
  }
  return sum;
}

/** After how long a parcel is asked after again where the carrier does not tell by itself; null: not any more. By its state and by the time since its label was bought. */
export function trackAgainInMs(state: TrackingState, ageMs: number): number | null {
  if (isTrackingOver(state) || ageMs > 45 * 24 * hourMs) return null;
  if (state === 'out-for-delivery') return hourMs;
  return state === 'label-created' || state === 'unknown' ? 12 * hourMs : 6 * hourMs;
}
