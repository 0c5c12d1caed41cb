import { ConnectorFault, instantAt, type TrackingAnswer, type TrackingEvent, type TrackingReading } from '@quartermaster/domain';
import type { DhlClient } from './client.ts';
import { connector, type Redact } from './faults.ts';
import { dhlZone, parcelTrackingBatch, paths } from './limits.ts';
import { meaningOfPair } from './tracking-codes.ts';
import { nothingKnown, sameNumber } from './unified-tracking.ts';
import { readElements, xmlText, type XmlElement } from './xml.ts';

/** Who asks: a user of the business customer portal with the right to track, or the one that DHL gave out for it. */
export type TrackingUser = { readonly user: string; readonly password: string };

const operation = 'track.parcel';

/**
 * DHL Parcel DE Tracking (`d-get-piece-detail`): twenty parcels of one's own account per call, with event and reason of each scan. It speaks XML, asked for in the address and answered with status
 * 200 whatever came of it.
 */
export function parcelTracking(client: DhlClient, asker: TrackingUser, redact: Redact): TrackingReading {
  return {
    atMost: parcelTrackingBatch,
    async track(trackingNumbers) {
      const answers: TrackingAnswer[] = [];
      for (let from = 0; from < trackingNumbers.length; from += parcelTrackingBatch)
        answers.push(...(await trackSome(client, asker, trackingNumbers.slice(from, from + parcelTrackingBatch), redact)));
      return answers;
    },
  };
}

async function trackSome(
  client: DhlClient,
  asker: TrackingUser,
  numbers: readonly string[],
  redact: Redact,
): Promise<readonly TrackingAnswer[]> {
  const xml = questionOf(asker, numbers);
  const { text } = await client.call({
    operation,
    method: 'GET',
    path: `${paths.parcelTracking}?xml=${encodeURIComponent(xml)}`,
    kind: 'read',
    as: 'parcel-tracking',
    redact,
  });
  const elements = readElements(text);
  const list = elements.find(({ name }) => name === 'piece-shipment-list');
  if (list === undefined) throw strange('the answer is no list of shipments');
  const code = list.attributes['code'] ?? '';
  if (wrongLogin.includes(code)) throw notLetIn(code);
  if (code !== '0' && code !== nothingFound && code !== noData) throw strange(`DHL answered with code ${code}`, code);
  return numbers.map((number) => answerOf(number, elements));
}

/** Login failed, too many failed logins, not authorized. */
const wrongLogin = ['5', '6', '62'];
const nothingFound = '100';
const noData = '200';

export function questionOf(asker: TrackingUser, numbers: readonly string[]): string {
  const attributes = {
    appname: asker.user,
    'language-code': 'en',
    password: asker.password,
    'piece-code': numbers.join(';'),
    request: 'd-get-piece-detail',
  };
  const text = Object.entries(attributes).map(([name, value]) => ` ${name}="${xmlText(value)}"`);
  return `<?xml version="1.0" encoding="UTF-8" standalone="no"?><data${text.join('')} />`;
}

/** A shipment and, up to the next one, its events. */
function answerOf(trackingNumber: string, elements: readonly XmlElement[]): TrackingAnswer {
  const at = elements.findIndex(
    ({ name, attributes }) =>
      name === 'piece-shipment' &&
      ['searched-piece-code', 'piece-code', 'piece-identifier'].some((key) => sameNumber(attributes[key] ?? '', trackingNumber)),
  );
  const shipment = elements[at];
  if (shipment === undefined) return nothingKnown(trackingNumber, 'DHL knows no parcel of this account with that number.');
  const status = shipment.attributes['error-status'] ?? '0';
  if (status !== '0') return nothingKnown(trackingNumber, `DHL knows nothing of the parcel (${status}).`);
  const behind = elements.slice(at + 1);
  const end = behind.findIndex(({ name }) => name === 'piece-shipment');
  const own = behind.slice(0, end === -1 ? behind.length : end).filter(({ name }) => name === 'piece-event');
  const due = germanDay(shipment.attributes['delivery-date'] ?? '');
  return { trackingNumber, events: own.flatMap(eventOf), dueOn: due, problem: null };
}

/** Times are those of German clocks. */
function eventOf({ attributes }: XmlElement): TrackingEvent[] {
  const [, day = '', time = ''] = /^(\d\d\.\d\d\.\d{4}) (\d\d:\d\d)$/.exec(attributes['event-timestamp'] ?? '') ?? [];
  const date = germanDay(day);
  if (date === null) return [];
  const [ice = '', ric = '', standard = ''] = [attributes['ice'], attributes['ric'], attributes['standard-event-code']];
  const [state, reason] = meaningOfPair(ice, ric, standard);
  const place = [attributes['event-location'], attributes['event-country']].filter((part) => !!part).join(', ');
  return [
    {
      at: instantAt(date, time, dhlZone),
      isZoneKnown: true,
      state: attributes['ruecksendung'] === 'true' && state === 'delivered' ? 'returned' : state,
      reason,
      vendorCode: ice === '' ? standard || 'none' : `${ice}/${ric}`,
      text: attributes['event-status'] ?? attributes['event-short-status'] ?? '',
      place: place === '' ? null : place,
    },
  ];
}

/** `18.03.2016`, or the ISO day itself. */
function germanDay(text: string): string | null {
  const [, day, month, year] = /^(\d\d)\.(\d\d)\.(\d{4})/.exec(text) ?? [];
  if (year !== undefined) return `${year}-${month}-${day}`;
  return /^\d{4}-\d\d-\d\d/.exec(text)?.[0] ?? null;
}

function notLetIn(code: string): ConnectorFault {
  return new ConnectorFault('unauthorized', {
    connector,
    operation,
    outcome: 'not-applied',
    retry: { kind: 'never' },
    vendorCode: code,
    message: 'DHL does not take the user of the tracking',
    advice:
      'Compare user and password with those that DHL gave out for Parcel DE Tracking. Too many failed tries lock the user for a while.',
  });
}

function strange(message: string, vendorCode?: string): ConnectorFault {
  return new ConnectorFault('malformed-reply', {
    connector,
    operation,
    outcome: 'not-applied',
    retry: { kind: 'safely' },
    message,
    ...(vendorCode === undefined ? {} : { vendorCode }),
  });
}
