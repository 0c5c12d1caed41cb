import { type ServiceNames } from '@quartermaster/connector-kit';
import {
  multiplyPrice,
  type Instant,
  type Label,
  type LabelRequest,
  type ArrivalPercentile,
  type Money,
  type Rate,
  type VoidOutcome,
} from '@quartermaster/domain';
import type { WireMessage, WireRate, WireShipment, WireSmartRates } from './wire.ts';

/** The price of a rate. EasyPost writes up to five decimals; what is finer than the currency is rounded half up, because a bought label must not be lost for it. */
export function priceOf(rate: Pick<WireRate, 'rate' | 'currency'>): Money {
  return multiplyPrice(rate.rate, 1, rate.currency);
}

/** The cheapest rate of a service in a currency: two accounts of one carrier may offer the same service. Of equal ones the lower id. */
export function chooseRate(rates: readonly WireRate[], service: string, currency: string, names: ServiceNames): WireRate | null {
  const wanted = names.toTheirs(service);
  return rates
    .filter((rate) => `${rate.carrier}/${rate.service}` === wanted && rate.currency === currency)
    .reduce<WireRate | null>((best, rate) => (best === null || cheaper(rate, best) ? rate : best), null);
}

/** Transit days of a rate within which so many percent arrive, by the id of the rate. */
export type Percentiles = ReadonlyMap<string, Readonly<Record<ArrivalPercentile, number>>>;

export function percentilesOf(smart: WireSmartRates): Percentiles {
  return new Map(
    smart.map(({ id, time_in_transit: days }) => [
      id,
      {
        50: days.percentile_50,
        75: days.percentile_75,
        85: days.percentile_85,
        90: days.percentile_90,
        95: days.percentile_95,
        97: days.percentile_97,
        99: days.percentile_99,
      },
    ]),
  );
}

/** One rate per service, the cheapest, by rising price. */
export function ratesOf(shipment: WireShipment, currency: string, names: ServiceNames, percentiles: Percentiles = new Map()): Rate[] {
  const services = [...new Set(shipment.rates.map((rate) => names.toOurs(`${rate.carrier}/${rate.service}`)))];
  return services
    .flatMap((service): Rate[] => {
      const rate = chooseRate(shipment.rates, service, currency, names);
      if (rate === null) return [];
      const zone = rate.carrier === 'USPS' && typeof shipment.usps_zone === 'number' ? String(shipment.usps_zone) : null;
      return [
        {
          service,
          total: priceOf(rate),
          charges: [],
          billable: null,
          zone,
          arrival: {
            day: /^\d{4}-\d\d-\d\d/.exec(rate.delivery_date ?? '')?.[0] ?? null,
            transitDays: rate.delivery_days ?? null,
            percentiles: percentiles.get(rate.id) ?? null,
            isGuaranteed: rate.delivery_date_guaranteed ?? false,
          },
          expiresAt: null,
          isNegotiated: null,
        },
      ];
    })
    .sort((a, b) => a.total.minor - b.total.minor || (a.service < b.service ? -1 : 1));
}

/** What carriers said instead of a price, and services whose price is in another currency. */
export function problemsOf(shipment: WireShipment, currency: string): string[] {
  const foreign = shipment.rates
    .filter((rate) => rate.currency !== currency)
    .map((rate) => `${rate.carrier}/${rate.service} is priced in ${rate.currency}, not in ${currency}.`);
  return [...problemTexts(shipment.messages), ...foreign];
}

/** Messages of carriers as sentences. */
export function problemTexts(messages: readonly WireMessage[]): string[] {
  return messages.map(sentenceOf);
}

export function isBought(shipment: WireShipment): boolean {
  return Boolean(shipment.tracking_code) && Boolean(shipment.postage_label);
}

/** The label of a bought shipment, or null when something that a label must have is missing. */
export function labelOf(
  shipment: WireShipment,
  given: { readonly format: LabelRequest['format']; readonly now: Instant; readonly names: ServiceNames },
): Label | null {
  const { tracking_code: trackingNumber, postage_label: postage, selected_rate: rate } = shipment;
  if (!trackingNumber || !postage || !rate) return null;
  return {
    ref: shipment.id,
    carrier: rate.carrier,
    service: given.names.toOurs(`${rate.carrier}/${rate.service}`),
    trackingNumber,
    trackingUrl: shipment.tracker?.public_url ?? null,
    price: priceOf(rate),
    charges: [],
    boughtAt: postage.created_at ?? given.now,
    document: documentOf(postage, given.format),
  };
}

/**
 * What became of asking for the money back. `not_applicable` is the answer of carriers that bill on scan: an unused label costs nothing, so it is as good as void. `submitted`,
 * and a status that we do not know, may still go either way.
 */
export function voidOutcomeOf(refundStatus: string): VoidOutcome {
  if (refundStatus === 'refunded' || refundStatus === 'not_applicable') return { kind: 'voided' };
  if (refundStatus === 'rejected')
    return { kind: 'refused', reason: 'The carrier rejected the refund; shortly after a purchase the same request may succeed later.' };
  return { kind: 'accepted' };
}

type Postage = NonNullable<WireShipment['postage_label']>;

/** The document in the format that was asked for, or else the one there is, with its true format. */
export function documentOf(postage: Postage, format: LabelRequest['format']): Label['document'] {
  const asked = { pdf: postage.label_pdf_url, zpl: postage.label_zpl_url, png: null }[format];
  if (asked) return { format, base64: null, url: asked };
  return { format: /[a-z0-9]+$/.exec(postage.label_file_type ?? '')?.[0] ?? format, base64: null, url: postage.label_url ?? null };
}

function cheaper(rate: WireRate, best: WireRate): boolean {
  const difference = priceOf(rate).minor - priceOf(best).minor;
  return difference < 0 || (difference === 0 && rate.id < best.id);
}

function sentenceOf(message: WireMessage): string {
  const words = typeof message.message === 'string' ? message.message : (JSON.stringify(message.message) ?? 'no reason given');
  return [message.carrier, message.type === 'rate_error' ? null : message.type, words].filter(Boolean).join(': ');
}
