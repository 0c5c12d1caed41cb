import { epochMs, instantAt, localDate, type Clock, type Instant } from '@quartermaster/domain';
import { dhlZone } from '../limits.ts';

/** What a purchase does instead of going well, by the sandbox's own plan. */
export type OrderTrouble =
  /** HTTP 500, nothing is made. */
  | 'failed'
  /** HTTP 500, and the shipment is made. */
  | 'failed-made'
  /** HTTP 500, and the shipment is made 45 seconds later. */
  | 'late'
  /** HTTP 207 with a shipment that is refused. */
  | 'refused-in-207'
  /** HTTP 200 with a shipment that is refused. */
  | 'refused-in-200'
  /** HTTP 207 with a shipment whose own status is 500, and the shipment is made. */
  | 'failed-in-207'
  /** The shipment is made, and its label is not in the answer. */
  | 'without-label';

export type StoredShipment = {
  readonly number: string;
  readonly kind: 'shipment' | 'return';
  readonly reference: string;
  readonly product: string;
  readonly shipDate: string;
  readonly city: string;
  readonly madeAt: Instant;
  readonly scans: { readonly what: 'accepted' | 'delivered'; readonly at: Instant }[];
  /** The day on whose manifest it is; null until it is closed. */
  closedOn: string | null;
  deletedAt: Instant | null;
};

const tokenLifeMs = 1_799_000;
const lateMs = 45_000;
/** DHL closes the shipments of a day by itself: when, the account says; 18:00 is the example of the specification. */
const closingTime = '18:00';

export type DhlState = ReturnType<typeof dhlState>;

/** All that the sandbox remembers. */
export function dhlState(clock: Clock) {
  const shipments: StoredShipment[] = [];
  const late: { readonly at: number; readonly make: () => void }[] = [];
  const tokens = new Map<string, number>();
  let numbers = 0;
  const nowMs = () => epochMs(clock.now());

  /** Lets come true what was due by now. */
  function settle(): void {
    while (late[0] !== undefined && late[0].at <= nowMs()) late.shift()?.make();
    for (const shipment of shipments) {
      if (shipment.kind === 'return' || shipment.closedOn !== null || shipment.deletedAt !== null) continue;
      if (nowMs() >= epochMs(instantAt(shipment.shipDate, closingTime, dhlZone))) shipment.closedOn = shipment.shipDate;
    }
  }

  function make(given: Pick<StoredShipment, 'kind' | 'reference' | 'product' | 'shipDate' | 'city'>): StoredShipment {
    numbers += 1;
    const shipment: StoredShipment = {
      ...given,
      number: given.kind === 'return' ? returnNumber(numbers) : shipmentNumber(numbers),
      madeAt: clock.now(),
      scans: [],
      closedOn: null,
      deletedAt: null,
    };
    shipments.push(shipment);
    return shipment;
  }

  return {
    today: () => localDate(clock.now(), dhlZone),
    grantToken(): { readonly token: string; readonly lifeSeconds: number } {
      const token = `sandbox-token-${tokens.size + 1}`;
      tokens.set(token, nowMs() + tokenLifeMs);
      return { token, lifeSeconds: tokenLifeMs / 1_000 };
    },
    tokensGranted: () => tokens.size,
    takesToken: (token: string) => nowMs() < (tokens.get(token) ?? 0),
    make,
    makeLater(given: Parameters<typeof make>[0]): void {
      late.push({ at: nowMs() + lateMs, make: () => void make(given) });
    },
    all(): readonly StoredShipment[] {
      settle();
      return shipments;
    },
    /** With or without the zeros that a number begins with. */
    find(number: string): StoredShipment | null {
      settle();
      const plain = number.replace(/^0+/, '');
      return shipments.find((shipment) => shipment.number.replace(/^0+/, '') === plain) ?? null;
    },
    /** DHL's reason where it does not. */
    delete(shipment: StoredShipment): string | null {
      if (shipment.deletedAt !== null || shipment.kind === 'return') return unknownNumber;
      if (shipment.closedOn !== null) return 'The shipment has been closed and cannot be deleted.';
      shipment.deletedAt = clock.now();
      return null;
    },
    close(shipment: StoredShipment): void {
      shipment.closedOn = localDate(clock.now(), dhlZone);
    },
    manifestOf(day: string): readonly StoredShipment[] {
      settle();
      return shipments.filter(({ closedOn }) => closedOn === day);
    },
  };
}

export const unknownNumber = 'The shipment number is not known.';

/** A serial shipping container code of 20 digits with its check digit, as DHL has it for parcels of business customers. */
function shipmentNumber(nth: number): string {
  const body = `0034043416${String(nth).padStart(9, '0')}`;
  const sum = Array.from(body)
    .toReversed()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

function returnNumber(nth: number): string {
  return `99999${String(nth * 7).padStart(7, '0')}`;
}
