import { decimalOf, epochMs, type Address, type Customs, type CustomsTaxId, type Instant, type LabelRequest } from '@quartermaster/domain';
import { notDone } from './faults.ts';
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
    ...(customs === null ? {} : { customs_information: declarationOf(customs, request.reference) }),
    ...(epochMs(request.shipAt) > epochMs(given.now) ? { delivery_dates: { handover_at: request.shipAt } } : {}),
    parcels: [
      {
        ...measuresOf(parcel),
        ...(request.reference === '' ? {} : { label_notes: [request.reference.slice(0, noteLength)] }),
        ...(delivery.insured === null
          ? {}
          : { additional_insured_price: { value: decimalOf(delivery.insured), currency: delivery.insured.currency } }),
        ...(customs === null ? {} : { parcel_items: customs.items.map(itemOf) }),
      },
    ],
  };
}

/** A return of one parcel. Its order number is the reference of the purchase: it is all that Sendcloud's list of returns shows of ours. */
export function returnDraftOf(request: LabelRequest, given: { readonly offer: Offer; readonly externalReference: string }): Json {
  const { parcel, delivery } = request;
  const { option } = given.offer;
  if (delivery.customs !== null)
    throw notDone(
      'unsupported',
      'label.buy',
      'a return over a customs border is not written yet',
      'Make this return in Sendcloud’s panel.',
    );
  return {
    from_address: addressDraftOf(request.shipFrom, 'sender'),
    to_address: addressDraftOf(request.shipTo, 'recipient'),
    ship_with: {
      type: 'shipping_option_code',
      shipping_option_code: option.code,
      ...(option.contract ? { contract: option.contract.id } : {}),
    },
    weight: { value: parcel.grams, unit: 'g' },
    ...(parcel.millimetres === null
      ? {}
      : { dimensions: { length: parcel.millimetres[0], width: parcel.millimetres[1], height: parcel.millimetres[2], unit: 'mm' } }),
    ...(delivery.insured === null
      ? {}
      : { total_insured_value: { value: Number(decimalOf(delivery.insured)), currency: delivery.insured.currency } }),
    order_number: given.externalReference,
    external_reference: given.externalReference,
    send_tracking_emails: false,
    apply_rules: false,
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

/** An address in Sendcloud's words; what is empty is left out. Lines beyond the second go with the second, and the house number stays in its line. Throws where something is missing that Sendcloud demands. */
export function addressDraftOf(address: Address, whose: 'sender' | 'recipient'): Json {
  const [line1 = '', ...others] = address.lines.map((line) => line.trim()).filter((line) => line !== '');
  const name = address.name.trim() || (address.company ?? '').trim();
  const demanded = { name, address_line_1: line1, postal_code: address.postalCode.trim(), city: address.city.trim() };
  for (const [field, value] of Object.entries(demanded))
    if (value === '')
      throw notDone('invalid-request', 'label.buy', `the ${whose} has no ${field}, which Sendcloud demands`, 'Complete the address.');
  const country = address.country.toUpperCase();
  const more = {
    company_name: address.company,
    address_line_2: others.join(', '),
    state_province_code: regionOf(address.region, country),
    phone_number: address.phone,
    email: address.email,
  };
  const given = Object.entries(more).filter(([, value]) => value !== null && value !== '');
  return { ...demanded, country_code: country, ...Object.fromEntries(given) };
}

/** ISO 3166-2, such as `US-CA`; a region in words is none. */
function regionOf(region: string | null, country: string): string | null {
  const code = (region ?? '').trim().toUpperCase();
  if (new RegExp(`^${country}-[A-Z0-9]{1,3}$`).test(code)) return code;
  return /^[A-Z0-9]{1,3}$/.test(code) ? `${country}-${code}` : null;
}

/** Goods that come back have no word of their own at shipments; nor has what is none of these. */
const exportReasons: Readonly<Record<Customs['contents'], string>> = {
  merchandise: 'commercial_goods',
  gift: 'gift',
  sample: 'commercial_sample',
  documents: 'documents',
  return: 'commercial_goods',
  other: 'commercial_goods',
};

const noteLength = 255;
const invoiceNumberLength = 40;
const descriptionLength = 255;

/** An invoice number is demanded: where there is none, our reference is it. */
function declarationOf(customs: Customs, reference: string): Json {
  const numbersOf = (of: CustomsTaxId['of']) =>
    customs.taxIds.filter((id) => id.of === of).map(({ type, value, country }) => ({ name: type, country_code: country, value }));
  return {
    invoice_number: (customs.invoiceNumber ?? reference).slice(0, invoiceNumberLength),
    export_reason: exportReasons[customs.contents],
    ...(customs.taxIds.length === 0
      ? {}
      : { tax_numbers: { sender: numbersOf('sender'), receiver: numbersOf('recipient'), importer_of_record: [] } }),
  };
}

function itemOf(item: Customs['items'][number]): Json {
  if (item.hsCode === null || item.origin === null)
    throw notDone(
      'invalid-request',
      'label.buy',
      `${item.sku} has no HS code or no country of origin, which Sendcloud demands for the customs`,
      'Complete the product.',
    );
  return {
    description: Array.from(item.description).slice(0, descriptionLength).join('') || item.sku,
    quantity: item.units,
    weight: { value: item.unitGrams, unit: 'g' },
    price: { value: decimalOf(item.unitValue), currency: item.unitValue.currency },
    hs_code: item.hsCode,
    origin_country: item.origin.toUpperCase(),
    sku: item.sku,
  };
}
