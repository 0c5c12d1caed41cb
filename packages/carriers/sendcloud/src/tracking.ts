import { instantOf, type TrackingAnswer, type TrackingEvent, type TrackingReading } from '@quartermaster/domain';
import type { SendcloudClient } from './client.ts';
import type { Redact } from './faults.ts';
import { meaningOf, statusNameOf } from './status-table.ts';
import type { WireTrackEvent, WireTracking } from './wire.ts';

/** Sendcloud tells of one parcel per call. */
export function trackingReading(client: SendcloudClient, redact: Redact): TrackingReading {
  return {
    atMost: 1,
    async track(trackingNumbers) {
      const answers: TrackingAnswer[] = [];
      for (const trackingNumber of trackingNumbers) {
        const found = await client.tracking(trackingNumber, redact);
        answers.push(
          found === null
            ? { trackingNumber, events: [], dueOn: null, problem: 'Sendcloud knows no parcel of this number.' }
            : answerOf(trackingNumber, found, redact),
        );
      }
      return answers;
    },
  };
}

function answerOf(trackingNumber: string, { details, events }: WireTracking, redact: Redact): TrackingAnswer {
  return {
    trackingNumber,
    events: events.flatMap((event) => eventOf(event, redact) ?? []),
    dueOn: /^\d{4}-\d{2}-\d{2}/.exec(details?.expected_delivery_date ?? '')?.[0] ?? null,
    problem: null,
  };
}

/** The finer code is taken where it is one that we know and tells more than that all is well. An event without a time that can be read is none. */
function eventOf(
  { event_at: at, status_code: code, sub_status_code: subCode, status_description: text }: WireTrackEvent,
  redact: Redact,
): TrackingEvent | null {
  const isZoneKnown = /(Z|[-+]\d{2}:?\d{2})$/.test(at ?? '');
  const ms = Date.parse(isZoneKnown ? (at ?? '') : `${at ?? ''}Z`);
  if (Number.isNaN(ms)) return null;
  const told = [subCode, code, text].find((one) => one && meaningOf(one).state !== 'unknown') ?? code ?? text ?? '';
  return {
    at: instantOf(ms),
    isZoneKnown,
    ...meaningOf(told),
    vendorCode: (told === text ? code : statusNameOf(told)) || statusNameOf(told) || 'none',
    text: redact(text ?? ''),
    place: null,
  };
}
