import { isFault, type TrackingAnswer, type TrackingEvent, type TrackingReading } from '@quartermaster/domain';
import { readReply, type DhlClient } from './client.ts';
import { isRefusal, type Redact } from './faults.ts';
import { dayOf } from './moments.ts';
import { meaningOf } from './status-table.ts';
import { wireTrackingSchema, type WireEvent, type WireTracked } from './wire.ts';

/**
 * DHL is asked parcel by parcel, though it answers for up to two hundred at once: only the call for one tells the offset of each event's time (`requestGMTOffsetPerEvent`), without which a parcel that
 * crosses zones arrives before it leaves.
 */
export function trackingReading(client: DhlClient, redact: Redact): TrackingReading {
  return {
    atMost: 1,
    async track(trackingNumbers) {
      const answers: TrackingAnswer[] = [];
      for (const trackingNumber of trackingNumbers) answers.push(await trackOne(client, trackingNumber, redact));
      return answers;
    },
  };
}

async function trackOne(client: DhlClient, trackingNumber: string, redact: Redact): Promise<TrackingAnswer> {
  const operation = 'parcel.track';
  try {
    const reply = await client({
      operation,
      method: 'GET',
      path: `/shipments/${encodeURIComponent(trackingNumber)}/tracking`,
      query: { trackingView: 'all-checkpoints', levelOfDetail: 'shipment', requestGMTOffsetPerEvent: 'true' },
      kind: 'read',
      redact,
    });
    return answerOf(trackingNumber, readReply(wireTrackingSchema, reply, operation).shipments ?? []);
  } catch (error) {
    if (!isFault(error) || !isRefusal(error)) throw error;
    return { trackingNumber, events: [], dueOn: null, problem: error.facts.message };
  }
}

/** A shipment's own part of an answer. */
export function answerOf(trackingNumber: string, shipments: readonly WireTracked[]): TrackingAnswer {
  const shipment = shipments.find((each) => each.shipmentTrackingNumber === trackingNumber);
  if (shipment === undefined) return { trackingNumber, events: [], dueOn: null, problem: 'DHL knows nothing of it.' };
  return {
    trackingNumber,
    events: (shipment.events ?? []).flatMap((event) => eventOf(event) ?? []),
    dueOn: dayOf(shipment.estimatedDeliveryDate),
    problem: null,
  };
}

/** An event without a time is none: it could not be put in order. */
function eventOf({ date, time, GMTOffset, typeCode, description, serviceArea }: WireEvent): TrackingEvent | null {
  const offset = offsetOf(GMTOffset);
  const ms = Date.parse(`${date ?? ''}T${time ?? ''}${offset ?? 'Z'}`);
  if (Number.isNaN(ms)) return null;
  const { state, reason } = meaningOf(typeCode);
  return {
    at: new Date(ms).toISOString(),
    isZoneKnown: offset !== null,
    state,
    reason,
    vendorCode: typeCode?.trim() || 'none',
    text: state === 'delivered' ? withoutSigner(description ?? '') : (description ?? '').trim(),
    place: serviceArea?.[0]?.description?.trim() || null,
  };
}

/** `Delivered : ALBY H` names who signed, which nobody needs to keep. */
function withoutSigner(description: string): string {
  return (description.split(':')[0] ?? '').replace(/[\s-]+$/, '').trim();
}

/** `+08:00`, also where DHL writes `GMT+08:00` or `+0800`; null where it says nothing. */
function offsetOf(text: string | null | undefined): string | null {
  const [, sign, hours, minutes] = /^(?:GMT|UTC)?\s*([+-])(\d\d):?(\d\d)$/.exec(text?.trim() ?? '') ?? [];
  return sign === undefined ? null : `${sign}${hours}:${minutes}`;
}
