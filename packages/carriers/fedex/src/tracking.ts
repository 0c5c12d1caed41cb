import type { TrackingAnswer, TrackingEvent, TrackingReading } from '@quartermaster/domain';
import { readReply, type FedexClient } from './client.ts';
import type { Redact } from './faults.ts';
import { mostTracked } from './limits.ts';
import { meaningOf } from './status-table.ts';
import { isoDay } from './translate.ts';
import { wireTrackedSchema, type WireCompleteTrack, type WireScan, type WireTrackResult } from './wire.ts';

/** FedEx tells of thirty parcels in one call. */
export function trackingReading(client: FedexClient, redact: Redact): TrackingReading {
  return {
    atMost: mostTracked,
    async track(trackingNumbers) {
      const distinct = [...new Set(trackingNumbers)];
      const answers = new Map<string, TrackingAnswer>();
      for (let from = 0; from < distinct.length; from += mostTracked) {
        const asked = distinct.slice(from, from + mostTracked);
        const told = await trackMany(client, asked, redact);
        for (const number of asked) answers.set(number, answerOf(number, told));
      }
      return trackingNumbers.map((number) => answers.get(number) ?? answerOf(number, []));
    },
  };
}

/** Days of shipping, as ISO days; FedEx uses numbers again, so who knows when a parcel was sent should say it. */
export type ShipDays = { readonly shipDateBegin: string; readonly shipDateEnd: string };

/** What FedEx knows of up to thirty numbers. */
export async function trackMany(
  client: FedexClient,
  trackingNumbers: readonly string[],
  redact: Redact,
  days?: ShipDays,
): Promise<readonly WireCompleteTrack[]> {
  const operation = 'parcel.track';
  const reply = await client.call({
    operation,
    method: 'POST',
    path: '/track/v1/trackingnumbers',
    body: {
      includeDetailedScans: true,
      trackingInfo: trackingNumbers.map((trackingNumber) => ({ trackingNumberInfo: { trackingNumber }, ...days })),
    },
    kind: 'read',
    redact,
  });
  return readReply(wireTrackedSchema, reply, operation).output.completeTrackResults ?? [];
}

/** A parcel's own part of an answer. FedEx uses numbers again after some time: of several parcels the one counts that was heard of last. */
export function answerOf(trackingNumber: string, told: readonly WireCompleteTrack[]): TrackingAnswer {
  const results = told.filter((one) => one.trackingNumber === trackingNumber).flatMap((one) => one.trackResults ?? []);
  const answers = results
    .filter(({ error }) => !error)
    .map((result) => ({ events: (result.scanEvents ?? []).flatMap((scan) => eventOf(scan) ?? []), dueOn: dueOnOf(result) }))
    .toSorted((left, right) => (lastOf(left.events) < lastOf(right.events) ? 1 : -1));
  const [latest] = answers;
  const problem = results.find(({ error }) => error)?.error?.message?.trim() || 'FedEx knows nothing of it.';
  return latest === undefined ? { trackingNumber, events: [], dueOn: null, problem } : { trackingNumber, ...latest, problem: null };
}

function lastOf(events: readonly TrackingEvent[]): string {
  return events.reduce((last, { at }) => (at > last ? at : last), '');
}

function dueOnOf({ dateAndTimes, estimatedDeliveryTimeWindow }: WireTrackResult): string | null {
  const times = dateAndTimes ?? [];
  const due = times.find(({ type }) => type === 'ESTIMATED_DELIVERY') ?? times.find(({ type }) => type === 'COMMITMENT');
  return isoDay(due?.dateTime ?? estimatedDeliveryTimeWindow?.window?.ends);
}

/** An event without a time is none: it could not be put in order. */
function eventOf(scan: WireScan): TrackingEvent | null {
  const at = instantOf(scan.date);
  if (at === null) return null;
  const place = [scan.scanLocation?.city, scan.scanLocation?.stateOrProvinceCode, scan.scanLocation?.countryCode]
    .filter(Boolean)
    .join(', ');
  return {
    ...at,
    ...meaningOf([scan.eventType, scan.derivedStatusCode]),
    vendorCode: [scan.eventType ?? scan.derivedStatusCode, scan.exceptionCode].filter(Boolean).join('/') || 'none',
    text: [scan.eventDescription ?? scan.derivedStatus, scan.exceptionDescription].filter(Boolean).join(': '),
    place: place === '' ? null : place,
  };
}

/** `2026-11-25T12:01:00-07:00` as an instant; a time without a zone is local and taken for UTC. */
function instantOf(text: string | null | undefined): Pick<TrackingEvent, 'at' | 'isZoneKnown'> | null {
  if (!/^\d{4}-\d\d-\d\dT/.test(text ?? '')) return null;
  const isZoneKnown = /(Z|[+-]\d\d:?\d\d)$/.test(text ?? '');
  const ms = Date.parse(isZoneKnown ? (text ?? '') : `${text}Z`);
  return Number.isNaN(ms) ? null : { at: new Date(ms).toISOString(), isZoneKnown };
}
