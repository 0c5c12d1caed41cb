import { documentTypes, sampleDocument } from '@quartermaster/connector-kit/sandbox';
import { decimalOf, sumMoney, type Money } from '@quartermaster/domain';
import type { Refusal, StoredLabel } from './state.ts';
import type { SandboxOffer, SandboxTariff } from './tariff.ts';

type Json = Record<string, unknown>;

const requestId = '00000000-0000-4000-8000-000000000001';

export function errorsJson(...refusals: readonly Omit<Refusal, 'status'>[]): Json {
  return {
    request_id: requestId,
    errors: refusals.map(({ source, type, code, message, field }) => ({
      error_source: source,
      error_type: type,
      error_code: code,
      message,
      ...(field === undefined ? {} : { field_name: field }),
    })),
  };
}

export function moneyJson(amount: Money): Json {
  return { currency: amount.currency.toLowerCase(), amount: Number(decimalOf(amount)) };
}

/** A price as ShipEngine writes it. The details break down what the carrier asks for; insurance stands beside them. */
export function rateJson(given: {
  readonly id: string;
  readonly tariff: SandboxTariff;
  readonly offer: Extract<SandboxOffer, { kind: 'offered' }>;
  readonly currency: string;
  readonly now: string;
  readonly packageType: string;
}): Json {
  const { tariff, offer, currency } = given;
  const { carrierCode, carrierId, serviceCode } = tariff;
  return {
    rate_id: given.id,
    rate_type: 'shipment',
    carrier_id: carrierId,
    shipping_amount: moneyJson(sumMoney([offer.base, offer.fuel], currency)),
    insurance_amount: moneyJson(offer.insurance),
    confirmation_amount: moneyJson(offer.confirmation),
    other_amount: moneyJson({ minor: 0, currency }),
    rate_details: detailsJson(offer).slice(0, 2),
    zone: offer.zone,
    package_type: given.packageType,
    ...(offer.days === null
      ? {}
      : {
          delivery_days: offer.days,
          estimated_delivery_date: dayAfter(given.now, offer.days),
          carrier_delivery_days: `${offer.days} days`,
        }),
    guaranteed_service: false,
    ship_date: given.now,
    negotiated_rate: false,
    service_type: serviceCode.replaceAll('_', ' '),
    service_code: serviceCode,
    trackable: true,
    carrier_code: carrierCode,
    carrier_nickname: carrierCode,
    carrier_friendly_name: carrierCode,
    validation_status: 'valid',
    warning_messages: [],
    error_messages: [],
    rate_attributes: [],
  };
}

export function labelJson(label: StoredLabel, origin: string, download: 'url' | 'inline'): Json {
  const { request, tariff, offer, currency } = label;
  const { shipment } = request;
  const isThere = label.status !== 'error';
  return {
    label_id: label.id,
    status: label.status,
    shipment_id: label.shipmentId,
    external_shipment_id: label.externalId,
    external_order_id: shipment.external_order_id ?? null,
    ship_date: `${(shipment.ship_date ?? label.createdAt).slice(0, 10)}T00:00:00Z`,
    created_at: label.createdAt,
    shipment_cost: moneyJson(sumMoney([offer.base, offer.fuel, offer.confirmation], currency)),
    insurance_cost: moneyJson(offer.insurance),
    rate_details: detailsJson(offer),
    ...(isThere ? { tracking_number: label.trackingNumber } : {}),
    is_return_label: request.is_return_label ?? false,
    rma_number: null,
    is_international: (shipment.ship_from?.country_code ?? shipment.ship_to.country_code) !== shipment.ship_to.country_code,
    batch_id: null,
    carrier_id: tariff.carrierId,
    charge_event: request.charge_event ?? 'carrier_default',
    service_code: tariff.serviceCode,
    package_code: 'package',
    voided: label.status === 'voided',
    voided_at: label.voidedAt,
    label_format: request.label_format,
    display_scheme: 'label',
    label_layout: request.label_layout,
    trackable: true,
    label_image_id: null,
    carrier_code: tariff.carrierCode,
    tracking_status: label.scans.some(({ status }) => status === 'DE') ? 'delivered' : label.scans.length > 0 ? 'in_transit' : 'unknown',
    label_download: isThere ? downloadJson(label, origin, download) : null,
    form_download: null,
    qr_code_download: null,
    paperless_download: null,
    insurance_claim: null,
    packages: [],
    alternative_identifiers: [],
    tracking_url: isThere ? `${origin}/track/${label.trackingNumber}` : null,
  };
}

