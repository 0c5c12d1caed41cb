import { epochMs, type Clock, type TrackingAnswer, type TrackingEvent, type TrackingReading } from '@quartermaster/domain';
import type { ShippoClient } from './client.ts';
import type { Redact } from './faults.ts';
import { labelSearch } from './limits.ts';
import { meaningOf } from './tracking-states.ts';
import type { WireTrack, WireTrackingStatus } from './wire.ts';

/**
 * Reads what happened to parcels, one by one. Shippo follows a number by its carrier, which a number alone does not tell: so the label is looked for among the newest of the account, and its rate
 * tells the carrier. What was seen on the way is remembered, so that one look through the labels serves all numbers.
 */
export function trackingReading(client: ShippoClient, clock: Clock, redact: Redact): TrackingReading {
  const rateOfNumber = new Map<string, string>();
  const carrierOfAccount = new Map<string, string>();
  let searchedAt: number | null = null;

  async function rateIdOf(trackingNumber: string): Promise<string | null> {
    const known = rateOfNumber.get(trackingNumber);
    if (known !== undefined) return known;
    const now = epochMs(clock.now());
    if (searchedAt !== null && now - searchedAt < labelSearch.restMs) return await newest(trackingNumber);
    for (let page = 1; page <= labelSearch.pages; page++) if (await learn(page)) break;
    searchedAt = now;
    return rateOfNumber.get(trackingNumber) ?? null;
  }

  /** A label that was bought since the last look through all is on the first page. */
  async function newest(trackingNumber: string): Promise<string | null> {
    await learn(1);
    return rateOfNumber.get(trackingNumber) ?? null;
  }

  /** Remembers the labels of a page; true for the last one. */
  async function learn(page: number): Promise<boolean> {
    const { items, isLast } = await client.transactions(page, redact);
    if (rateOfNumber.size >= mostNumbers) rateOfNumber.clear();
    for (const { tracking_number: number, rate } of items) if (number && rate) rateOfNumber.set(number, rate);
    return isLast;
  }

  async function carrierOf(rateId: string): Promise<string | null> {
    const account = (await client.rate(rateId, redact)).carrier_account;
    if (!account) return null;
    const known = carrierOfAccount.get(account);
    if (known !== undefined) return known;
    const { carrier } = await client.account(account, redact);
    carrierOfAccount.set(account, carrier);
    return carrier;
  }

  async function answerFor(trackingNumber: string): Promise<TrackingAnswer> {
    const rateId = await rateIdOf(trackingNumber);
    if (rateId === null) return unknown(trackingNumber, 'None of the newest labels of this account has this number.');
    const carrier = await carrierOf(rateId);
    if (carrier === null) return unknown(trackingNumber, 'Shippo does not say which carrier has this number.');
    const track = await client.track(carrier, trackingNumber, redact);
    return track === null ? unknown(trackingNumber, 'The carrier knows nothing of this number.') : { ...answerOf(track), trackingNumber };
  }

  return {
    atMost: 1,
    async track(trackingNumbers) {
      const answers: TrackingAnswer[] = [];
      for (const trackingNumber of trackingNumbers) answers.push(await answerFor(trackingNumber));
      return answers;
    },
  };
}

/** So many are remembered before all are forgotten: they can be looked up again. */
const mostNumbers = 50_000;

/** Shippo's answer in our words. The latest status is told twice, and counts once. */
export function answerOf(track: WireTrack): TrackingAnswer {
  const latest = track.tracking_status ?? null;
  const isTold = latest === null || track.tracking_history.some((status) => isSame(status, latest));
  return {
    trackingNumber: track.tracking_number,
    events: [...track.tracking_history, ...(isTold ? [] : [latest])].map(eventOf),
    dueOn: /^\d{4}-\d\d-\d\d/.exec(track.eta ?? '')?.[0] ?? null,
    problem: null,
  };
}

/** The two copies of one status do not always have one id, nor one fraction of a second. */
function isSame(one: WireTrackingStatus, other: WireTrackingStatus): boolean {
  const textOf = ({ status, status_date: at, status_details: text }: WireTrackingStatus) =>
    `${at.slice(0, 19)} ${status ?? ''} ${text ?? ''}`;
  return (one.object_id !== null && one.object_id === other.object_id) || textOf(one) === textOf(other);
}

function eventOf({ status, substatus, status_date, status_details, location }: WireTrackingStatus): TrackingEvent {
  const place = [location?.city, location?.state, location?.country].filter(Boolean).join(', ');
  const code = substatus?.code ?? null;
  return {
    at: status_date,
    isZoneKnown: true,
    ...meaningOf(status ?? '', code),
    vendorCode: [status ?? 'none', code].filter(Boolean).join('/'),
    text: status_details || substatus?.text || '',
    place: place === '' ? null : place,
  };
}

function unknown(trackingNumber: string, problem: string): TrackingAnswer {
  return { trackingNumber, events: [], dueOn: null, problem };
}
