import { seededRandom } from '@quartermaster/connector-kit/sandbox';
import { epochMs, instantOf, type Clock, type Instant, type Money } from '@quartermaster/domain';
import { gramsOf, type LabelFileType, type SandboxAddress, type ShipmentRequest } from './requests.ts';
import { offerOf, providerOf, type SandboxTariff } from './tariff.ts';

export type StoredRate = {
  readonly id: string;
  readonly shipment: StoredShipment;
  readonly tariff: SandboxTariff;
  readonly price: Money;
  readonly days: number | null;
};

export type StoredShipment = {
  readonly id: string;
  readonly createdAt: Instant;
  readonly request: ShipmentRequest;
  readonly isAsync: boolean;
  readonly rates: StoredRate[];
  readonly messages: Message[];
};

export type Message = { readonly source: string; readonly code: string; readonly text: string };

export type StoredTransaction = {
  readonly id: string;
  readonly createdAt: Instant;
  readonly rate: StoredRate;
  readonly fileType: LabelFileType;
  readonly metadata: string;
  /** Until then it is `QUEUED`. */
  readonly doneAt: Instant;
  readonly outcome: 'bought' | 'failed';
  readonly trackingNumber: string;
  readonly messages: readonly Message[];
  refund: StoredRefund | null;
  manifestId: string | null;
  isScanned: boolean;
};

export type StoredRefund = { readonly id: string; readonly createdAt: Instant; readonly isRejected: boolean };

export type StoredManifest = {
  readonly id: string;
  readonly createdAt: Instant;
  readonly account: string;
  readonly shipmentDate: string;
  readonly transactions: readonly string[];
  readonly errors: readonly string[];
};

/** What a purchase does instead of going well, by the sandbox's own plan. */
export type PurchaseTrouble =
  /** The carrier refuses: status `ERROR` under HTTP 201, nothing bought. */
  | 'refused'
  /** The carrier does not answer: the same, with the code `carrier_timeout`. */
  | 'carrier-timeout'
  /** `QUEUED` for 45 seconds, and then a label. */
  | 'slow'
  /** `QUEUED` for 45 seconds, and then an `ERROR`. */
  | 'slow-refused';

const slowMs = 45_000;
const asyncMs = 3_000;
const rateLivesMs = 7 * 86_400_000;
const refundTakesMs = 14 * 86_400_000;
const refundableMs = 30 * 86_400_000;

export type ShippoState = ReturnType<typeof shippoState>;

