import type { ShipmentConfirmation } from '@quartermaster/domain';

/** What Shopify is told about a parcel's way: `urls` and `numbers` belong together by position. */
export type TrackingInfo = { readonly company: string; readonly numbers: readonly string[]; readonly urls: readonly string[] };

/**
 * Puts tracking into Shopify's words. Shopify links numbers of companies that it knows, and it knows them only in its own spelling; any other name is shown as it is, and the
 * URL makes the link. One URL stands for all numbers when it contains the first of them.
 */
export function trackingInfo(request: Pick<ShipmentConfirmation, 'carrier' | 'trackingNumbers' | 'trackingUrl'>): TrackingInfo {
  const { trackingNumbers: numbers, trackingUrl } = request;
  const [first] = numbers;
  const urls =
    trackingUrl === null
      ? []
      : first !== undefined && trackingUrl.includes(first)
        ? numbers.map((number) => trackingUrl.replaceAll(first, number))
        : [trackingUrl];
  return { company: companyName(request.carrier), numbers, urls };
}

/** Shopify's spelling of a carrier that it knows, otherwise the name as it came. */
export function companyName(carrier: string): string {
  return companies.get(plain(carrier)) ?? carrier.trim();
}

/** Carriers that our users ship with most, spelt as Shopify's list of supported tracking companies does (documentation of FulfillmentTrackingInfo, 2026-10). */
const companies: ReadonlyMap<string, string> = new Map(
  [
    'APC',
    'Australia Post',
    'BPost',
    'Canada Post',
    'Canpar',
    'Chronopost',
    'Colissimo',
    'Correos',
    'CTT',
    'Deutsche Post',
    'DHL',
    'DHL eCommerce',
    'DHL Express',
    'DHL Parcel',
    'DPD',
    'DPD UK',
    'Evri',
    'FedEx',
    'GLS',
    'Hermes',
    'Inpost',
    'Lasership',
    'Mondial Relay',
    'New Zealand Post',
    'OnTrac',
    'Packeta',
    'Poste Italiane',
    'PostNL',
    'PostNord DK',
    'PostNord SE',
    'Purolator',
    'Royal Mail',
    'Sendle',
    'SEUR',
    'SF Express',
    'Swiss Post',
    'TNT',
    'UPS',
    'USPS',
    'Whistl',
    'Yodel',
    'YunExpress',
  ].map((name) => [plain(name), name]),
);

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
