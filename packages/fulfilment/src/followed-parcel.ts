import { epochMs, instantOf, instantSchema, trackingEventSchema, type Instant, type TrackingEvent } from '@quartermaster/domain';
import { z } from 'zod';
import { parcelConcernCodes, parcelConcerns, type ParcelConcern, type ParcelConcernCode } from './parcel-concerns.ts';
import {
  inTimeOrder,
  isTrackingOver,
  trackAgainInMs,
  trackingStanding,
  usualTrackingWatch,
  type TrackingStanding,
  type TrackingWatch,
} from './tracking.ts';

/** What is kept of a scan. Its words and its town may be somebody's: they stand apart, in the vault. */
export const parcelScanSchema = trackingEventSchema.pick({ at: true, isZoneKnown: true, state: true, reason: true, vendorCode: true });
export type ParcelScan = z.infer<typeof parcelScanSchema>;

const daySchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** A parcel with a bought label, from its purchase until it has arrived, come back, is lost or given up. Without personal data. */
export const followedParcelSchema = z.object({
  /** Key of its order. */
  order: z.string().min(1),
  shipmentId: z.string().min(1),
  /** Its number within the shipment. */
  parcel: z.int().positive(),
  subject: z.string().min(1),
  /** Connection of the carrier that the label was bought from. */
  connection: z.string().min(1),
  trackingNumber: z.string().min(1),
  /** The carrier's own id of the label. */
  labelRef: z.string().min(1),
  /** The service as the carrier calls it. */
  service: z.string(),
  /** IANA zone of the node that it leaves from: its Saturdays and Sundays do not count. */
  zone: z.string().min(1),
  labelledAt: instantSchema,
  /** Until when the customer should have it. */
  promisedOn: daySchema.nullable(),
  /** The label is used no more: whatever is told of it means nothing. */
  isWithdrawn: z.boolean(),
  /** In order of time; bounded, see {@link keptScans}. */
  scans: z.array(parcelScanSchema),
  /** ISO day on which the carrier means to deliver it. */
  dueOn: daySchema.nullable(),
  /** When the carrier was last asked. */
  askedAt: instantSchema.nullable(),
  /** When the carrier last told something by itself. */
  toldAt: instantSchema.nullable(),
  /** Until when the carrier tells by itself, where that is asked for parcel by parcel (`endsAt` null: for good); null where it was not taken. */
  push: z.object({ endsAt: instantSchema.nullable() }).nullable(),
  /** What somebody was told of and that still is so. */
  concerns: z.array(z.enum(parcelConcernCodes)),
});
export type FollowedParcel = z.infer<typeof followedParcelSchema>;

/** What came of looking at a parcel. */
export type ParcelStep = {
  readonly parcel: FollowedParcel;
  readonly standing: TrackingStanding;
  /** What somebody is to be told of now, and what has settled itself. */
  readonly raised: readonly ParcelConcern[];
  readonly settled: readonly ParcelConcernCode[];
  /** When the carrier is to be asked, and when somebody has to look at it at the latest; null: not any more. */
  readonly askAt: Instant | null;
  readonly lookAt: Instant | null;
};

/** What was heard: by asking (`asked`), or because the carrier told it (`told`); null when only time has passed. */
export type ParcelNews = {
  readonly by: 'asked' | 'told';
  readonly scans: readonly ParcelScan[];
  readonly dueOn: string | null;
};

/** A carrier that tells by itself is asked so many times as seldom, for what it may have forgotten to tell. */
const seldomWhenTold = 4;
/** So often somebody looks whether a parcel is late, whoever tells of it. */
const lookEveryMs = 12 * 3_600_000;

/**
 * Takes in what was heard of a parcel, and looks at what time has made of it. The same news in any order and however often leave the same scans and standing. `tells`: the carrier's own messages
 * come these days, so it is asked seldom; `asks` false: it can never be asked.
 */
export function stepParcel(
  before: FollowedParcel,
  news: ParcelNews | null,
  {
    now,
    tells,
    asks = true,
    watch = usualTrackingWatch,
  }: { readonly now: Instant; readonly tells: boolean; readonly asks?: boolean; readonly watch?: TrackingWatch },
): ParcelStep {
  const heard: FollowedParcel =
    news === null
      ? before
      : {
          ...before,
          scans: keptScans([...before.scans, ...news.scans]),
          dueOn: news.dueOn !== null && daySchema.safeParse(news.dueOn).success ? news.dueOn : before.dueOn,
          ...(news.by === 'asked' ? { askedAt: now } : { toldAt: now }),
        };
  const standing = trackingStanding(heard.scans);
  const found = heard.isWithdrawn ? [] : parcelConcerns(heard, standing, { now, watch });
  const codes = found.map(({ code }) => code);
  const parcel = { ...heard, concerns: codes };
  const askAt = askAgainAt(parcel, standing, { now, tells });
  return {
    parcel,
    standing,
    raised: found.filter(({ code }) => !before.concerns.includes(code)),
    settled: before.concerns.filter((code) => !codes.includes(code)),
    askAt,
    lookAt: askAt === null ? null : instantOf(Math.min(asks ? epochMs(askAt) : Infinity, epochMs(now) + lookEveryMs)),
  };
}

/** When the carrier is to be asked, which may be now; null when nobody follows the parcel any more. */
function askAgainAt(
  { isWithdrawn, labelledAt, askedAt, toldAt }: FollowedParcel,
  { state }: TrackingStanding,
  { now, tells }: { readonly now: Instant; readonly tells: boolean },
): Instant | null {
  const everyMs = trackAgainInMs(state, epochMs(now) - epochMs(labelledAt));
  if (isWithdrawn || everyMs === null) return null;
  const heardMs = Math.max(...[labelledAt, askedAt, toldAt].flatMap((at) => (at === null ? [] : [epochMs(at)])));
  return instantOf(heardMs + everyMs * (tells ? seldomWhenTold : 1));
}

/** How many scans of a parcel are kept: the first and the last of those on the way, and the last of those that may end it. */
const kept = { first: 10, last: 30, decisive: 20 };

/**
 * The scans of a parcel in order of time, each once, and not without bound: of a carrier that tells a thousand times what is told in between is left out, and where the parcel stands stays the same.
 * What is kept of all is kept of any part with the rest added, in whatever order.
 */
export function keptScans(scans: readonly ParcelScan[]): ParcelScan[] {
  const once = [...new Map(scans.map((scan) => [identityOf(scan), scan] as const))].sort(([one], [other]) => (one < other ? -1 : 1));
  const inOrder = inTimeOrder(once.map(([, scan]) => scan));
  const decisive = inOrder.filter(({ state }) => isDecisive(state)).slice(-kept.decisive);
  const others = inOrder.filter(({ state }) => !isDecisive(state));
  const some = others.length <= kept.first + kept.last ? others : [...others.slice(0, kept.first), ...others.slice(-kept.last)];
  return inTimeOrder([...decisive, ...some]);
}

function isDecisive(state: ParcelScan['state']): boolean {
  return isTrackingOver(state) || state === 'return-in-transit';
}

/** A carrier may tell the same with other words, and at times with the zone and at times without. */
function identityOf({ at, isZoneKnown, state, reason, vendorCode }: ParcelScan): string {
  return JSON.stringify([at, isZoneKnown, state, reason, vendorCode]);
}

/** What is kept of what a carrier said. Codes come short. */
export function scanOf({ at, isZoneKnown, state, reason, vendorCode }: TrackingEvent): ParcelScan {
  return { at: instantOf(epochMs(at)), isZoneKnown, state, reason, vendorCode: vendorCode.slice(0, 80) };
}
