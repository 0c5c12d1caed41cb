import { sampleDocument } from '@quartermaster/connector-kit/sandbox';
import type { Instant, LabelFormat } from '@quartermaster/domain';
import { statusFacts, type ParcelStatus, type StoredParcel, type StoredReturn, type StoredShipment } from './state.ts';
import { decimal, totalOf, type SandboxOption, type SandboxPrice } from './tariff.ts';

type Json = Readonly<Record<string, unknown>>;

export function optionJson(
  option: SandboxOption,
  price: SandboxPrice | null,
  given: { readonly grams: number; readonly currency: string },
): Json {
  const [carrier = '', product = ''] = option.code.split(':');
  const currency = option.currency ?? given.currency;
  const money = (minor: number) => ({ value: decimal(minor), currency });
  const weight = { min: kilograms(option.minGrams ?? 1), max: kilograms(option.maxGrams) };
  return {
    code: option.code,
    name: option.code,
    carrier: { code: carrier, name: carrier.toUpperCase() },
    product: { code: `${carrier}:${product.split('/')[0] ?? ''}`, name: product },
    functionalities: {
      b2c: true,
      signature: option.signature ?? false,
      age_check: option.ageCheck ?? null,
      weekend_delivery: option.weekend ?? null,
      incoterm: option.incoterm ?? null,
      returns: option.returns ?? false,
      tracked: option.tracked ?? true,
      labelless: false,
      last_mile: option.needsServicePoint === true ? 'service_point' : 'home_delivery',
    },
    weight,
    max_dimensions: { length: '175.00', width: '78.00', height: '58.00', unit: 'cm' },
    parcel_billed_weights: [{ ...kilograms(given.grams), volumetric: false, calculation: null, parcel_number: 1 }],
    contract: { id: option.contractId, client_id: '', carrier_code: carrier, name: 'Sandbox' },
    requirements: { fields: option.demands ?? [], export_documents: false, is_service_point_required: option.needsServicePoint ?? false },
    charging_type: 'label_creation',
    quotes:
      price === null
        ? null
        : [
            {
              weight,
              lead_time: price.leadHours,
              price: {
                breakdown: [
                  { type: 'price_without_insurance', label: 'Label', price: money(price.baseMinor) },
                  { type: 'insurance_price', label: 'Shipment protection (incl. taxes)', price: money(price.insuranceMinor) },
                  { type: 'fuel', label: 'Fuel surcharge', price: money(price.fuelMinor) },
                ],
                total: money(totalOf(price)),
              },
            },
          ],
  };
}

function kilograms(grams: number): Json {
  return { value: (grams / 1_000).toFixed(3), unit: 'kg' };
}

/** `file`: the label goes along, as it does only in the answer to an announcement. */
export function shipmentJson(shipment: StoredShipment, given: { readonly origin: string; readonly file: string | null }): Json {
  const { request, uuid, id, trackingNumber, createdAt } = shipment;
  const [parcel] = request.parcels;
  const hasLabel = isLabelled(shipment);
  const failed = shipment.status === 'ANNOUNCEMENT_FAILED';
  return {
    id: uuid,
    ...(given.file === null ? {} : { label_details: request.label_details }),
    order_number: request.order_number ?? null,
    reference: request.reference ?? null,
    external_reference_id: request.external_reference_id ?? null,
    ship_with: request.ship_with,
    from_address: request.from_address,
    to_address: request.to_address,
    customs_information: request.customs_information ?? null,
    parcels: [
      {
        ...parcel,
        id,
        status: statusJson(shipment.status),
        documents: hasLabel ? [{ type: 'label', size: 'a6', link: `${given.origin}/api/v3/parcels/${id}/documents/label` }] : [],
        tracking_number: hasLabel ? trackingNumber : '',
        tracking_url: hasLabel ? trackingUrl(trackingNumber) : null,
        additional_carrier_data: { awb_tracking_number: null, box_number: null },
        created_at: createdAt,
        updated_at: createdAt,
        announced_at: hasLabel ? createdAt : null,
        ...(given.file === null || !hasLabel ? {} : { label_file: given.file }),
      },
    ],
    errors: failed ? [{ status: '400', code: 'carrier_error', detail: 'The carrier did not take the shipment.' }] : [],
  };
}