/** What ShipEngine knows of a parcel, newest event first. Times are the carrier's local ones, taken for UTC. */
export function trackingJson(label: StoredLabel, origin: string): Json {
  const scans = label.scans.toReversed();
  const [last] = scans;
  return {
    tracking_number: label.trackingNumber,
    tracking_url: `${origin}/track/${label.trackingNumber}`,
    status_code: last?.status ?? 'NY',
    status_detail_code: last?.detail ?? 'SHIPMENT_CREATED',
    carrier_code: label.tariff.carrierCode,
    carrier_id: Number(label.tariff.carrierId.replace(/\D/g, '')),
    status_description: last?.text ?? 'Not Yet In System',
    carrier_status_code: last?.status ?? 'NY',
    carrier_detail_code: last?.detail ?? 'NY',
    carrier_status_description: last?.text ?? 'A shipping label has been made.',
    ship_date: label.createdAt,
    estimated_delivery_date: label.offer.days === null ? null : dayAfter(label.createdAt, label.offer.days),
    actual_delivery_date: scans.find(({ status }) => status === 'DE')?.at ?? null,
    exception_description: null,
    events: scans.map((scan) => ({
      occurred_at: scan.at,
      carrier_occurred_at: scan.at.slice(0, 19),
      description: scan.text,
      city_locality: 'San Francisco',
      state_province: 'CA',
      postal_code: '94104',
      country_code: 'US',
      event_code: scan.detail,
      carrier_detail_code: scan.detail,
      status_code: scan.status,
      status_detail_code: scan.detail,
      status_description: scan.text,
      carrier_status_code: scan.status,
      carrier_status_description: scan.text,
    })),
  };
}

/** The lines that stand on a sample. */
export function linesOf({ tariff, trackingNumber, request }: StoredLabel): string[] {
  const reference = request.shipment.packages[0]?.label_messages?.reference1 ?? '';
  return ['SAMPLE - NO POSTAGE', `${tariff.carrierCode} ${tariff.serviceCode}`, trackingNumber, reference];
}

/** One format, as it was asked for, as bytes; or the addresses of all. */
function downloadJson(label: StoredLabel, origin: string, download: 'url' | 'inline'): Json {
  const format = label.request.label_format;
  if (download === 'inline') {
    const bytes = Buffer.from(sampleDocument(format, linesOf(label))).toString('base64');
    return { href: `data:${documentTypes[format]};base64,${bytes}` };
  }
  const url = (extension: string) => `${origin}/v1/downloads/10/sandbox/label-${label.id}.${extension}`;
  return { pdf: url('pdf'), png: url('png'), zpl: url('zpl'), href: url(format) };
}

function detailsJson({ base, fuel, confirmation }: Extract<SandboxOffer, { kind: 'offered' }>): Json[] {
  const details = [
    { type: 'shipping', code: 'FRT', amount: base },
    { type: 'fuel_charge', code: 'FUE', amount: fuel },
    ...(confirmation.minor === 0 ? [] : [{ type: 'confirmation', code: 'SIG', amount: confirmation }]),
  ];
  return details.map(({ type, code, amount }) => ({
    rate_detail_type: type,
    carrier_description: type,
    carrier_billing_code: code,
    carrier_memo: '',
    amount: moneyJson(amount),
    billing_source: 'carrier',
  }));
}

function dayAfter(instant: string, days: number): string {
  return `${new Date(Date.parse(instant) + days * 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`;
}
