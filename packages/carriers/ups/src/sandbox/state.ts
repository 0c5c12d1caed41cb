import { epochMs, instantOf, type Clock, type Instant } from '@quartermaster/domain';
import type { Quoted } from './tariff.ts';
import { trackingNumberOf } from './tracking-number.ts';

/** What a purchase does instead of going well, by the sandbox's own plan. */
export type PurchaseTrouble =
  /** UPS refuses, nothing is made. */
  | 'refused'
  /** HTTP 500, nothing is made. */
  | 'failed'
  /** HTTP 500, and the label is made. */
  | 'failed-made'
  /** HTTP 500, and the label is made 45 seconds later. */
  | 'late';

export type StoredShipment = {
  readonly trackingNumber: string;
  readonly references: readonly string[];
  readonly service: string;
  readonly price: Quoted;
  readonly madeAt: Instant;
  readonly isReturn: boolean;
  readonly destination: { readonly city: string; readonly state: string; readonly country: string };
  readonly scans: { readonly what: 'accepted' | 'delivered'; readonly at: Instant }[];
  voidedAt: Instant | null;
};

export type StoredPickup = { readonly prn: string; readonly reference: string | null; readonly date: string; isCancelled: boolean };
export type PushedEvent = { readonly body: string };

const tokenLifeMs = 14_399_000;
const lateMs = 45_000;
const subscriptionMs = 14 * 86_400_000;
/** Labels may be given back for so long; the sandbox's own choice, for UPS's API documents name no period. */
const voidMs = 90 * 86_400_000;

export type UpsState = ReturnType<typeof upsState>;

/** All that the sandbox remembers. */
export function upsState({ clock, accountNumber }: { readonly clock: Clock; readonly accountNumber: string }) {
  const shipments: StoredShipment[] = [];
  const late: { readonly at: number; readonly make: () => void }[] = [];
  const tokens = new Map<string, number>();
  const subscriptions = new Map<string, number>();
  const pickups: StoredPickup[] = [];
  let pushed: PushedEvent[] = [];
  let numbers = 0;
  const nowMs = () => epochMs(clock.now());

  /** Lets come true what was due by now. */
  function settle(): void {
    while (late[0] !== undefined && late[0].at <= nowMs()) late.shift()?.make();
  }

  function make(given: Pick<StoredShipment, 'references' | 'service' | 'price' | 'isReturn' | 'destination'>): StoredShipment {
    numbers += 1;
    const shipment: StoredShipment = {
      ...given,
      trackingNumber: trackingNumberOf({ account: accountNumber, service: given.service, number: numbers }),
      madeAt: clock.now(),
      scans: [],
      voidedAt: null,
    };
    shipments.push(shipment);
    return shipment;
  }

  return {
    grantToken(): { readonly token: string; readonly lifeSeconds: number } {
      const token = `sandbox-token-${tokens.size + 1}`;
      tokens.set(token, nowMs() + tokenLifeMs);
      return { token, lifeSeconds: tokenLifeMs / 1_000 };
    },
    tokensGranted: () => tokens.size,
    /** Null is a token that nobody gave out. */
    tokenStanding(token: string): 'good' | 'expired' | null {
      const until = tokens.get(token);
      return until === undefined ? null : nowMs() < until ? 'good' : 'expired';
    },
    make,
    makeLater(given: Parameters<typeof make>[0]): void {
      late.push({ at: nowMs() + lateMs, make: () => void make(given) });
    },
    all(): readonly StoredShipment[] {
      settle();
      return shipments;
    },
    byNumber(trackingNumber: string): StoredShipment | null {
      settle();
      return shipments.find((shipment) => shipment.trackingNumber === trackingNumber) ?? null;
    },
    byReference(reference: string): readonly StoredShipment[] {
      settle();
      return shipments.filter(({ references }) => references.includes(reference));
    },
    /** UPS's code of the refusal, or null where it is voided now. */
    void(shipment: StoredShipment): '190117' | '190102' | '190103' | null {
      if (shipment.voidedAt !== null) return '190117';
      if (shipment.scans.length > 0) return '190103';
      if (nowMs() - epochMs(shipment.madeAt) > voidMs) return '190102';
      shipment.voidedAt = clock.now();
      return null;
    },
    scan(shipment: StoredShipment, what: 'accepted' | 'delivered', push: (shipment: StoredShipment, at: Instant) => string): void {
      const at = clock.now();
      shipment.scans.push({ what, at });
      if ((subscriptions.get(shipment.trackingNumber) ?? 0) > nowMs()) pushed.push({ body: push(shipment, at) });
    },
    subscribe(trackingNumber: string): Instant {
      const until = nowMs() + subscriptionMs;
      subscriptions.set(trackingNumber, until);
      return instantOf(until);
    },
    takePushed(): readonly PushedEvent[] {
      const taken = pushed;
      pushed = [];
      return taken;
    },
    book(reference: string | null, date: string): StoredPickup {
      const pickup: StoredPickup = { prn: `29${String(pickups.length + 1).padStart(9, '0')}`, reference, date, isCancelled: false };
      pickups.push(pickup);
      return pickup;
    },
    pickups: (): readonly StoredPickup[] => pickups,
  };
}
