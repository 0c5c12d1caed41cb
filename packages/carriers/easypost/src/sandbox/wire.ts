import { documentTypes } from '@quartermaster/connector-kit/sandbox';
import { decimalOf } from '@quartermaster/domain';
import { z } from 'zod';
import type { StoredRate, StoredShipment } from './state.ts';
import { accountOf } from './tariff.ts';

const addressSchema = z
  .looseObject({ country: z.string().min(1), street1: z.string().min(1), zip: z.string().optional() })
  .transform(({ country, ...others }) => ({
    ...Object.fromEntries(Object.entries(others).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : []))),
    country,
  }));

const customsSchema = z.looseObject({
  contents_type: z.enum(['merchandise', 'gift', 'sample', 'documents', 'returned_goods', 'other']),
  contents_explanation: z.string().optional(),
  customs_certify: z.literal(true),
  customs_signer: z.string().min(1),
  eel_pfc: z
    .string()
    .regex(/^(NOEEI 30\.\d+(\([a-z]\))?|AES X\d{14})$/)
    .optional(),
  non_delivery_option: z.enum(['return', 'abandon']).optional(),
  restriction_type: z.literal('none'),
  customs_items: z
    .array(
      z.looseObject({
        description: z.string().min(1),
        quantity: z.int().positive(),
        value: z.number().nonnegative(),
        currency: z.string().length(3).optional(),
        weight: z.number().positive(),
        hs_tariff_number: z
          .string()
          .regex(/^\d{6,10}$/)
          .optional(),
        origin_country: z.string().length(2),
        code: z.string().optional(),
      }),
    )
    .min(1),
});
const taxIdSchema = z.object({
  entity: z.enum(['SENDER', 'RECEIVER']),
  tax_id_type: z.string(),
  tax_id: z.string().min(1),
  issuing_country: z.string().length(2),
});

/** What a shipment needs; EasyPost leaves unknown fields alone, and so does the sandbox. */
export const shipmentRequestSchema = z.object({
  shipment: z
    .object({
      reference: z.string().nullish(),
      from_address: addressSchema,
      to_address: addressSchema,
      parcel: z.object({
        weight: z.number().positive(),
        length: z.number().positive().optional(),
        width: z.number().positive().optional(),
        height: z.number().positive().optional(),
      }),
      options: z
        .looseObject({
          label_format: z.enum(['PNG', 'PDF', 'ZPL']).optional(),
          currency: z.string().optional(),
          delivery_confirmation: z.enum(['NO_SIGNATURE', 'SIGNATURE', 'ADULT_SIGNATURE']).optional(),
          saturday_delivery: z.boolean().optional(),
          carrier_insurance_amount: z
            .string()
            .regex(/^\d+(\.\d+)?$/)
            .optional(),
          incoterm: z.string().length(3).optional(),
        })
        .optional(),
      is_return: z.boolean().optional(),
      customs_info: customsSchema.optional(),
      tax_identifiers: z.array(taxIdSchema).optional(),
      carrier_accounts: z.array(z.string()).max(60, 'at most 60 carrier accounts').optional(),
    })
    .refine(
      ({ customs_info, parcel }) =>
        (customs_info?.customs_items ?? []).reduce((sum, { weight }) => sum + weight, 0) <= parcel.weight + 0.05,
      {
        path: ['customs_info', 'customs_items'],
        message: 'weigh more than the parcel',
      },
    ),
});

export const buyRequestSchema = z.object({ rate: z.object({ id: z.string() }) });

