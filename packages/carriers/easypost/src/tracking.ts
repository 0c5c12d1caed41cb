import type { TrackingAnswer, TrackingEvent, TrackingReading } from '@quartermaster/domain';
import type { EasyPostClient } from './client.ts';
import { stateOf } from './tracking-states.ts';
import type { WireTracker, WireTrackingDetail } from './wire.ts';

/**
 * Reads the trackers that EasyPost keeps of the labels bought there, one listing per number. It makes none: a tracker of a foreign number costs money, and needs a carrier that a number alone
 * does not tell.
 */
export function trackingReading(client: EasyPostClient, redact: (text: string) => string): TrackingReading {
  return {
    atMost: 1,
    async track(trackingNumbers) {
      const answers: TrackingAnswer[] = [];
      for (const trackingNumber of trackingNumbers) {
        const trackers = await client.trackersOf(trackingNumber, redact);
        const tracker = trackers.find(({ tracking_code }) => tracking_code === trackingNumber);
        answers.push(tracker === undefined ? unknownNumber(trackingNumber) : answerOf(tracker));
      }
      return answers;
    },
  };
}

export function answerOf(tracker: WireTracker): TrackingAnswer {
  const due = tracker.carrier_detail?.est_delivery_date_local ?? tracker.est_delivery_date ?? '';
  return {
    trackingNumber: tracker.tracking_code,
    events: tracker.tracking_details.map(eventOf),
    dueOn: /^\d{4}-\d\d-\d\d/.exec(due)?.[0] ?? null,
    problem: tracker.status === 'error' ? 'EasyPost cannot follow this parcel: the number or the carrier is wrong.' : null,
  };
}

function eventOf(detail: WireTrackingDetail): TrackingEvent {
  const status = detail.status ?? 'unknown';
  const place = detail.tracking_location;
  const where = [place?.city, place?.state, place?.country].filter(Boolean).join(', ');
  return {
    at: detail.datetime,
    isZoneKnown: true,
    ...stateOf(status, detail.status_detail ?? null),
    vendorCode: detail.status_detail ? `${status}/${detail.status_detail}` : status,
    text: detail.message ?? '',
    place: where === '' ? null : where,
  };
}

function unknownNumber(trackingNumber: string): TrackingAnswer {
  return { trackingNumber, events: [], dueOn: null, problem: 'EasyPost has no tracker of this number.' };
}
