import { decimalOf, type Address, type DeliveryTerms, type LabelRequest, type Parcel } from '@quartermaster/domain';
import { customsObstacle, customsOf } from './customs.ts';
import { referenceLength } from './limits.ts';

export type Draft = Readonly<Record<string, unknown>>;

/** A parcel and its way, to be rated or bought. `reference` is printed on the label. */
export type Shipping = Pick<LabelRequest, 'shipFrom' | 'shipTo' | 'parcel' | 'delivery' | 'shipAt'> & { readonly reference?: string };

/** What Shippo is told of a shipment. `accounts`: carrier accounts to ask, all where there is none. */
export function shipmentDraftOf(request: Shipping, accounts: readonly string[]): Draft {
  const { shipFrom, shipTo, delivery } = request;
  // Shippo switches the addresses of a return by itself and wants those of the way out (its documentation of returns).
  const [from, to] = delivery.isReturn ? [shipTo, shipFrom] : [shipFrom, shipTo];
  const extra = { ...extraOf(delivery), ...(request.reference ? { reference_1: request.reference.slice(0, referenceLength) } : {}) };
  return {
    address_from: addressDraft(from),
    address_to: addressDraft(to),
    parcels: [parcelOf(request.parcel)],
    shipment_date: request.shipAt,
    async: false,
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
    ...(delivery.customs === null ? {} : { customs_declaration: customsOf(delivery.customs, laneOf(request)) }),
    ...(accounts.length === 0 ? {} : { carrier_accounts: accounts }),
  };
}

/** Sides in millimetres, the longest first. */
export type Sides = NonNullable<Parcel['millimetres']>;

/** The same with the sides of the usual box, where those of the parcel are not known. */
export function sized<Asked extends { readonly parcel: Parcel }>(asked: Asked, usualBox: Sides | undefined): Asked {
  if (usualBox === undefined || asked.parcel.millimetres !== null) return asked;
  return { ...asked, parcel: { ...asked.parcel, millimetres: usualBox } };
}

/** Why what is asked cannot be asked of Shippo, in words; null where it can. */
export function obstacleOf(request: Shipping): string | null {
  if (request.parcel.millimetres === null) return 'Shippo needs the sides of the parcel: measure it, or give the connection a usual box';
  const { customs } = request.delivery;
  return customs === null ? null : customsObstacle(customs, laneOf(request));
}

export function addressDraft(address: Address): Readonly<Record<string, string>> {
  const [street1 = '', ...others] = address.lines;
  const parts = {
    name: address.name || address.company,
    company: address.company,
    street1,
    street2: others.join(', '),
    city: address.city,
    state: address.region,
    zip: address.postalCode,
    country: address.country,
    phone: address.phone,
    email: address.email,
  };
  return Object.fromEntries(Object.entries(parts).flatMap(([key, value]) => (value === null || value === '' ? [] : [[key, value]])));
}

/** Numbers are texts. Grams and millimetres are units of Shippo's, so nothing is rounded. */
function parcelOf({ grams, millimetres }: Parcel): Readonly<Record<string, string>> {
  const [length, width, height] = millimetres ?? [0, 0, 0];
  return {
    weight: String(grams),
    mass_unit: 'g',
    length: String(length),
    width: String(width),
    height: String(height),
    distance_unit: 'mm',
  };
}

/** Extras of a shipment are in the price of its rates. Insurance is that of Shippo's insurer: a carrier's own must be asked for by its name, which no rate has yet. */
function extraOf({ signature, onSaturday, insured, isReturn, customs }: DeliveryTerms): Draft {
  return {
    ...(signature === 'none' ? {} : { signature_confirmation: signature === 'adult' ? 'ADULT' : 'STANDARD' }),
    ...(onSaturday ? { saturday_delivery: true } : {}),
    ...(insured === null
      ? {}
      : {
          insurance: {
            amount: decimalOf(insured),
            currency: insured.currency,
            content: customs?.items.map(({ description }) => description).join(', ') || 'Goods',
          },
        }),
    ...(isReturn ? { is_return: true } : {}),
  };
}

function laneOf({ shipFrom, shipTo }: Shipping): { readonly from: string; readonly to: string } {
  return { from: shipFrom.country, to: shipTo.country };
}
