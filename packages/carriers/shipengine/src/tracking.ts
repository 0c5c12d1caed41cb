import { instantOf, type TrackingAnswer, type TrackingEvent, type TrackingReading } from '@quartermaster/domain';
import type { Redact, ShipEngineClient } from './client.ts';
import { meaningOf } from './tracking-status.ts';
import { dayOf } from './translate.ts';
import type { WireTrackEvent, WireTracking } from './wire.ts';

/**
 * Reads what happened to parcels, one by one. ShipEngine follows a number by its carrier, which a number alone does not tell; so the label of the number is looked up first, and only parcels with a
 * label of this account are followed.
 */
export function trackingReading(client: ShipEngineClient, redact: Redact): TrackingReading {
  /** Which label a number belongs to does not change. */
  const labels = new Map<string, string>();

  async function labelIdOf(trackingNumber: string): Promise<string | null> {
    const known = labels.get(trackingNumber);
    if (known !== undefined) return known;
    const label = await client.labelOfNumber(trackingNumber, redact);
    if (label === null) return null;
    if (labels.size >= mostLabels) labels.clear();
    labels.set(trackingNumber, label.label_id);
    return label.label_id;
  }

  return {
    atMost: 1,
    async track(trackingNumbers) {
      const answers: TrackingAnswer[] = [];
      for (const trackingNumber of trackingNumbers) {
        const labelId = await labelIdOf(trackingNumber);
        answers.push(
          labelId === null
            ? { trackingNumber, events: [], dueOn: null, problem: 'No label of this account has this number.' }
            : { ...trackingAnswerOf(await client.tracking(labelId, redact)), trackingNumber },
        );
      }
      return answers;
    },
  };
}

/** So many are remembered before all are forgotten: they can be looked up again. */
const mostLabels = 50_000;

/** ShipEngine's answer in our words. A parcel that no carrier has seen yet has no events and no problem. */
export function trackingAnswerOf(wire: WireTracking): TrackingAnswer {
  return {
    trackingNumber: wire.tracking_number,
    events: wire.events.flatMap((event) => eventOf(event) ?? []),
    dueOn: dayOf(wire.estimated_delivery_date),
    problem: wire.status_code === 'UN' && wire.events.length === 0 ? 'The carrier knows nothing of this number.' : null,
  };
}

/**
 * `carrier_occurred_at` is the local time of the carrier's. Where `occurred_at` shows the same digits as UTC, ShipEngine did not know the zone and took the local time for UTC. An event without a
 * time that can be read is none.
 */
function eventOf(event: WireTrackEvent): TrackingEvent | null {
  const at = Date.parse(/(Z|[-+]\d{2}:?\d{2})$/.test(event.occurred_at) ? event.occurred_at : `${event.occurred_at}Z`);
  if (Number.isNaN(at)) return null;
  const { state, reason } = meaningOf(event.status_code, event.status_detail_code);
  const place = [event.city_locality, event.state_province, event.country_code].filter(
    (part) => part !== null && part !== undefined && part !== '',
  );
  return {
    at: instantOf(at),
    isZoneKnown: isZoneKnown(event),
    state,
    reason,
    vendorCode: event.status_detail_code || event.status_code || event.event_code || 'none',
    text: event.description || event.carrier_status_description || '',
    place: place.length === 0 ? null : place.join(', '),
  };
}

function isZoneKnown({ occurred_at: at, carrier_occurred_at: local }: WireTrackEvent): boolean {
  if (!/(Z|[-+]\d{2}:?\d{2})$/.test(at)) return false;
  return !local || /[-+]\d{2}:?\d{2}$/.test(local) || local.slice(0, 19) !== at.slice(0, 19);
}
