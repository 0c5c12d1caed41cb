import { instantSchema } from '@quartermaster/domain';
import { z } from 'zod';

/** Amounts come as text (`"5.93"`, `"5.93000"`) in shipments and as numbers elsewhere. */
const amountSchema = z.union([z.string(), z.number().transform(String)]).refine((text) => /^-?\d+(\.\d+)?$/.test(text), 'a decimal amount');

const instantOrNull = instantSchema.nullish().catch(null);
const textOrNull = z.string().nullish().catch(null);

export const wireRateSchema = z.object({
  id: z.string(),
  carrier: z.string(),
  service: z.string(),
  rate: amountSchema,
  currency: z.string(),
  delivery_days: z.number().nullish().catch(null),
  delivery_date: textOrNull,
  delivery_date_guaranteed: z.boolean().nullish().catch(null),
});
export type WireRate = z.infer<typeof wireRateSchema>;

/** A rate that cannot be read is as good as none: it must not hide the others, let alone a bought label. */
const ratesSchema = z
  .array(wireRateSchema.nullable().catch(null))
  .nullish()
  .transform((rates) => (rates ?? []).filter((rate) => rate !== null));

const messageSchema = z.object({ carrier: textOrNull, type: textOrNull, message: z.unknown().optional() });
export type WireMessage = z.infer<typeof messageSchema>;

const messagesSchema = z
  .array(messageSchema.nullable().catch(null))
  .nullish()
  .catch(null)
  .transform((messages) => (messages ?? []).filter((message) => message !== null));

/** What we use of a shipment. It is bought when it has a tracking code and a postage label. */
export const wireShipmentSchema = z.object({
  id: z.string().min(1),
  /** The key that it was made under. */
  reference: textOrNull,
  tracking_code: z.string().nullish(),
  rates: ratesSchema,
  messages: messagesSchema,
  selected_rate: wireRateSchema.nullish().catch(null),
  postage_label: z
    .object({
      created_at: instantOrNull,
      label_url: textOrNull,
      label_pdf_url: textOrNull,
      label_zpl_url: textOrNull,
      label_file_type: textOrNull,
    })
    .nullish(),
  /** `submitted`, `refunded`, `rejected`, `not_applicable`, or one that we do not know. */
  refund_status: textOrNull,
  tracker: z.object({ public_url: textOrNull }).nullish().catch(null),
  usps_zone: z.number().nullish().catch(null),
  /** The form that it was handed over on. */
  scan_form: z
    .object({ id: z.string().min(1) })
    .nullish()
    .catch(null),
});
export type WireShipment = z.infer<typeof wireShipmentSchema>;

export const wireRerateSchema = z.object({ rates: ratesSchema });

export const wireBoughtSchema = z.object({ shipments: z.array(wireShipmentSchema), has_more: z.boolean().default(false) });

export const wireListSchema = z.object({ shipments: z.array(z.unknown()) });

/** Both forms of an error: `errors` holds objects with field and message, or plain texts. */
export const wireErrorSchema = z.object({
  error: z.union([
    z.string().transform((message) => ({ code: null, message, errors: [] })),
    z.object({
      code: textOrNull,
      message: z
        .union([z.string(), z.array(z.string()).transform((texts) => texts.join('; '))])
        .nullish()
        .catch(null),
      errors: z
        .array(z.union([z.string(), z.object({ field: textOrNull, message: textOrNull }), z.unknown().transform(() => null)]))
        .nullish()
        .catch(null)
        .transform((errors) => errors ?? []),
    }),
  ]),
});
export type WireError = z.infer<typeof wireErrorSchema>['error'];

/** A webhook's event; of a list of events `result` is not there. */
export const wireEventSchema = z.object({
  id: z.string().min(1),
  description: z.string(),
  created_at: instantOrNull,
  result: z.unknown().optional(),
});
export const wireEventsSchema = z.object({ events: z.array(wireEventSchema) });

