import {
  epochMs,
  instantOf,
  multiplyPrice,
  type Instant,
  type Label,
  type LabelDocument,
  type LabelFormat,
  type Money,
  type Rate,
  type VoidOutcome,
} from '@quartermaster/domain';
import type { Redact } from './faults.ts';
import { rateLivesMs } from './limits.ts';
import type { WireMessage, WireRate, WireShipment, WireTransaction } from './wire.ts';

/** What a label is asked for as. A label of another carrier or format comes in the nearest that there is. */
export const fileTypes: Readonly<Record<LabelFormat, string>> = { pdf: 'PDF_4x6', zpl: 'ZPLII', png: 'PNG' };

/** What Shippo has made of a purchase. `failed`: nothing was bought. `given-back`: there was a label. */
export type PurchaseState = 'making' | 'bought' | 'failed' | 'given-back';

/**
 * The state of a transaction. A refund that was rejected leaves the label as it was. A status that we do not know is that of a label where there is one, and otherwise of one that is being made.
 */
export function stateOfPurchase({
  status,
  label_url,
  tracking_number,
}: Pick<WireTransaction, 'status' | 'label_url' | 'tracking_number'>): PurchaseState {
  if (Object.hasOwn(purchaseStates, status)) return purchaseStates[status] ?? 'making';
  return label_url && tracking_number ? 'bought' : 'making';
}

export const purchaseStates: Readonly<Record<string, PurchaseState>> = {
  WAITING: 'making',
  QUEUED: 'making',
  SUCCESS: 'bought',
  ERROR: 'failed',
  REFUNDED: 'given-back',
  REFUNDPENDING: 'given-back',
  REFUNDREJECTED: 'bought',
};

/** The price of a rate. What is finer than the currency is rounded half up, because a bought label must not be lost for it. */
export function priceOf(rate: Pick<WireRate, 'amount' | 'currency'>): Money {
  return multiplyPrice(rate.amount, 1, rate.currency);
}

/** The cheapest rate of a service in a currency: two accounts may offer the same service. Of equal ones the one of the lower account. */
export function chooseRate(rates: readonly WireRate[], service: string, currency: string): WireRate | null {
  return rates
    .filter((rate) => rate.servicelevel.token === service && rate.currency === currency)
    .reduce<WireRate | null>((best, rate) => (best === null || cheaper(rate, best) ? rate : best), null);
}

/** One rate per service, the cheapest, by rising price. A service is Shippo's own token of it, such as `usps_ground_advantage`. */
export function ratesOf(shipment: WireShipment, currency: string): Rate[] {
  const services = [...new Set(shipment.rates.map(({ servicelevel }) => servicelevel.token))];
  return services
    .flatMap((service) => {
      const rate = chooseRate(shipment.rates, service, currency);
      return rate === null ? [] : [rateOf(rate)];
    })
    .toSorted((a, b) => a.total.minor - b.total.minor || (a.service < b.service ? -1 : 1));
}

function rateOf(rate: WireRate): Rate {
  return {
    service: rate.servicelevel.token,
    total: priceOf(rate),
    charges: [],
    billable: null,
    zone: rate.zone || null,
    arrival: { day: null, transitDays: rate.estimated_days ?? rate.days ?? null, percentiles: null, isGuaranteed: false },
    expiresAt: rate.object_created ? instantOf(epochMs(rate.object_created) + rateLivesMs) : null,
    isNegotiated: null,
  };
}

/** What carriers and Shippo said beside the rates, services in other currencies, and that carriers are still being asked. */
export function problemsOf(shipment: WireShipment, currency: string, redact: Redact): string[] {
  const foreign = shipment.rates
    .filter((rate) => rate.currency !== currency)
    .map((rate) => `${rate.servicelevel.token} is priced in ${rate.currency}, not in ${currency}.`);
  const late = isBeingRated(shipment) ? ['Shippo is still asking carriers: more rates may come later.'] : [];
  const said = shipment.messages.map((message) => redact(sentenceOf(message)));
  const problems = [...new Set([...said, ...foreign, ...late])];
  return problems.length === 0 && shipment.rates.length === 0 ? ['No carrier of Shippo offers anything for this parcel.'] : problems;
}

export function isBeingRated({ status }: WireShipment): boolean {
  return status === 'QUEUED' || status === 'WAITING';
}

export function sentenceOf({ source, code, text }: WireMessage): string {
  return [source, text || code || 'no reason given'].filter(Boolean).join(': ');
}

/** The label of a transaction that was bought at this rate; null when something that a label must have is missing. */
export function labelOf(
  transaction: WireTransaction,
  rate: WireRate,
  given: { readonly format: LabelFormat; readonly now: Instant },
): Label | null {
  const document = documentOf(transaction, given.format);
  if (!transaction.tracking_number || document === null) return null;
  return {
    ref: transaction.object_id,
    carrier: rate.provider,
    service: rate.servicelevel.token,
    trackingNumber: transaction.tracking_number,
    trackingUrl: transaction.tracking_url_provider || null,
    price: priceOf(rate),
    charges: [],
    boughtAt: transaction.object_created ?? given.now,
    document,
  };
}

/** The document with its true format: a carrier that does not make the one that was asked for gives another. */
export function documentOf({ label_url: url, label_file_type: type }: WireTransaction, asked: LabelFormat): LabelDocument | null {
  if (!url) return null;
  return { format: formatOfType(type ?? '') ?? formatOfUrl(url) ?? asked, base64: null, url };
}

/**
 * What became of asking for the money back. `PENDING` waits for the carrier to see that the parcel never moved. A refund of another status may still go either way.
 */
export function voidOutcomeOf(refundStatus: string): VoidOutcome {
  if (refundStatus === 'SUCCESS') return { kind: 'voided' };
  if (refundStatus === 'ERROR')
    return { kind: 'refused', reason: 'Shippo refused the refund: the carrier has seen the parcel, or the label is too old.' };
  return { kind: 'accepted' };
}

function formatOfType(type: string): LabelFormat | null {
  const [kind] = type.toUpperCase().split('_');
  return kind === 'PDF' ? 'pdf' : kind === 'PNG' ? 'png' : kind === 'ZPLII' ? 'zpl' : null;
}

function formatOfUrl(url: string): LabelFormat | null {
  const ending = /\.(pdf|png|zpl|zplii)(\?|$)/i.exec(url)?.[1]?.toLowerCase();
  return ending === 'pdf' || ending === 'png' ? ending : ending === undefined ? null : 'zpl';
}

function cheaper(rate: WireRate, best: WireRate): boolean {
  const difference = priceOf(rate).minor - priceOf(best).minor;
  if (difference !== 0) return difference < 0;
  return `${rate.carrier_account ?? ''} ${rate.object_id}` < `${best.carrier_account ?? ''} ${best.object_id}`;
}
