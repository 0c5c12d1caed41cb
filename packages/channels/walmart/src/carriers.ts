/** A carrier as Walmart takes it: one of its list, or another name, which needs a tracking address. */
export type WireCarrier = { readonly carrier: string } | { readonly otherCarrier: string };

/** Walmart's word for a carrier: one that the connection's own table names, one of Walmart's list, otherwise the name as it came. */
export function carrierOf(carrier: string, own: Readonly<Record<string, string>>): WireCarrier {
  const named = Object.entries(own).find(([name]) => plain(name) === plain(carrier))?.[1] ?? carrier;
  const known = listed.get(plain(named));
  return known === undefined ? { otherCarrier: named } : { carrier: known };
}

/** Of Walmart's list those that our users ship with most (Orders API, `carrierName.carrier`), by the names that are about for them. */
const listed: ReadonlyMap<string, string> = new Map(
  [
    ...['UPS', 'USPS', 'FedEx', 'OnTrac', 'DHL', 'GLS', 'LS', 'UDS', 'UPSMI', 'FEDEXSP', 'PILOT', 'ESTES', 'SAIA', 'Airborne'].map(
      (name) => [name, name],
    ),
    ...['Canada Post', 'Royal Mail', 'Deutsche Post', 'China Post', 'Japan Post', 'YunExpress', 'Yanwen', '4PX', 'Sendle', 'Asendia'].map(
      (name) => [name, name],
    ),
    ...['AxleHire', 'LSO', 'Landmark Global', 'OSM Worldwide', 'FIRST MILE', 'Better Trucks', 'XPO Logistics', 'DHL Ecommerce - US'].map(
      (name) => [name, name],
    ),
    ['LaserShip', 'LS'],
    ['DHL eCommerce', 'DHL Ecommerce - US'],
    ['DHL Express', 'DHL'],
    ['United Delivery Service', 'UDS'],
    ['UPS Mail Innovations', 'UPSMI'],
    ['FedEx SmartPost', 'FEDEXSP'],
  ].map(([name = '', code = '']) => [plain(name), code]),
);

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
