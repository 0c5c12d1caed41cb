import { decimalOf, type Address, type DeliveryTerms, type LabelRequest, type Parcel } from '@quartermaster/domain';
import { customsOf, exportObstacle, type CustomsDraft } from './customs.ts';
import { inchesOf, ouncesOf } from './measures.ts';

/** What EasyPost is told of a shipment. */
export type ShipmentDraft = Partial<CustomsDraft> & {
  readonly reference?: string;
  readonly from_address: AddressDraft;
  readonly to_address: AddressDraft;
  readonly parcel: Readonly<Record<string, number>>;
  readonly is_return?: true;
  readonly options: Readonly<Record<string, string | boolean>>;
  readonly carrier_accounts?: readonly string[];
};
export type AddressDraft = Readonly<Record<string, string>>;

type Sent = Pick<LabelRequest, 'shipFrom' | 'shipTo' | 'parcel' | 'delivery'>;

export function draftOf(
  request: Sent,
  more: { readonly reference?: string; readonly options: Readonly<Record<string, string>>; readonly carrierAccounts: readonly string[] },
): ShipmentDraft {
  const { shipFrom, shipTo, delivery } = request;
  // EasyPost switches the addresses of a return by itself and wants those of the way out (its support article on returns).
  const [from, to] = delivery.isReturn ? [shipTo, shipFrom] : [shipFrom, shipTo];
  return {
    ...(more.reference === undefined ? {} : { reference: more.reference }),
    from_address: addressDraft(from),
    to_address: addressDraft(to),
    parcel: parcelOf(request.parcel),
    ...(delivery.isReturn ? { is_return: true } : {}),
    ...(delivery.customs === null ? {} : customsOf(delivery.customs, laneOf(request))),
    options: { ...more.options, ...optionsOf(delivery) },
    ...(more.carrierAccounts.length === 0 ? {} : { carrier_accounts: more.carrierAccounts }),
  };
}

/** Why what is asked of the delivery cannot be asked of EasyPost, in words; null where it can. */
export function obstacleOf(request: Sent, currency: string): string | null {
  const { insured, customs } = request.delivery;
  if (insured !== null && insured.currency !== currency)
    return `the insured value is in ${insured.currency} and the labels are in ${currency}`;
  return customs === null ? null : exportObstacle(customs, laneOf(request));
}

export function addressDraft(address: Address): AddressDraft {
  const [street1 = '', ...others] = address.lines;
  const parts = {
    name: address.name,
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

/** The carrier's own insurance, signature and Saturday are options of a shipment, and so in the price of its rates. */
function optionsOf({ signature, onSaturday, insured, customs }: DeliveryTerms): Record<string, string | boolean> {
  return {
    ...(signature === 'none' ? {} : { delivery_confirmation: signature === 'adult' ? 'ADULT_SIGNATURE' : 'SIGNATURE' }),
    ...(onSaturday ? { saturday_delivery: true } : {}),
    ...(insured === null ? {} : { carrier_insurance_amount: decimalOf(insured) }),
    ...(customs === null ? {} : { incoterm: customs.incoterm }),
    ...(customs?.invoiceNumber ? { invoice_number: customs.invoiceNumber } : {}),
  };
}

function laneOf({ shipFrom, shipTo }: Pick<Sent, 'shipFrom' | 'shipTo'>): { readonly from: string; readonly to: string } {
  return { from: shipFrom.country, to: shipTo.country };
}

function parcelOf(parcel: Parcel): Record<string, number> {
  const weight = { weight: ouncesOf(parcel.grams) };
  if (parcel.millimetres === null) return weight;
  const [length, width, height] = parcel.millimetres;
  return { ...weight, length: inchesOf(length), width: inchesOf(width), height: inchesOf(height) };
}