/** All that the sandbox remembers. One rate can be bought more than once: what Shippo does then is not documented, and this is the worst of it. */
export function shippoState(given: {
  readonly clock: Clock;
  readonly currency: string;
  readonly tariffs: readonly SandboxTariff[];
  readonly seed: number;
  readonly ratingTakesMs: number;
}) {
  const { clock } = given;
  const random = seededRandom(given.seed);
  const shipments = new Map<string, StoredShipment>();
  const rates = new Map<string, StoredRate>();
  const transactions = new Map<string, StoredTransaction>();
  const manifests = new Map<string, StoredManifest>();
  let tariffs = given.tariffs;

  const newId = () => Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
  const later = (ms: number) => instantOf(epochMs(clock.now()) + ms);
  const isPast = (instant: Instant) => epochMs(clock.now()) >= epochMs(instant);

  return {
    newId,
    setTariffs(next: readonly SandboxTariff[]): void {
      tariffs = next;
    },
    tariffs: () => tariffs,
    rate: (id: string) => rates.get(id) ?? null,
    shipment: (id: string) => shipments.get(id) ?? null,
    shipmentCount: () => shipments.size,
    transaction: (id: string) => transactions.get(id) ?? null,
    transactions: (): readonly StoredTransaction[] => [...transactions.values()],
    manifest: (id: string) => manifests.get(id) ?? null,
    manifests: (): readonly StoredManifest[] => [...manifests.values()],

    /** Whether the carriers have been asked for the rates of a shipment. */
    isRated: ({ createdAt, isAsync }: StoredShipment) =>
      isPast(instantOf(epochMs(createdAt) + (isAsync ? Math.max(asyncMs, given.ratingTakesMs) : given.ratingTakesMs))),

    createShipment(request: ShipmentRequest, accountOf: (tariff: SandboxTariff) => string): StoredShipment {
      const shipment: StoredShipment = {
        id: newId(),
        createdAt: clock.now(),
        request,
        isAsync: request.async ?? true,
        rates: [],
        messages: [],
      };
      const asked = tariffs.filter((tariff) => request.carrier_accounts?.includes(accountOf(tariff)) ?? true);
      for (const tariff of asked) {
        const offer = offerOf(tariff, { ...laneOf(request), grams: gramsOf(request), currency: given.currency });
        if (offer.kind === 'refused') shipment.messages.push({ source: providerOf(tariff), code: '', text: offer.message });
        else {
          const rate = { id: newId(), shipment, tariff, price: offer.price, days: offer.days };
          rates.set(rate.id, rate);
          shipment.rates.push(rate);
        }
      }
      shipments.set(shipment.id, shipment);
      return shipment;
    },

    buy(
      rate: StoredRate,
      draft: { readonly fileType: LabelFileType; readonly metadata: string; readonly isAsync: boolean },
      trouble: PurchaseTrouble | null,
    ): StoredTransaction {
      const obstacle = isPast(instantOf(epochMs(rate.shipment.createdAt) + rateLivesMs))
        ? 'Rate has expired'
        : missingForPurchase(rate.shipment.request);
      const source = providerOf(rate.tariff);
      const messages =
        obstacle !== null
          ? [{ source: 'Shippo', code: '', text: obstacle }]
          : trouble === 'refused' || trouble === 'slow-refused'
            ? [{ source, code: '', text: 'The carrier refused the shipment.' }]
            : trouble === 'carrier-timeout'
              ? [{ source, code: 'carrier_timeout', text: `${source} API did not respond. Please try again in a few minutes.` }]
              : [];
      const isSlow = trouble === 'slow' || trouble === 'slow-refused';
      const transaction: StoredTransaction = {
        id: newId(),
        createdAt: clock.now(),
        rate,
        fileType: draft.fileType,
        metadata: draft.metadata,
        doneAt: later(isSlow ? slowMs : draft.isAsync ? asyncMs : 0),
        outcome: messages.length === 0 ? 'bought' : 'failed',
        trackingNumber: `92055${Array.from({ length: 17 }, () => Math.floor(random() * 10)).join('')}`,
        messages,
        refund: null,
        manifestId: null,
        isScanned: false,
      };
      transactions.set(transaction.id, transaction);
      return transaction;
    },

    /** The status of a purchase, as of now. */
    statusOf(transaction: StoredTransaction): string {
      if (!isPast(transaction.doneAt)) return 'QUEUED';
      if (transaction.outcome === 'failed') return 'ERROR';
      if (transaction.refund === null) return 'SUCCESS';
      const { isRejected, createdAt } = transaction.refund;
      if (isRejected) return 'REFUNDREJECTED';
      if (!isPast(instantOf(epochMs(createdAt) + refundTakesMs))) return 'REFUNDPENDING';
      return transaction.isScanned ? 'REFUNDREJECTED' : 'REFUNDED';
    },

    /** Asks for the money of a label back; what was scanned or is too old is rejected. */
    refund(transaction: StoredTransaction, rejects: boolean): StoredRefund {
      const isOld = isPast(instantOf(epochMs(transaction.createdAt) + refundableMs));
      transaction.refund = { id: newId(), createdAt: clock.now(), isRejected: rejects || isOld || transaction.isScanned };
      return transaction.refund;
    },

    closeOut(draft: Pick<StoredManifest, 'account' | 'shipmentDate' | 'transactions'>, errors: readonly string[]): StoredManifest {
      const manifest: StoredManifest = { ...draft, id: newId(), createdAt: clock.now(), errors };
      manifests.set(manifest.id, manifest);
      return manifest;
    },
  };
}

/** Of a return the addresses are those of the way out, and the parcel goes the other way. */
function laneOf({ address_from, address_to, extra }: ShipmentRequest): { readonly from: string; readonly to: string } {
  const [from, to] = extra?.is_return === true ? [address_to, address_from] : [address_from, address_to];
  return { from: from.country, to: to.country };
}

/** What may be left out for a rate and not for a label: see Shippo's address. */
function missingForPurchase({ address_from, address_to, customs_declaration }: ShipmentRequest): string | null {
  const lacking = [address_from, address_to].flatMap(lackOf);
  if (lacking.length > 0) return `Address validation failed: ${lacking.join(', ')} missing`;
  const crosses = crossesCustoms(address_from.country, address_to.country);
  if (crosses && customs_declaration === undefined) return 'International shipments require customs information';
  return crosses && !(address_from.phone && address_from.email) ? 'Carriers need the phone and the email of the sender' : null;
}

function lackOf(address: SandboxAddress): string[] {
  const needed = ['name', 'street1', 'city', 'zip', ...(['US', 'AU', 'CA'].includes(address.country) ? (['state'] as const) : [])] as const;
  return needed.filter((field) => !address[field]);
}

/** Countries between which nothing is declared. */
const customsUnion = new Set('AT BE BG HR CY CZ DE DK EE ES FI FR GR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '));

function crossesCustoms(from: string, to: string): boolean {
  return from !== to && !(customsUnion.has(from) && customsUnion.has(to));
}
