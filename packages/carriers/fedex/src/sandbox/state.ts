import { epochMs, type Clock, type Instant } from '@quartermaster/domain';
import type { Quoted } from './tariff.ts';
import { trackingNumberOf } from './tracking-number.ts';

/** What a confirmation (or a return label) does instead of going well, by the sandbox's own plan. */
export type PurchaseTrouble =
  /** FedEx refuses, and the shipment stays open. */
  | 'refused'
  /** The same with a status of success: the piece is not `successful`. */
  | 'refused-as-success'
  /** HTTP 503, nothing is made. */
  | 'failed'
  /** HTTP 503, and the label is made. */
  | 'failed-made'
  /** HTTP 503, and the label is made 45 seconds later. */
  | 'late';

/** What a shipment is made of, open or not. */
export type ShipmentDraft = {
  readonly service: string;
  readonly references: readonly string[];
  readonly price: Quoted;
  readonly isReturn: boolean;
  readonly isGround: boolean;
  readonly destination: { readonly city: string; readonly state: string; readonly country: string };
};

export type OpenShipment = ShipmentDraft & {
  readonly index: string;
  readonly trackingNumber: string;
  readonly openedAt: Instant;
  /** As it was asked for. */
  readonly requested: Readonly<Record<string, unknown>>;
};

export type StoredShipment = ShipmentDraft & {
  readonly trackingNumber: string;
  readonly madeAt: Instant;
  readonly scans: { readonly what: 'accepted' | 'delivered'; readonly at: Instant }[];
  cancelledAt: Instant | null;
  isClosed: boolean;
};

export type StoredPickup = {
  readonly code: string;
  readonly company: string;
  readonly date: string;
  readonly location: string | null;
  isCancelled: boolean;
};

const tokenLifeMs = 3_600_000;
const lateMs = 45_000;
/** "At the end of the fifth day, the shipment must be confirmed, or it will be purged" (FedEx, "Open Ship API"). */
const openMs = 5 * 86_400_000;

export type FedexState = ReturnType<typeof fedexState>;

/** All that the sandbox remembers. `limit`: so many requests in any stretch of that length. */
export function fedexState(given: {
  readonly clock: Clock;
  readonly limit: { readonly requests: number; readonly perMs: number };
  readonly tracksAfterMs: number;
}) {
  const { clock, limit } = given;
  const open = new Map<string, OpenShipment>();
  const shipments: StoredShipment[] = [];
  const late: { readonly at: number; readonly make: () => void }[] = [];
  const tokens = new Map<string, number>();
  const pickups: StoredPickup[] = [];
  let requests: number[] = [];
  let pushed: string[] = [];
  let numbers = 0;
  const nowMs = () => epochMs(clock.now());

  /** Lets come true what was due by now, and purges what was open for too long. */
  function settle(): void {
    while (late[0] !== undefined && late[0].at <= nowMs()) late.shift()?.make();
    for (const [index, { openedAt }] of open) if (nowMs() - epochMs(openedAt) > openMs) open.delete(index);
  }

  function make(draft: ShipmentDraft, trackingNumber = trackingNumberOf((numbers += 1))): StoredShipment {
    const shipment: StoredShipment = { ...draft, trackingNumber, madeAt: clock.now(), scans: [], cancelledAt: null, isClosed: false };
    shipments.push(shipment);
    return shipment;
  }

  /** Makes a label of an open shipment; null where it is not open any more. */
  function confirm(index: string): StoredShipment | null {
    const found = open.get(index);
    if (found === undefined) return null;
    open.delete(index);
    const { service, references, price, isReturn, isGround, destination } = found;
    return make({ service, references, price, isReturn, isGround, destination }, found.trackingNumber);
  }

  const isTracked = (shipment: StoredShipment) => shipment.scans.length > 0 || nowMs() - epochMs(shipment.madeAt) >= given.tracksAfterMs;

  return {
    /** False where it is one request too many. */
    admit(): boolean {
      requests = [...requests.filter((at) => nowMs() - at < limit.perMs), nowMs()];
      return requests.length <= limit.requests;
    },
    grantToken(): { readonly token: string; readonly lifeSeconds: number } {
      const token = `sandbox-token-${tokens.size + 1}`;
      tokens.set(token, nowMs() + tokenLifeMs);
      return { token, lifeSeconds: tokenLifeMs / 1_000 };
    },
    tokensGranted: () => tokens.size,
    isGoodToken: (token: string): boolean => nowMs() < (tokens.get(token) ?? 0),
    /** Null where the index is taken by a shipment that is open. One that was confirmed gives its index free: the harder case, FedEx says nothing of it. */
    open(index: string, requested: Readonly<Record<string, unknown>>, draft: ShipmentDraft): OpenShipment | null {
      settle();
      if (open.has(index)) return null;
      const made: OpenShipment = { ...draft, index, trackingNumber: trackingNumberOf((numbers += 1)), openedAt: clock.now(), requested };
      open.set(index, made);
      return made;
    },
    openBy(index: string): OpenShipment | null {
      settle();
      return open.get(index) ?? null;
    },
    allOpen(): readonly OpenShipment[] {
      settle();
      return [...open.values()];
    },
    confirm,
    make,
    cancel(shipment: StoredShipment): void {
      shipment.cancelledAt = clock.now();
    },
    later(work: () => void): void {
      late.push({ at: nowMs() + lateMs, make: work });
    },
    all(): readonly StoredShipment[] {
      settle();
      return shipments;
    },
    byNumber(trackingNumber: string): StoredShipment | null {
      settle();
      return shipments.find((shipment) => shipment.trackingNumber === trackingNumber) ?? null;
    },
    trackedByNumber(trackingNumber: string): StoredShipment | null {
      settle();
      return shipments.find((shipment) => shipment.trackingNumber === trackingNumber && isTracked(shipment)) ?? null;
    },
    trackedByReference(reference: string): readonly StoredShipment[] {
      settle();
      return shipments.filter((shipment) => shipment.references.includes(reference) && isTracked(shipment));
    },
    scan(shipment: StoredShipment, what: 'accepted' | 'delivered', push: (shipment: StoredShipment) => string): void {
      shipment.scans.push({ what, at: clock.now() });
      pushed.push(push(shipment));
    },
    takePushed(): readonly string[] {
      const taken = pushed;
      pushed = [];
      return taken;
    },
    book(company: string, date: string): StoredPickup {
      const pickup: StoredPickup = {
        code: `NQAA${String(pickups.length + 1).padStart(2, '0')}`,
        company,
        date,
        location: company === 'FDXE' ? 'NQAA' : null,
        isCancelled: false,
      };
      pickups.push(pickup);
      return pickup;
    },
    pickups: (): readonly StoredPickup[] => pickups,
    /** The labels of Ground that the end of the day takes on. */
    close(): readonly StoredShipment[] {
      settle();
      const closing = shipments.filter(({ isGround, isClosed, cancelledAt }) => isGround && !isClosed && cancelledAt === null);
      for (const shipment of closing) shipment.isClosed = true;
      return closing;
    },
  };
}
