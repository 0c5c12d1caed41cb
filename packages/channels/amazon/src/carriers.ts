/** Amazon's code of a carrier, or `Other` with the carrier's own name. */
export type CarrierWords = { readonly carrierCode: string; readonly carrierName?: string };

/** Amazon's codes by carrier in our words, folded to letters and digits (values of the `carrierCode` list of confirmShipment, as sellers know it). */
const codes: Readonly<Record<string, string>> = {
  ups: 'UPS',
  upsmailinnovations: 'UPS Mail Innovations',
  usps: 'USPS',
  fedex: 'FedEx',
  fedexsmartpost: 'FedEx SmartPost',
  dhl: 'DHL',
  dhlparcelde: 'DHL',
  dhlexpress: 'DHL Express',
  dhlecommerce: 'DHL eCommerce',
  deutschepost: 'Deutsche Post',
  dpd: 'DPD',
  gls: 'GLS',
  hermes: 'Hermes',
  evri: 'Evri',
  royalmail: 'Royal Mail',
  parcelforce: 'Parcelforce',
  yodel: 'Yodel',
  tnt: 'TNT',
  colissimo: 'Colissimo',
  chronopost: 'Chronopost',
  laposte: 'La Poste',
  mondialrelay: 'Mondial Relay',
  correos: 'Correos',
  seur: 'SEUR',
  mrw: 'MRW',
  brt: 'BRT',
  posteitaliane: 'Poste Italiane',
  postnl: 'PostNL',
  bpost: 'BPOST',
  postnord: 'PostNord',
  inpost: 'InPost',
  canadapost: 'Canada Post',
  purolator: 'Purolator',
  australiapost: 'Australia Post',
  startrack: 'StarTrack',
  yamatotransport: 'YAMATO',
  yamato: 'YAMATO',
  sagawa: 'SAGAWA',
  japanpost: 'JP_EXPRESS',
  ontrac: 'OnTrac',
  lasership: 'LaserShip',
  aramex: 'Aramex',
};

/** Amazon's words for a carrier. One that is not in the table goes as `Other` by its name, which Amazon takes and shows, but does not track. */
export function carrierWords(carrier: string): CarrierWords {
  const known = codes[carrier.toLowerCase().replaceAll(/[^a-z0-9]/g, '')];
  return known === undefined ? { carrierCode: 'Other', carrierName: carrier } : { carrierCode: known };
}