/** A shipment as EasyPost writes it: the fields that its documented answers have, null where there is nothing. */
export function shipmentJson(shipment: StoredShipment, origin: string): Record<string, unknown> {
  const { bought } = shipment;
  return {
    id: shipment.id,
    object: 'Shipment',
    mode: 'test',
    created_at: shipment.createdAt,
    updated_at: bought?.at ?? shipment.createdAt,
    is_return: shipment.isReturn,
    reference: shipment.reference,
    status: 'unknown',
    options: { ...shipment.options, currency: shipment.currency, payment: { type: 'SENDER' }, date_advance: 0 },
    messages: shipment.messages.map(({ carrier, account, message }) => ({
      carrier,
      carrier_account_id: account,
      type: 'rate_error',
      message,
    })),
    from_address: { object: 'Address', ...shipment.from },
    to_address: { object: 'Address', ...shipment.to },
    parcel: { object: 'Parcel', predefined_package: null, ...shipment.parcel },
    customs_info: shipment.customs,
    insurance: null,
    order_id: null,
    scan_form: shipment.scanFormId === null ? null : { id: shipment.scanFormId, object: 'ScanForm' },
    forms: [],
    rates: ratesJson(shipment),
    tracking_code: bought?.trackingCode ?? null,
    selected_rate: bought === null ? null : rateJson(bought.rate, shipment),
    postage_label: bought === null ? null : labelJson(shipment, bought.at, origin),
    tracker:
      bought === null
        ? null
        : {
            object: 'Tracker',
            tracking_code: bought.trackingCode,
            status: 'unknown',
            public_url: `${origin}/track/${bought.trackingCode}`,
          },
    refund_status: shipment.refund?.status ?? null,
    usps_zone: shipment.rates.some(({ tariff }) => tariff.carrier === 'USPS') ? 4 : null,
    fees:
      bought === null
        ? []
        : [
            {
              object: 'Fee',
              type: 'PostageFee',
              amount: `${decimalOf(bought.rate.price)}000`,
              charged: true,
              refunded: shipment.refund?.status === 'refunded',
            },
          ],
  };
}

export function ratesJson(shipment: StoredShipment): Record<string, unknown>[] {
  return shipment.rates.map((rate) => rateJson(rate, shipment));
}

/** SmartRate writes amounts as numbers. */
export function smartRatesJson(shipment: StoredShipment): Record<string, unknown>[] {
  return shipment.rates.map((rate) => {
    const days = rate.days ?? 3;
    return {
      ...rateJson(rate, shipment),
      rate: Number(decimalOf(rate.price)),
      time_in_transit: {
        percentile_50: days,
        percentile_75: days,
        percentile_85: days + 1,
        percentile_90: days + 1,
        percentile_95: days + 2,
        percentile_97: days + 3,
        percentile_99: days + 5,
      },
    };
  });
}

/** An error in EasyPost's first form, with a field for each detail. */
export function errorJson(
  code: string,
  message: string,
  errors: readonly { readonly field: string; readonly message: string }[] = [],
): Record<string, unknown> {
  return { error: { code, message, errors } };
}

function rateJson(rate: StoredRate, shipment: StoredShipment): Record<string, unknown> {
  const amount = decimalOf(rate.price);
  return {
    id: rate.id,
    object: 'Rate',
    mode: 'test',
    created_at: shipment.createdAt,
    carrier: rate.tariff.carrier,
    service: rate.tariff.service,
    rate: amount,
    currency: rate.price.currency,
    list_rate: amount,
    list_currency: rate.price.currency,
    retail_rate: null,
    retail_currency: null,
    billing_type: rate.tariff.billing ?? 'easypost',
    delivery_days: rate.days,
    delivery_date: null,
    delivery_date_guaranteed: false,
    est_delivery_days: rate.days,
    shipment_id: shipment.id,
    carrier_account_id: accountOf(rate.tariff),
  };
}

/** The label is in the format that was asked for; other formats come from `/label`. */
function labelJson(shipment: StoredShipment, at: string, origin: string): Record<string, unknown> {
  const url = (format: string) => `${origin}/labels/${shipment.id}.${format}`;
  return {
    object: 'PostageLabel',
    created_at: at,
    label_date: at,
    label_resolution: 300,
    label_size: '4x6',
    label_type: 'default',
    label_file_type: documentTypes[shipment.format],
    label_url: url(shipment.format),
    label_pdf_url: shipment.format === 'pdf' || shipment.converted.has('pdf') ? url('pdf') : null,
    label_zpl_url: shipment.format === 'zpl' || shipment.converted.has('zpl') ? url('zpl') : null,
    label_epl2_url: null,
    label_file: null,
  };
}
