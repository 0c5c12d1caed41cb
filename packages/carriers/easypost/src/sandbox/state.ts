import { seededRandom } from '@quartermaster/connector-kit/sandbox';
import { epochMs, instantOf, type Clock, type Instant, type LabelFormat, type Money } from '@quartermaster/domain';
import { accountOf, offerOf, type SandboxTariff } from './tariff.ts';

export type StoredRate = {
  readonly id: string;
  readonly tariff: SandboxTariff;
  readonly price: Money;
  readonly days: number | null;
};

export type StoredAddress = Readonly<Record<string, string>> & { readonly country: string };

export type StoredShipment = {
  readonly id: string;
  readonly reference: string | null;
  readonly createdAt: Instant;
  readonly from: StoredAddress;
  readonly to: StoredAddress;
  readonly parcel: {
    readonly weight: number;
    readonly length?: number | undefined;
    readonly width?: number | undefined;
    readonly height?: number | undefined;
  };
  readonly options: Readonly<Record<string, unknown>>;
  /** Then `from` and `to` are those of the way out, and the parcel goes from `to` to `from`. */
  readonly isReturn: boolean;
  readonly customs: Readonly<Record<string, unknown>> | null;
  readonly accounts: readonly string[] | null;
  readonly currency: string;
  readonly format: LabelFormat;
  rates: readonly StoredRate[];
  messages: readonly { readonly carrier: string; readonly account: string; readonly message: string }[];
  /** A purchase that the carrier has not answered yet: it comes true at `doneAt`. */
  underway: { readonly rate: StoredRate; readonly doneAt: Instant } | null;
  bought: { readonly rate: StoredRate; readonly trackingCode: string; readonly at: Instant } | null;
  refund: { status: 'submitted' | 'refunded' | 'rejected' | 'not_applicable'; readonly at: Instant } | null;
  scanned: boolean;
  scanFormId: string | null;
  /** Formats that the label was turned into since. */
  readonly converted: Set<LabelFormat>;
};

/** What a purchase does instead of going well, by the sandbox's own plan. */
export type PurchaseTrouble =
  /** The carrier refuses: `SHIPMENT.POSTAGE.FAILURE`, nothing bought. */
  | 'refused'
  /** The carrier does not answer and did nothing: `SHIPMENT.POSTAGE.TIMED_OUT`. */
  | 'timed-out'
  /** The carrier does not answer but made the label: `SHIPMENT.POSTAGE.NO_RESPONSE`. */
  | 'timed-out-bought'
  /** The same, but the label is there only 45 seconds later; meanwhile `SHIPMENT.PURCHASE.IN_PROGRESS`. */
  | 'slow';

/** EasyPost answers refunds of USPS after some 15 days (shipping refund guide). */
const refundTakesMs = 15 * 86_400_000;
const slowPurchaseMs = 45_000;

export type EasyPostState = ReturnType<typeof easypostState>;