export function returnJson(made: StoredReturn, given: { readonly origin: string; readonly currency: string }): Json {
  const { request, id, option, price, trackingNumber, createdAt, status } = made;
  const label = `${given.origin}/api/v2/labels/label_printer/${id}`;
  return {
    from_address: request.from_address,
    to_address: request.to_address,
    shipping_product: { code: option.code.split('/')[0] },
    weight: request.weight,
    collo_count: 1,
    parcel_items: [],
    send_tracking_emails: request.send_tracking_emails,
    label_url: label,
    label: { label_printer: label, normal_printer: [] },
    label_cost: { value: totalOf(price) / 100, currency: option.currency ?? given.currency },
    insurance: false,
    tracking_number: trackingNumber,
    tracking_url: trackingUrl(trackingNumber),
    is_cancellable: status === 'READY_TO_SEND',
    status_history: [
      {
        carrier_update_timestamp: createdAt,
        parcel_status_history_id: '1',
        parent_status: historyName(status),
        carrier_code: '',
        carrier_message: '',
      },
    ],
    created_at: createdAt,
    order_number: request.order_number ?? '',
    errors: [],
  };
}

export function trackingJson(parcel: StoredShipment | StoredReturn): Json {
  const { request, createdAt, scans, trackingNumber, id } = parcel;
  const place = ({ country_code, postal_code }: { readonly country_code: string; readonly postal_code: string }) => ({
    country_code,
    postal_code,
  });
  return {
    announced_at: createdAt,
    created_at: createdAt,
    updated_at: createdAt,
    source_id: String(id),
    details: {
      expected_delivery_date: null,
      is_return: parcel.kind === 'return',
      is_to_service_point: false,
      is_mail_box: false,
      integration_id: 1,
      brand_id: 1,
    },
    events: scans.map(({ at, code, text }) => ({
      event_at: at,
      event_type: 'carrier',
      status_code: code,
      status_description: text,
      status_type: 'success',
      sub_status_code: 'none',
    })),
    from_address: place(request.from_address),
    to_address: place(request.to_address),
    tracking_numbers: [{ tracking_number: trackingNumber, carrier_code: parcel.option.code.split(':')[0] }],
  };
}

/** A webhook about a parcel, in the words of version 2, which are those of version 3 as well. */
export function webhookJson(parcel: StoredShipment | StoredReturn, at: Instant): Json {
  const { request } = parcel;
  const { id, message } = statusFacts[parcel.status];
  return {
    action: 'parcel_status_changed',
    timestamp: Date.parse(at),
    carrier_status_change_timestamp: parcel.scans.length === 0 ? null : Date.parse(parcel.scans.at(-1)?.at ?? at),
    parcel: {
      id: parcel.id,
      name: request.to_address.name,
      address: request.to_address.address_line_1,
      city: request.to_address.city,
      postal_code: request.to_address.postal_code,
      tracking_number: isLabelled(parcel) ? parcel.trackingNumber : '',
      status: { id, message },
      order_number: request.order_number ?? '',
      shipment: { id: 8, name: parcel.option.code },
      is_return: parcel.kind === 'return',
      carrier: { code: parcel.option.code.split(':')[0] },
    },
  };
}

export function statusJson(status: ParcelStatus): Json {
  return { code: status, message: statusFacts[status].message };
}

export function isLabelled({ status }: StoredParcel): boolean {
  return status !== 'ANNOUNCING' && status !== 'ANNOUNCEMENT_FAILED';
}

export function labelFile({ trackingNumber, option, price }: StoredParcel, format: LabelFormat): Uint8Array {
  return sampleDocument(format, ['SANDBOX', option.code, trackingNumber, decimal(totalOf(price))]);
}

function historyName(status: ParcelStatus): string {
  return status.toLowerCase().replaceAll('_', '-');
}

function trackingUrl(trackingNumber: string): string {
  return `https://tracking.eu-central-1-0.sendcloud.sc/forward?code=${trackingNumber}`;
}
