import { seededRandom } from '@quartermaster/connector-kit/sandbox';
import { epochMs, type Clock, type Instant } from '@quartermaster/domain';
import type { ReturnRequest, ShipmentRequest } from './requests.ts';
import type { SandboxOption, SandboxPrice } from './tariff.ts';

/** What goes wrong once, at the next call that it is about. */
export type SandboxTrouble =
  /** A purchase is refused with 400; nothing is kept. */
  | 'refused'
  /** 500 and nothing was done. */
  | 'broken'
  /** 504, and the label was made. */
  | 'broken-bought'
  /** 504, and the shipment is there only 45 seconds later; meanwhile its reference is taken and finds none. */
  | 'slow'
  /** 201 with errors of the carrier and `ANNOUNCEMENT_FAILED`; the reference is used up. */
  | 'failed-label'
  /** 201 with `ANNOUNCING`: the label is there 30 seconds later. */
  | 'announcing'
  /** 409 to a cancellation. */
  | 'cancel-refused'
  /** 202 to a cancellation, which is done an hour later. */
  | 'cancel-queued';

export type ParcelStatus =
  | 'ANNOUNCING'
  | 'READY_TO_SEND'
  | 'ANNOUNCEMENT_FAILED'
  | 'CANCELLING'
  | 'CANCELLED'
  | 'PICKED_UP_BY_DRIVER'
  | 'DELIVERED';

export const statusFacts: Readonly<Record<ParcelStatus, { readonly id: number; readonly message: string }>> = {
  ANNOUNCING: { id: 1001, message: 'Being announced' },
  READY_TO_SEND: { id: 1000, message: 'Ready to send' },
  ANNOUNCEMENT_FAILED: { id: 1002, message: 'Announcement failed' },
  CANCELLING: { id: 2001, message: 'Submitting cancellation request' },
  CANCELLED: { id: 2000, message: 'Cancelled' },
  PICKED_UP_BY_DRIVER: { id: 22, message: 'Shipment picked up by driver' },
  DELIVERED: { id: 11, message: 'Delivered' },
};

export type StoredParcel = {
  readonly id: number;
  readonly option: SandboxOption;
  readonly price: SandboxPrice;
  readonly trackingNumber: string;
  readonly createdAt: Instant;
  /** From when it can be found at all. */
  readonly visibleAt: number;
  /** From when it has its label. */
  readonly announcedAt: number;
  status: ParcelStatus;
  cancelAt: number | null;
  scans: { readonly at: Instant; readonly code: string; readonly text: string }[];
};
export type StoredShipment = StoredParcel & { readonly kind: 'shipment'; readonly uuid: string; readonly request: ShipmentRequest };
export type StoredReturn = StoredParcel & { readonly kind: 'return'; readonly returnId: number; readonly request: ReturnRequest };

const slowMs = 45_000;
const announcingMs = 30_000;
const queuedCancelMs = 60 * 60_000;
const cancelMs = 42 * 24 * 60 * 60_000;

export type SendcloudState = ReturnType<typeof sendcloudState>;

/** All that the sandbox remembers: shipments and returns, each of one parcel. */
export function sendcloudState({
  clock,
  seed,
  tell,
}: {
  readonly clock: Clock;
  readonly seed: number;
  readonly tell: (parcel: StoredShipment | StoredReturn) => void;
}) {
  const random = seededRandom(seed);
  const stored: (StoredShipment | StoredReturn)[] = [];
  let armed: SandboxTrouble | null = null;
  let nextId = 383_707_000;

  const now = () => epochMs(clock.now());

  function parcelOf(option: SandboxOption, price: SandboxPrice, trouble: SandboxTrouble | null): StoredParcel {
    nextId += 1;
    const visibleAt = now() + (trouble === 'slow' ? slowMs : 0);
    const status = trouble === 'failed-label' ? 'ANNOUNCEMENT_FAILED' : trouble === 'announcing' ? 'ANNOUNCING' : 'READY_TO_SEND';
    return {
      id: nextId,
      option,
      price,
      trackingNumber: status === 'ANNOUNCEMENT_FAILED' ? '' : `3SYZXG${String(Math.floor(random() * 1e9)).padStart(9, '0')}`,
      createdAt: clock.now(),
      visibleAt,
      announcedAt: visibleAt + (trouble === 'announcing' ? announcingMs : 0),
      status,
      cancelAt: null,
      scans: [],
    };
  }

  function settle(): void {
    for (const parcel of stored) {
      if (parcel.status === 'ANNOUNCING' && parcel.announcedAt <= now()) set(parcel, 'READY_TO_SEND');
      if (parcel.status === 'CANCELLING' && parcel.cancelAt !== null && parcel.cancelAt <= now()) set(parcel, 'CANCELLED');
    }
  }

  function set(parcel: StoredShipment | StoredReturn, status: ParcelStatus): void {
    parcel.status = status;
    tell(parcel);
  }

  const visible = () => stored.filter(({ visibleAt }) => visibleAt <= now());

  return {
    settle,
    arm: (trouble: SandboxTrouble) => {
      armed = trouble;
    },
    /** Whether it is this that goes wrong now; then it does so no more. */
    meets(...troubles: SandboxTrouble[]): SandboxTrouble | null {
      if (armed === null || !troubles.includes(armed)) return null;
      const met = armed;
      armed = null;
      return met;
    },
    makeShipment(request: ShipmentRequest, option: SandboxOption, price: SandboxPrice, trouble: SandboxTrouble | null): StoredShipment {
      const parcel = parcelOf(option, price, trouble);
      const uuid = `00000000-0000-4000-8000-${String(parcel.id).padStart(12, '0')}`;
      const made: StoredShipment = { ...parcel, kind: 'shipment', uuid, request };
      stored.push(made);
      tell(made);
      return made;
    },
    makeReturn(request: ReturnRequest, option: SandboxOption, price: SandboxPrice, trouble: SandboxTrouble | null): StoredReturn {
      const parcel = parcelOf(option, price, trouble);
      const made: StoredReturn = { ...parcel, kind: 'return', returnId: parcel.id - 383_000_000, request };
      stored.push(made);
      tell(made);
      return made;
    },
    /** Also one that cannot be found yet: its reference is taken. */
    holderOf: (externalReference: string) =>
      stored.find((one) => one.kind === 'shipment' && one.request.external_reference_id === externalReference) ?? null,
    shipments: () => visible().filter((one) => one.kind === 'shipment'),
    returns: () => visible().filter((one) => one.kind === 'return'),
    all: () => stored,
    cancel(parcel: StoredShipment | StoredReturn): 'cancelled' | 'queued' | 'already' | 'too-late' | 'gone' {
      if (parcel.status === 'CANCELLED' || parcel.status === 'CANCELLING') return 'already';
      if (now() - epochMs(parcel.createdAt) > cancelMs) return 'too-late';
      if (parcel.status !== 'READY_TO_SEND' || parcel.scans.length > 0) return 'gone';
      if (this.meets('cancel-queued') !== null || parcel.kind === 'return') {
        parcel.cancelAt = now() + queuedCancelMs;
        set(parcel, 'CANCELLING');
        return 'queued';
      }
      set(parcel, 'CANCELLED');
      return 'cancelled';
    },
    scan(parcel: StoredShipment | StoredReturn, what: 'accepted' | 'delivered'): void {
      const text = what === 'accepted' ? 'Parcel has been accepted by the carrier.' : 'Parcel has been delivered.';
      parcel.scans.push({ at: clock.now(), code: what, text });
      set(parcel, what === 'accepted' ? 'PICKED_UP_BY_DRIVER' : 'DELIVERED');
    },
  };
}
