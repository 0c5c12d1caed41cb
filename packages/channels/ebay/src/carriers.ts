/**
 * eBay's code of a carrier: one that the connection's own table names, one of eBay's list that we know, otherwise the name as it came without what eBay does not take. eBay's list is given
 * by the Trading API only (GeteBayDetails) and differs by site; a buyer gets a link only for a carrier of that list.
 */
export function carrierCode(carrier: string, own: Readonly<Record<string, string>>): string {
  const named = Object.entries(own).find(([name]) => plain(name) === plain(carrier))?.[1];
  const known = named ?? codes.get(plain(carrier));
  if (known !== undefined) return known;
  const text = carrier.replaceAll(/[^\p{L}\p{N} -]/gu, '').trim();
  return text === '' ? 'Other' : text;
}

/** Carriers of ShippingCarrierCodeType that our users ship with most. */
const codes: ReadonlyMap<string, string> = new Map(
  [
    'UPS',
    'USPS',
    'FedEx',
    'DHL',
    'DPD',
    'GLS',
    'Hermes',
    'TNT',
    'DeutschePost',
    'RoyalMail',
    'ParcelForce',
    'AustraliaPost',
    'CanadaPost',
    'Chronopost',
    'Colissimo',
    'Correos',
    'Seur',
    'PostNL',
    'BPost',
    'InPost',
    'Evri',
    'Yodel',
    'OnTrac',
  ].map((code) => [plain(code), code]),
);

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
