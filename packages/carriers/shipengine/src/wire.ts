import { instantSchema } from '@quartermaster/domain';
import { z } from 'zod';

export const textOrNull = z.string().nullish().catch(null);
export const instantOrNull = instantSchema.nullish().catch(null);
const numberOrNull = z.number().nullish().catch(null);
const booleanOrNull = z.boolean().nullish().catch(null);

/** Amounts are JSON numbers; some answers have them as text. */
const amountSchema = z.union([z.string(), z.number().transform(String)]).refine((text) => /^-?\d+(\.\d+)?$/.test(text), 'a decimal amount');

/** Currencies come in small letters from some carriers. */
export const wireMoneySchema = z.object({ currency: z.string().transform((code) => code.toUpperCase()), amount: amountSchema });
export type WireMoney = z.infer<typeof wireMoneySchema>;
const moneyOrNull = wireMoneySchema.nullish().catch(null);

/** What cannot be read of a list is as good as not there: it must not hide the rest. */
function readable<Item>(item: z.ZodType<Item>) {
  return z
    .array(item.nullable().catch(null))
    .nullish()
    .catch(null)
    .transform((items) => (items ?? []).filter((one) => one !== null));
}

const detailSchema = z.object({ rate_detail_type: z.string(), carrier_billing_code: textOrNull, amount: wireMoneySchema });
export type WireDetail = z.infer<typeof detailSchema>;
/** Parts of a price are of use only all together. */
const detailsSchema = z
  .array(detailSchema)
  .nullish()
  .catch(null)
  .transform((details) => details ?? []);

const wireErrorItemSchema = z.object({
  error_source: textOrNull,
  error_type: textOrNull,
  error_code: textOrNull,
  message: textOrNull,
  carrier_id: textOrNull,
  carrier_code: textOrNull,
  field_name: textOrNull,
});
export type WireErrorItem = z.infer<typeof wireErrorItemSchema>;

export const wireErrorsSchema = z.object({ request_id: textOrNull, errors: z.array(wireErrorItemSchema).min(1) });

export const wireCarriersSchema = z.object({
  carriers: z.array(
    z.object({
      carrier_id: z.string(),
      carrier_code: z.string(),
      friendly_name: textOrNull,
      disabled_by_billing_plan: booleanOrNull,
    }),
  ),
  errors: readable(wireErrorItemSchema),
});
export type WireCarriers = z.infer<typeof wireCarriersSchema>;

export const wireRateSchema = z.object({
  rate_id: z.string(),
  carrier_id: z.string(),
  carrier_code: z.string(),
  service_code: z.string(),
  package_type: textOrNull,
  shipping_amount: wireMoneySchema,
  insurance_amount: moneyOrNull,
  confirmation_amount: moneyOrNull,
  other_amount: moneyOrNull,
  tax_amount: moneyOrNull,
  rate_details: detailsSchema,
  zone: numberOrNull,
  delivery_days: numberOrNull,
  estimated_delivery_date: textOrNull,
  guaranteed_service: booleanOrNull,
  negotiated_rate: booleanOrNull,
  validation_status: textOrNull,
  error_messages: z.array(z.string()).nullish().catch(null),
});
export type WireRate = z.infer<typeof wireRateSchema>;

const invalidRateSchema = z.object({ carrier_code: textOrNull, service_code: textOrNull, error_messages: z.array(z.string()).catch([]) });

export const wireRatesSchema = z.object({
  rate_response: z.object({
    rates: readable(wireRateSchema),
    invalid_rates: readable(invalidRateSchema),
    status: textOrNull,
    errors: readable(wireErrorItemSchema),
  }),
});
export type WireRates = z.infer<typeof wireRatesSchema>['rate_response'];

/** What we use of a label. `processing`, `completed`, `error`, `voided`, or a status that we do not know. */
export const wireLabelSchema = z.object({
  label_id: z.string().min(1),
  status: z.string(),
  shipment_id: textOrNull,
  external_shipment_id: textOrNull,
  external_order_id: textOrNull,
  created_at: instantOrNull,
  shipment_cost: moneyOrNull,
  insurance_cost: moneyOrNull,
  rate_details: detailsSchema,
  tracking_number: textOrNull,
  tracking_url: textOrNull,
  carrier_id: textOrNull,
  carrier_code: textOrNull,
  service_code: textOrNull,
  voided: booleanOrNull,
  label_format: textOrNull,
  label_download: z.object({ href: textOrNull, pdf: textOrNull, png: textOrNull, zpl: textOrNull }).nullish().catch(null),
});
export type WireLabel = z.infer<typeof wireLabelSchema>;