/** A list of which what cannot be read is left out: it must not hide the others. */
function readable<Schema extends z.ZodType>(schema: Schema) {
  return z
    .array(schema.nullable().catch(null))
    .nullish()
    .catch(null)
    .transform((items) => (items ?? []).filter((item) => item !== null));
}

const trackingDetailSchema = z.object({
  message: textOrNull,
  status: textOrNull,
  status_detail: textOrNull,
  datetime: instantSchema,
  tracking_location: z.object({ city: textOrNull, state: textOrNull, country: textOrNull }).nullish().catch(null),
});
export type WireTrackingDetail = z.infer<typeof trackingDetailSchema>;

/** What we use of a tracker. */
export const wireTrackerSchema = z.object({
  id: z.string(),
  tracking_code: z.string().min(1),
  status: textOrNull,
  est_delivery_date: textOrNull,
  carrier_detail: z.object({ est_delivery_date_local: textOrNull }).nullish().catch(null),
  tracking_details: readable(trackingDetailSchema),
});
export type WireTracker = z.infer<typeof wireTrackerSchema>;
export const wireTrackersSchema = z.object({ trackers: readable(wireTrackerSchema) });

const percentile = z.number();
/** SmartRate: per rate of a shipment the transit days within which so many percent arrive. */
export const wireSmartRatesSchema = z.object({
  result: readable(
    z.object({
      id: z.string(),
      time_in_transit: z.object({
        percentile_50: percentile,
        percentile_75: percentile,
        percentile_85: percentile,
        percentile_90: percentile,
        percentile_95: percentile,
        percentile_97: percentile,
        percentile_99: percentile,
      }),
    }),
  ),
});
export type WireSmartRates = z.infer<typeof wireSmartRatesSchema>['result'];

const verificationSchema = z.object({
  success: z.boolean(),
  errors: readable(z.object({ code: textOrNull, message: textOrNull })),
});
/** An address with what came of checking it; `verifications` is empty where it was not checked. */
export const wireAddressSchema = z.object({
  id: z.string().min(1),
  street1: textOrNull,
  street2: textOrNull,
  city: textOrNull,
  state: textOrNull,
  zip: textOrNull,
  country: textOrNull,
  residential: z.boolean().nullish().catch(null),
  verifications: z
    .object({ delivery: verificationSchema.nullish().catch(null) })
    .nullish()
    .catch(null),
});
export type WireAddress = z.infer<typeof wireAddressSchema>;
export const wireCheckedAddressSchema = z.object({ address: wireAddressSchema });
export const wireAddressesSchema = z.object({ addresses: z.array(wireAddressSchema) });

const pickupRateSchema = z.object({ carrier: z.string(), service: z.string(), rate: amountSchema, currency: z.string() });
export type WirePickupRate = z.infer<typeof pickupRateSchema>;
/** `status`: `unknown` until it is bought, then `scheduled`, or `canceled`. */
export const wirePickupSchema = z.object({
  id: z.string().min(1),
  status: z.string(),
  confirmation: textOrNull,
  messages: messagesSchema,
  pickup_rates: readable(pickupRateSchema),
});
export type WirePickup = z.infer<typeof wirePickupSchema>;
export const wirePickupsSchema = z.object({ pickups: z.array(wirePickupSchema) });

/** `state`: `creating` for some seconds. */
export const wireBatchSchema = z.object({ id: z.string().min(1), state: z.string() });
export type WireBatch = z.infer<typeof wireBatchSchema>;
export const wireBatchesSchema = z.object({ batches: z.array(wireBatchSchema) });

/** `status`: `creating`, `created` or `failed`. */
export const wireScanFormSchema = z.object({
  id: z.string().min(1),
  status: z.string(),
  message: textOrNull,
  tracking_codes: z.array(z.string()).nullish().catch(null),
  form_url: textOrNull,
});
export type WireScanForm = z.infer<typeof wireScanFormSchema>;
export const wireScanFormsSchema = z.object({ scan_forms: z.array(wireScanFormSchema) });
