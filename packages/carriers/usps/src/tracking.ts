import { isFault, type TrackingAnswer, type TrackingEvent, type TrackingReading } from '@quartermaster/domain';
import { readReply, type UspsClient } from './client.ts';
import { isRefusal, type Redact } from './faults.ts';
import { meaningOf } from './status-table.ts';
import { wireTrackedSchema, type WireEvent, type WireTracked } from './wire.ts';

/** USPS tells of one parcel per call. */
export function trackingReading(client: UspsClient, redact: Redact): TrackingReading {
  return {
    atMost: 1,
    async track(trackingNumbers) {
      const answers: TrackingAnswer[] = [];
      for (const trackingNumber of trackingNumbers) answers.push(await trackOne(client, trackingNumber, redact));
      return answers;
    },
  };
}

async function trackOne(client: UspsClient, trackingNumber: string, redact: Redact): Promise<TrackingAnswer> {
  const operation = 'parcel.track';
  try {
    const reply = await client.call({
      operation,
      method: 'GET',
      path: `/tracking/v3/tracking/${encodeURIComponent(trackingNumber)}?expand=DETAIL`,
      kind: 'read',
      redact,
    });
    return answerOf(trackingNumber, readReply(wireTrackedSchema, reply, operation));
  } catch (error) {
    if (!isFault(error) || !isRefusal(error)) throw error;
    return { trackingNumber, events: [], dueOn: null, problem: error.facts.message };
  }
}

/** What USPS says of a parcel. Events without a time are none: they could not be put in order. */
export function answerOf(trackingNumber: string, tracked: WireTracked): TrackingAnswer {
  const due = tracked.expectedDeliveryTimeStamp ?? tracked.predictedDeliveryDate ?? '';
  return {
    trackingNumber,
    events: (tracked.trackingEvents ?? []).flatMap((event) => eventOf(event) ?? []),
    dueOn: /^\d{4}-\d\d-\d\d/.exec(due)?.[0] ?? null,
    problem: null,
  };
}

function eventOf(event: WireEvent): TrackingEvent | null {
  const moment = momentOf(event);
  if (moment === null) return null;
  const { state, reason } = meaningOf(event.eventCode, event.eventType);
  const place = [event.eventCity, event.eventState, event.eventCountry].filter(Boolean).join(', ');
  return {
    ...moment,
    state,
    reason,
    vendorCode: event.eventCode || 'none',
    text: event.eventType?.trim() ?? '',
    place: place === '' ? null : place,
  };
}

/** By Greenwich where USPS tells it, or by the offset of the place; else the local time, which USPS writes with a Z (its own example of 2023 has 07:31 in Richmond so). */
function momentOf({ GMTTimestamp, GMTOffset, eventTimestamp }: WireEvent): Pick<TrackingEvent, 'at' | 'isZoneKnown'> | null {
  const utc = instantIn(GMTTimestamp, 'Z');
  if (utc !== null) return { at: utc, isZoneKnown: true };
  const [, sign, hours, minutes] = /^([+-]?)(\d{1,2}):?(\d\d)$/.exec(GMTOffset?.trim() ?? '') ?? [];
  if (hours !== undefined) {
    const at = instantIn(eventTimestamp, `${sign === '-' ? '-' : '+'}${hours.padStart(2, '0')}:${minutes}`);
    if (at !== null) return { at, isZoneKnown: true };
  }
  const local = instantIn(eventTimestamp, 'Z');
  return local === null ? null : { at: local, isZoneKnown: false };
}

/** Date and time of a text, whatever zone it claims, in the given one. */
function instantIn(text: string | null | undefined, offset: string): string | null {
  const [, date, time] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)/.exec(text ?? '') ?? [];
  const ms = Date.parse(`${date}T${time?.padEnd(8, ':00')}${offset}`);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