export const wireLabelsSchema = z.object({ labels: z.array(wireLabelSchema), pages: numberOrNull });

export const wireShipmentStateSchema = z.object({ shipment_id: z.string(), shipment_status: textOrNull });

export const wireVoidSchema = z.object({ approved: z.boolean(), message: textOrNull, reason_code: textOrNull });
export type WireVoid = z.infer<typeof wireVoidSchema>;

const matchedAddressSchema = z.object({
  name: textOrNull,
  phone: textOrNull,
  email: textOrNull,
  company_name: textOrNull,
  address_line1: textOrNull,
  address_line2: textOrNull,
  address_line3: textOrNull,
  city_locality: textOrNull,
  state_province: textOrNull,
  postal_code: z
    .union([z.string(), z.number().transform(String)])
    .nullish()
    .catch(null),
  country_code: textOrNull,
  address_residential_indicator: textOrNull,
});
export type WireMatchedAddress = z.infer<typeof matchedAddressSchema>;

export const wireAddressVerdictsSchema = z
  .array(
    z.object({
      status: z.string(),
      matched_address: matchedAddressSchema.nullish().catch(null),
      messages: readable(z.object({ type: textOrNull, code: textOrNull, detail_code: textOrNull, message: textOrNull })),
    }),
  )
  .min(1);
export type WireAddressVerdict = z.infer<typeof wireAddressVerdictsSchema>[number];

const trackEventSchema = z.object({
  occurred_at: z.string(),
  carrier_occurred_at: textOrNull,
  description: textOrNull,
  city_locality: textOrNull,
  state_province: textOrNull,
  country_code: textOrNull,
  event_code: textOrNull,
  status_code: textOrNull,
  status_detail_code: textOrNull,
  carrier_status_description: textOrNull,
});
export type WireTrackEvent = z.infer<typeof trackEventSchema>;

export const wireTrackingSchema = z.object({
  tracking_number: z.string(),
  status_code: textOrNull,
  carrier_status_description: textOrNull,
  estimated_delivery_date: textOrNull,
  events: readable(trackEventSchema),
});
export type WireTracking = z.infer<typeof wireTrackingSchema>;

export const wireWebhookSchema = z.object({ resource_type: z.string(), data: z.unknown().optional() });

/** RSA keys of a key set; keys of other kinds are passed over. */
export const wireKeySetSchema = z.object({
  keys: readable(z.object({ kid: z.string(), kty: z.literal('RSA'), n: z.string(), e: z.string() })),
});

const pickupSchema = z.object({
  pickup_id: z.string(),
  label_ids: z
    .array(z.string())
    .nullish()
    .catch(null)
    .transform((ids) => ids ?? []),
  cancelled_at: textOrNull,
});
export const wirePickupSchema = pickupSchema;
export type WirePickup = z.infer<typeof pickupSchema>;
export const wirePickupsSchema = z.object({ pickups: z.array(pickupSchema), pages: numberOrNull });

const manifestSchema = z.object({
  manifest_id: z.string(),
  label_ids: z
    .array(z.string())
    .nullish()
    .catch(null)
    .transform((ids) => ids ?? []),
  manifest_download: z.object({ href: textOrNull }).nullish().catch(null),
});
export type WireManifest = z.infer<typeof manifestSchema>;
/** Carriers that take their time answer with a request that is under way and no manifest. */
export const wireManifestedSchema = z.object({
  manifests: readable(manifestSchema),
  manifest_requests: readable(z.object({ manifest_request_id: z.string(), status: z.string() })),
  errors: readable(wireErrorItemSchema),
});
export type WireManifested = z.infer<typeof wireManifestedSchema>;
export const wireManifestsSchema = z.object({ manifests: z.array(manifestSchema), pages: numberOrNull });
