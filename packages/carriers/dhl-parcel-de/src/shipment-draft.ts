import { epochMs, localDate, type Clock, type LabelRequest, type Money, type Parcel } from '@quartermaster/domain';
import { customsOf, returnCustomsOf, valueOf } from './customs-draft.ts';
import { notDone } from './faults.ts';
import { dhlZone, lengths, standardProfile } from './limits.ts';
import { consigneeOf, fitting, houseOf, isGerman, linesOf, named, namesOf, postalCodeOf, shipperOf, type Draft } from './party.ts';

export type DraftGiven = {
  /** Group of users at DHL. */
  readonly profile?: string;
  /** Product, such as `V01PAK`, to the billing number that pays for it. */
  readonly billingNumbers: Readonly<Record<string, string>>;
  /** Printed on every label. */
  readonly costCenter?: string;
  /** Recipients agreed that DHL gets their phone number and e-mail address. */
  readonly tellsRecipient: boolean;
  /** Country that a return comes from, two letters, to the id of the receiver in the business customer portal. */
  readonly returnReceivers: Readonly<Record<string, string>>;
};

/** What is bought, and under which reference. */
export type Purchase = {
  readonly request: LabelRequest;
  /** DHL's product. */
  readonly product: string;
  readonly price: Money;
  /** ISO day on which it is handed over, by DHL's calendar. */
  readonly shipDate: string;
  readonly reference: string;
  readonly operation: string;
};

/** One shipment, as `POST /orders` takes it. Throws `invalid-request` for what DHL has no place for. */
export function orderDraftOf(purchase: Purchase, given: DraftGiven): Draft {
  return { profile: given.profile ?? standardProfile, shipments: [shipmentDraftOf(purchase, given)] };
}

function shipmentDraftOf(purchase: Purchase, given: DraftGiven): Draft {
  const { request, product, reference, shipDate, operation } = purchase;
  const { shipFrom, shipTo, parcel, delivery } = request;
  return {
    product,
    billingNumber: billingNumberOf(product, given, operation),
    refNo: reference,
    ...(given.costCenter === undefined ? {} : { costCenter: given.costCenter.slice(0, lengths.costCenter) }),
    shipDate,
    shipper: shipperOf(shipFrom, operation),
    consignee: consigneeOf(shipTo, { tellsRecipient: given.tellsRecipient, operation }),
    details: detailsOf(parcel),
    ...servicesOf(purchase),
    ...(delivery.customs === null ? {} : { customs: customsWithTerms(purchase) }),
  };
}

export function billingNumberOf(product: string, { billingNumbers }: Pick<DraftGiven, 'billingNumbers'>, operation: string): string {
  const number = billingNumbers[product];
  if (number !== undefined) return number;
  throw notDone(
    'refused',
    operation,
    `the account has no billing number for ${product}`,
    'Add the billing number of that product, or choose another service.',
  );
}

/** The day of handing over by DHL's calendar; a day that is past is today, as DHL takes no other. */
export function shipDateOf({ shipAt }: Pick<LabelRequest, 'shipAt'>, clock: Clock): string {
  const now = clock.now();
  return localDate(epochMs(shipAt) < epochMs(now) ? now : shipAt, dhlZone);
}

/** Whole grams and whole centimetres, rounded up: a parcel is never declared lighter or smaller than it is. DHL itself would round millimetres, and does not say how. */
export function detailsOf({ grams, millimetres }: Pick<Parcel, 'grams' | 'millimetres'>): Draft {
  const weight = { uom: 'g', value: Math.ceil(grams) };
  if (millimetres === null) return { weight };
  const [length, width, height] = millimetres.map((side) => Math.ceil(side / 10)).toSorted((a, b) => b - a);
  return { dim: { uom: 'cm', height, length, width }, weight };
}

/**
 * A signature is that of whoever takes the parcel, and not the carrier's ("signed for by the recipient and not by DHL staff"); an adult's is the visual check of age. What happens with a parcel that
 * cannot be delivered is said only where it crosses a border.
 */
function servicesOf({ request: { delivery, shipTo }, product }: Purchase): { readonly services?: Draft } {
  const { signature, insured, customs } = delivery;
  const services = {
    ...(signature === 'anyone' ? { signedForByRecipient: true } : {}),
    ...(signature === 'adult' ? { visualCheckOfAge: 'A18' } : {}),
    ...(insured === null ? {} : { additionalInsurance: valueOf(insured) }),
    ...(customs === null || isGerman(shipTo) ? {} : { endorsement: customs.ifUndeliverable === 'abandon' ? 'ABANDON' : 'RETURN' }),
    ...(customs?.incoterm === 'DDP' && product !== europaket ? { postalDeliveryDutyPaid: true } : {}),
  };
  return Object.keys(services).length === 0 ? {} : { services };
}

/** The one product that names the terms of trade in the declaration; the others have a service for duties paid. */
const europaket = 'V54EPAK';

function customsWithTerms({ request, product, price, operation }: Purchase): Draft {
  const { customs } = request.delivery;
  if (customs === null) return {};
  return {
    ...customsOf(customs, { request, postage: price, operation }),
    ...(product === europaket ? { shippingConditions: customs.incoterm } : {}),
  };
}

/** A return label, as the Returns API takes it: from the customer to a receiver that the portal knows by its id. */
export function returnDraftOf({ request, reference, operation }: Purchase, given: DraftGiven): Draft {
  const { shipFrom, parcel, delivery } = request;
  const country = shipFrom.country.trim().toUpperCase();
  const receiverId = given.returnReceivers[country];
  if (receiverId === undefined)
    throw notDone(
      'refused',
      operation,
      `no receiver of returns from ${country} is set up`,
      'Add the id of the receiver from the business customer portal.',
    );
  const { first, others } = namesOf(shipFrom);
  const [line = '', ...moreLines] = linesOf(shipFrom);
  const place = houseOf(line);
  if (place === null)
    throw notDone('invalid-request', operation, 'the street of a return has no house number', 'Put the house number behind the street.');
  return {
    receiverId,
    customerReference: request.reference.slice(0, lengths.returnReference),
    shipmentReference: reference,
    shipper: {
      ...named([first, ...others, ...moreLines]),
      addressStreet: fitting(place.street, lengths.street, 'street of a return', operation),
      addressHouse: place.house,
      ...postalCodeOf(shipFrom),
      city: fitting(shipFrom.city.trim(), lengths.city, 'city of a return', operation),
    },
    itemWeight: { uom: 'g', value: Math.ceil(parcel.grams) },
    ...(delivery.customs === null ? {} : { customsDetails: returnCustomsOf(delivery.customs) }),
  };
}
