import { decimalOf, epochMs, type Instant, type LabelRequest } from '@quartermaster/domain';
import { addressDraftOf } from './address-draft.ts';
import { declarationOf, itemOf } from './customs-draft.ts';
import type { Offer } from './options.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a parcel and its way are, for rating and for buying alike: what was priced is what is bought. */
export type Shipping = Pick<LabelRequest, 'shipFrom' | 'shipTo' | 'parcel' | 'shipAt' | 'delivery'>;

/** What options are asked for by. `code`: of one option alone. */
export function optionFilterOf({ shipFrom, shipTo, parcel, delivery }: Shipping, code: string | null): Json {
  return {
    from_country_code: shipFrom.country.toUpperCase(),
    to_country_code: shipTo.country.toUpperCase(),
    ...(shipFrom.postalCode === '' ? {} : { from_postal_code: shipFrom.postalCode.slice(0, 12) }),
    ...(shipTo.postalCode === '' ? {} : { to_postal_code: shipTo.postalCode.slice(0, 12) }),
    parcels: [
      {
        ...measuresOf(parcel),
        ...(delivery.insured === null ? {} : { additional_insured_price: Number(decimalOf(delivery.insured)) }),
      },
    ],
    ...(code === null ? {} : { shipping_option_code: code }),
    calculate_quotes: true,
  };
}

/** Fields that some options demand (`requirements.fields`) and that are not there. */
export function lackingFieldsOf({ shipTo, parcel }: Shipping): string[] {
  return [
    ...(shipTo.email ? [] : ['to_email']),
    ...(shipTo.phone ? [] : ['to_telephone']),
    ...(parcel.millimetres === null ? ['length', 'width', 'height'] : []),
  ];
}

/** A shipment of one parcel, to be announced at once. A date of handing over that is past is left out: the carrier takes its next day. */
export function shipmentDraftOf(
  request: LabelRequest,
  given: { readonly offer: Offer; readonly externalReference: string; readonly key: string; readonly now: Instant },
): Json {
  const { parcel, delivery } = request;
  const { customs } = delivery;
  return {
    label_details: { mime_type: mimeTypes[request.format], ...(request.format === 'zpl' ? {} : { dpi: 203 }) },
    ship_with: shipWithOf(given.offer),
    from_address: addressDraftOf(request.shipFrom, 'sender'),
    to_address: addressDraftOf(request.shipTo, 'recipient'),
    order_number: request.reference,
    reference: given.key,
    external_reference_id: given.externalReference,
    ...(customs === null ? {} : { customs_information: declarationOf(customs, { reference: request.reference, isReturn: false }) }),
    ...(epochMs(request.shipAt) > epochMs(given.now) ? { delivery_dates: { handover_at: request.shipAt } } : {}),
    parcels: [
      {
        ...measuresOf(parcel),
        ...(request.reference === '' ? {} : { label_notes: [request.reference.slice(0, noteLength)] }),
        ...(delivery.insured === null
          ? {}
          : { additional_insured_price: { value: decimalOf(delivery.insured), currency: delivery.insured.currency } }),
        ...(customs === null ? {} : { parcel_items: customs.items.map((item) => itemOf(item, { isReturn: false })) }),
      },
    ],
  };
}

/** What Sendcloud calls the formats of documents. */
export const mimeTypes = { pdf: 'application/pdf', zpl: 'application/zpl', png: 'image/png' } as const;

function shipWithOf({ option }: Offer): Json {
  return {
    type: 'shipping_option_code',
    properties: { shipping_option_code: option.code, ...(option.contract ? { contract_id: option.contract.id } : {}) },
  };
}

/** Grams and millimetres are units of Sendcloud's: nothing is rounded. */
function measuresOf({ grams, millimetres }: LabelRequest['parcel']): Json {
  return {
    weight: { value: String(grams), unit: 'g' },
    ...(millimetres === null
      ? {}
      : { dimensions: { length: String(millimetres[0]), width: String(millimetres[1]), height: String(millimetres[2]), unit: 'mm' } }),
  };
}

/** Longest line that is printed on a label. */
const noteLength = 255;
