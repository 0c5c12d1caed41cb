import { isFault, type TrackingAnswer, type TrackingEvent, type TrackingReading } from '@quartermaster/domain';
import { readReply, type UpsClient } from './client.ts';
import type { Redact } from './faults.ts';
import { versions } from './limits.ts';
import { meaningOf } from './status-table.ts';
import { isoDay } from './translate.ts';
import { wireTrackedSchema, type WireActivity, type WireEvent, type WirePlace, type WireTrackedShipment } from './wire.ts';

/** UPS tells of one parcel per call. */
export function trackingReading(client: UpsClient, redact: Redact): TrackingReading {
  return {
    atMost: 1,
    async track(trackingNumbers) {
      const answers: TrackingAnswer[] = [];
      for (const trackingNumber of trackingNumbers) answers.push(await trackOne(client, trackingNumber, redact));
      return answers;
    },
  };
}

/** What UPS knows of a parcel. One that it does not know is said so with status 200 and a warning, or with 404. */
export async function trackOne(client: UpsClient, trackingNumber: string, redact: Redact): Promise<TrackingAnswer> {
  try {
    const reply = await client.call({
      operation: 'parcel.track',
      method: 'GET',
      path: `/track/${versions.tracking}/details/${encodeURIComponent(trackingNumber)}?locale=en_US`,
      kind: 'read',
      redact,
    });
    const { shipment } = readReply(wireTrackedSchema, reply, 'parcel.track').trackResponse;
    return answerOf(trackingNumber, shipment);
  } catch (error) {
    if (!isFault(error) || error.facts.vendorCode === undefined || ![400, 404].includes(error.facts.status ?? 0)) throw error;
    return { trackingNumber, events: [], dueOn: null, problem: error.facts.message };
  }
}

/** A parcel's own part of an answer, which tells of its shipment. */
export function answerOf(trackingNumber: string, shipments: readonly WireTrackedShipment[]): TrackingAnswer {
  const parcels = shipments.flatMap((shipment) => shipment.package ?? []);
  const parcel = parcels.find((each) => each.trackingNumber === trackingNumber) ?? parcels[0];
  if (parcel === undefined) {
    const words = shipments.flatMap(({ warnings }) => warnings ?? []).map(({ message }) => message ?? '');
    return { trackingNumber, events: [], dueOn: null, problem: words.join(' ').trim() || 'UPS knows nothing of it.' };
  }
  const dates = parcel.deliveryDate ?? [];
  const due = dates.find(({ type }) => type === 'RDD') ?? dates.find(({ type }) => type === 'SDD');
  return {
    trackingNumber,
    events: (parcel.activity ?? []).flatMap((activity) => eventOf(activity) ?? []),
    dueOn: isoDay(due?.date),
    problem: null,
  };
}

function eventOf({ date, time, gmtDate, gmtTime, status, location }: WireActivity): TrackingEvent | null {
  return eventWith({
    local: [date, time],
    gmt: [gmtDate, gmtTime],
    type: status?.type,
    twoLetters: status?.code,
    code: status?.statusCode,
    text: status?.description,
    place: location?.address,
  });
}

/** What Track Alert pushed, as an answer with one event. */
export function answerOfEvent(event: WireEvent): TrackingAnswer {
  const { activityStatus: status } = event;
  const told = eventWith({
    local: [event.localActivityDate, event.localActivityTime],
    gmt: [event.gmtActivityDate, event.gmtActivityTime],
    type: status.type,
    twoLetters: status.code,
    code: status.descriptionCode,
    text: status.description,
    place: event.activityLocation,
  });
  return {
    trackingNumber: event.trackingNumber,
    events: told === null ? [] : [told],
    dueOn: isoDay(event.scheduledDeliveryDate),
    problem: null,
  };
}

type Moment = readonly [date: string | null | undefined, time: string | null | undefined];

/** An event without a time is none: it could not be put in order. */
function eventWith(given: {
  readonly local: Moment;
  readonly gmt: Moment;
  readonly type: string | null | undefined;
  readonly twoLetters: string | null | undefined;
  readonly code: string | null | undefined;
  readonly text: string | null | undefined;
  readonly place: WirePlace | null | undefined;
}): TrackingEvent | null {
  const utc = instantOf(given.gmt);
  const at = utc ?? instantOf(given.local);
  if (at === null) return null;
  const { state, reason } = meaningOf({ code: given.code, type: given.type });
  const place = [given.place?.city, given.place?.stateProvince, given.place?.countryCode ?? given.place?.country]
    .filter(Boolean)
    .join(', ');
  return {
    at,
    isZoneKnown: utc !== null,
    state,
    reason,
    vendorCode: [given.type, given.twoLetters, given.code].filter(Boolean).join('/') || 'none',
    text: given.text?.trim() ?? '',
    place: place === '' ? null : place,
  };
}

/** `20260423` and `095004` (also with dashes and colons) as an instant; UPS's GMT, or a local time taken for it. */
function instantOf([date, time]: Moment): string | null {
  const [day, clock] = [date, time].map((part) => (part ?? '').replaceAll(/\D/g, ''));
  const parts = /^(\d{4})(\d\d)(\d\d)$/.exec(day ?? '');
  const times = /^(\d\d)(\d\d)(\d\d)?$/.exec(clock ?? '');
  if (parts === null || times === null) return null;
  const ms = Date.parse(`${parts[1]}-${parts[2]}-${parts[3]}T${times[1]}:${times[2]}:${times[3] ?? '00'}.000Z`);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