/** All that the sandbox remembers, and the state machine of a shipment: rated, (under way,) bought, refunded. */
export function easypostState(given: {
  readonly clock: Clock;
  readonly currency: string;
  readonly tariffs: readonly SandboxTariff[];
  readonly seed: number;
}) {
  const { clock } = given;
  const random = seededRandom(given.seed);
  const shipments = new Map<string, StoredShipment>();
  let tariffs = given.tariffs;

  function newId(prefix: string): string {
    return `${prefix}_${Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')}`;
  }

  function rate(shipment: StoredShipment): void {
    const asked = tariffs.filter((tariff) => shipment.accounts === null || shipment.accounts.includes(accountOf(tariff)));
    const offers = asked.map((tariff) => ({
      tariff,
      offer: offerOf(tariff, {
        ...laneOf(shipment),
        ounces: shipment.parcel.weight,
        currency: shipment.currency,
      }),
    }));
    shipment.rates = offers.flatMap(({ tariff, offer }) =>
      offer.kind === 'offered' ? [{ id: newId('rate'), tariff, price: offer.price, days: offer.days }] : [],
    );
    shipment.messages = offers.flatMap(({ tariff, offer }) =>
      offer.kind === 'refused' ? [{ carrier: tariff.carrier, account: accountOf(tariff), message: offer.message }] : [],
    );
  }

  /** Lets come true what was due by now. */
  function settle(shipment: StoredShipment): StoredShipment {
    const now = epochMs(clock.now());
    const { underway, refund } = shipment;
    if (underway !== null && now >= epochMs(underway.doneAt)) {
      shipment.underway = null;
      label(shipment, underway.rate, underway.doneAt);
    }
    if (refund?.status === 'submitted' && now >= epochMs(refund.at) + refundTakesMs)
      refund.status = shipment.scanned ? 'rejected' : 'refunded';
    return shipment;
  }

  function label(shipment: StoredShipment, chosen: StoredRate, at: Instant): void {
    const digits = Array.from({ length: 17 }, () => Math.floor(random() * 10)).join('');
    shipment.bought = { rate: chosen, trackingCode: `94001${digits}`, at };
  }

  return {
    setTariffs(next: readonly SandboxTariff[]): void {
      tariffs = next;
    },

    create(
      draft: Pick<StoredShipment, 'reference' | 'from' | 'to' | 'parcel' | 'options' | 'isReturn' | 'customs' | 'accounts' | 'format'> & {
        readonly currency: string | null;
      },
    ): StoredShipment {
      const shipment: StoredShipment = {
        ...draft,
        id: newId('shp'),
        currency: draft.currency ?? given.currency,
        createdAt: clock.now(),
        rates: [],
        messages: [],
        underway: null,
        bought: null,
        refund: null,
        scanned: false,
        scanFormId: null,
        converted: new Set(),
      };
      rate(shipment);
      shipments.set(shipment.id, shipment);
      return shipment;
    },

    find(id: string): StoredShipment | null {
      const shipment = shipments.get(id);
      return shipment === undefined ? null : settle(shipment);
    },

    all: (): readonly StoredShipment[] => [...shipments.values()].map(settle),

    newId,

    rerate: rate,

    /** Buys by the rules: one label per shipment, one purchase at a time. The answer is the code of the error, or null for a label. */
    buy(shipment: StoredShipment, chosen: StoredRate, trouble: PurchaseTrouble | null): string | null {
      if (shipment.bought !== null) return 'SHIPMENT.POSTAGE.EXISTS';
      if (shipment.underway !== null) return 'SHIPMENT.PURCHASE.IN_PROGRESS';
      if (shipment.customs === null && crossesCustoms(shipment)) return 'SHIPMENT.POSTAGE.FAILURE';
      switch (trouble) {
        case null:
          label(shipment, chosen, clock.now());
          return null;
        case 'refused':
          return 'SHIPMENT.POSTAGE.FAILURE';
        case 'timed-out':
          return 'SHIPMENT.POSTAGE.TIMED_OUT';
        case 'timed-out-bought':
          label(shipment, chosen, clock.now());
          return 'SHIPMENT.POSTAGE.NO_RESPONSE';
        case 'slow':
          shipment.underway = { rate: chosen, doneAt: instantOf(epochMs(clock.now()) + slowPurchaseMs) };
          return 'SHIPMENT.POSTAGE.TIMED_OUT';
      }
    },

    /** Asks for the money back; false when there is no label. A rejected refund may be asked for again. The carrier rejects what it has scanned, and what it is told to. */
    refund(shipment: StoredShipment, rejects: boolean): boolean {
      if (shipment.bought === null) return false;
      const { billing } = shipment.bought.rate.tariff;
      if (shipment.refund === null || shipment.refund.status === 'rejected') {
        const status = rejects ? 'rejected' : billing === 'carrier' ? 'not_applicable' : shipment.scanned ? 'rejected' : 'submitted';
        shipment.refund = { status, at: clock.now() };
      }
      return true;
    },

    scan(trackingCode: string): boolean {
      const shipment = [...shipments.values()].find(({ bought }) => bought?.trackingCode === trackingCode);
      if (shipment !== undefined) shipment.scanned = true;
      return shipment !== undefined;
    },
  };
}

function laneOf({ from, to, isReturn }: StoredShipment): { readonly from: string; readonly to: string } {
  return isReturn ? { from: to.country, to: from.country } : { from: from.country, to: to.country };
}

/** Countries between which nothing is declared. */
const customsUnion = new Set('AT BE BG HR CY CZ DE DK EE ES FI FR GR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '));

function crossesCustoms(shipment: StoredShipment): boolean {
  const { from, to } = laneOf(shipment);
  return from !== to && !(customsUnion.has(from) && customsUnion.has(to));
}
