import { epochMs, type Clock, type Instant } from '@quartermaster/domain';
import type { Quoted } from './tariff.ts';

/** What a purchase does instead of going well, by the sandbox's own plan. */
export type PurchaseTrouble =
  /** DHL refuses, nothing is made. */
  | 'refused'
  /** HTTP 500, nothing is made. */
  | 'failed'
  /** HTTP 500, and the shipment is made. */
  | 'failed-made'
  /** HTTP 500, and the shipment is made 45 seconds later. */
  | 'late'
  /** HTTP 201 with a warning and without a shipment. */
  | 'warned';

export type StoredShipment = {
  readonly trackingNumber: string;
  readonly references: readonly { readonly typeCode: string; readonly value: string }[];
  readonly price: Quoted;
  readonly madeAt: Instant;
  /** The day that it is handed over on, at its origin. */
  readonly day: string;
  readonly places: { readonly from: string; readonly to: string };
  readonly scans: { readonly what: 'accepted' | 'delivered'; readonly at: Instant }[];
};

export type StoredPickup = { readonly number: string; readonly day: string; isCancelled: boolean };

const lateMs = 45_000;

export type DhlState = ReturnType<typeof dhlState>;

/** All that the sandbox remembers. `findableAfterMs`: for so long a new shipment is not found by its reference. */
export function dhlState({ clock, findableAfterMs }: { readonly clock: Clock; readonly findableAfterMs: number }) {
  const shipments: StoredShipment[] = [];
  const late: { readonly at: number; readonly make: () => void }[] = [];
  const pickups: StoredPickup[] = [];
  const nowMs = () => epochMs(clock.now());

  /** Lets come true what was due by now. */
  function settle(): void {
    while (late[0] !== undefined && late[0].at <= nowMs()) late.shift()?.make();
  }

  function make(given: Omit<StoredShipment, 'trackingNumber' | 'madeAt' | 'scans'>): StoredShipment {
    const shipment: StoredShipment = { ...given, trackingNumber: waybillNumber(shipments.length + 1), madeAt: clock.now(), scans: [] };
    shipments.push(shipment);
    return shipment;
  }

  return {
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
    /** Those of a reference that are handed over from one day to another. */
    byReference(given: {
      readonly value: string;
      readonly typeCode: string;
      readonly from: string;
      readonly to: string;
    }): readonly StoredShipment[] {
      settle();
      return shipments.filter(
        ({ references, day, madeAt }) =>
          references.some(({ value, typeCode }) => value === given.value && typeCode === given.typeCode) &&
          day >= given.from &&
          day <= given.to &&
          nowMs() - epochMs(madeAt) >= findableAfterMs,
      );
    },
    scan(shipment: StoredShipment, what: 'accepted' | 'delivered'): void {
      shipment.scans.push({ what, at: clock.now() });
    },
    book(day: string): StoredPickup {
      const number = `PRG${day.slice(2).replaceAll('-', '')}${String(pickups.length + 1).padStart(6, '0')}`;
      const pickup: StoredPickup = { number, day, isCancelled: false };
      pickups.push(pickup);
      return pickup;
    },
    pickups: (): readonly StoredPickup[] => pickups,
  };
}

/** A waybill number: nine digits, and as the tenth what is left of them by seven, which all numbers in DHL's specification keep to. */
export function waybillNumber(nth: number): string {
  const body = 553_000_000 + nth;
  return `${body}${body % 7}`;
}
