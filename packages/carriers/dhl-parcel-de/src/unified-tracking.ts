import { instantOf, isFault, type TrackingAnswer, type TrackingEvent, type TrackingReading } from '@quartermaster/domain';
import { readReply, type DhlClient } from './client.ts';
import type { Redact } from './faults.ts';
import { paths } from './limits.ts';
import { meaningOfUnified } from './tracking-codes.ts';
import { wireTrackedSchema, type WireEvent, type WireTracked } from './wire.ts';

const operation = 'track.unified';

/** DHL's Shipment Tracking - Unified: one parcel per call, with the key of the app alone. A new app has one call in five seconds and 250 a day. */
export function unifiedTracking(client: DhlClient, redact: Redact): TrackingReading {
  return {
    atMost: 1,
    async track(trackingNumbers) {
      const answers: TrackingAnswer[] = [];
      for (const number of trackingNumbers) answers.push(await trackOne(client, number, redact));
      return answers;
    },
  };
}

async function trackOne(client: DhlClient, trackingNumber: string, redact: Redact): Promise<TrackingAnswer> {
  const query = new URLSearchParams({ trackingNumber, service: 'parcel-de', requesterCountryCode: 'DE', language: 'en' });
  try {
    const reply = await client.call({
      operation,
      method: 'GET',
      path: `${paths.unifiedTracking}?${query.toString()}`,
      kind: 'read',
      as: 'unified-tracking',
      redact,
    });
    const { shipments } = readReply(wireTrackedSchema, reply, operation);
    const shipment = shipments.find(({ id }) => sameNumber(id, trackingNumber));
    if (shipment === undefined) return nothingKnown(trackingNumber, 'DHL answered without the parcel.');
    return { trackingNumber, events: eventsOf(shipment), dueOn: dayOf(shipment.estimatedTimeOfDelivery), problem: null };
  } catch (error) {
    // A parcel is not known until DHL has its data, which is when it is closed or scanned.
    if (!isFault(error) || error.facts.status !== 404) throw error;
    return nothingKnown(trackingNumber, error.facts.message);
  }
}

export function nothingKnown(trackingNumber: string, problem: string): TrackingAnswer {
  return { trackingNumber, events: [], dueOn: null, problem };
}

/** DHL writes a number with and without the leading zeros of its serial shipping container code. */
export function sameNumber(one: string, other: string): boolean {
  const plain = (number: string) => number.trim().toUpperCase().replace(/^0+/, '');
  return plain(one) === plain(other);
}

/** The state of the parcel is the last of its events, but where there are none. */
export function eventsOf({ events, status }: WireTracked): TrackingEvent[] {
  const told = (events ?? []).length > 0 ? (events ?? []) : status ? [status] : [];
  return told.flatMap((event) => {
    const read = eventOf(event);
    return read === null ? [] : [read];
  });
}

/** Null without a time: there is no telling when it was. */
function eventOf({ timestamp, location, statusCode, status, description }: WireEvent): TrackingEvent | null {
  const time = timeOf(timestamp);
  if (time === null) return null;
  const [state, reason] = meaningOfUnified(status ?? '', statusCode ?? '');
  const code = /^[A-Z]{2}$/.test(status ?? '') ? status : statusCode;
  const place = [location?.address?.addressLocality, location?.address?.countryCode].filter((part) => !!part).join(', ');
  return {
    ...time,
    state,
    reason,
    vendorCode: code || 'none',
    text: description ?? status ?? '',
    place: place === '' ? null : place,
  };
}

/** `2026-11-23T09:50:00` is local and has no zone; with `Z` or an offset it has one. */
export function timeOf(text: string | null | undefined): Pick<TrackingEvent, 'at' | 'isZoneKnown'> | null {
  if (!text) return null;
  const isZoneKnown = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text);
  const ms = Date.parse(isZoneKnown ? text : `${text}Z`);
  return Number.isNaN(ms) ? null : { at: instantOf(ms), isZoneKnown };
}

function dayOf(text: string | null | undefined): string | null {
  return /^\d{4}-\d\d-\d\d/.exec(text ?? '')?.[0] ?? null;
}
