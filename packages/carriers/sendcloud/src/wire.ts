import { instantSchema } from '@quartermaster/domain';
import { z } from 'zod';

// What we read of Sendcloud's answers (API v3). What cannot be read of a list, or beside the point, is as good as not there.

const textOrNull = z.string().nullish().catch(null);
const numberOrNull = z.number().nullish().catch(null);
const booleanOrNull = z.boolean().nullish().catch(null);
/** Ids are numbers; some answers have them as text. */
const numericId = z.union([z.int().positive(), z.string().regex(/^\d+$/).transform(Number)]);
const instantOrNull = instantSchema.nullish().catch(null);

function readable<Item>(item: z.ZodType<Item>) {
  return z
    .array(item.nullable().catch(null))
    .nullish()
    .catch(null)
    .transform((items) => (items ?? []).filter((one) => one !== null));
}

/** An amount as decimal text; returns have numbers. */
export const wireMoneySchema = z.object({
  value: z.union([z.string(), z.number().transform(String)]).refine((text) => /^-?\d+(\.\d+)?$/.test(text), 'a decimal amount'),
  currency: z.string().transform((code) => code.toUpperCase()),
});
export type WireMoney = z.infer<typeof wireMoneySchema>;

const wireWeightSchema = z.object({ value: z.union([z.string(), z.number().transform(String)]), unit: z.string() });
export type WireWeight = z.infer<typeof wireWeightSchema>;
const weightOrNull = wireWeightSchema.nullish().catch(null);

const wireErrorSchema = z.object({
  status: z
    .union([z.string(), z.number().transform(String)])
    .nullish()
    .catch(null),
  code: z
    .union([z.string(), z.number().transform(String)])
    .nullish()
    .catch(null),
  title: textOrNull,
  detail: textOrNull,
  /** Of returns. */
  message: textOrNull,
  source: z.object({ pointer: textOrNull, parameter: textOrNull }).nullish().catch(null),
});
export type WireError = z.infer<typeof wireErrorSchema>;

/** Errors come in three forms: JSON:API at most operations, one `error` at returns, and a `detail` at tracking. */
export const wireErrorsSchema = z.union([
  z.object({ errors: z.array(wireErrorSchema).min(1) }).transform(({ errors }) => errors),
  z.object({ error: wireErrorSchema }).transform(({ error }) => [error]),
  z.object({ detail: z.string() }).transform(({ detail }): WireError[] => [{ detail }]),
]);

export const wireAccountSchema = z.object({ data: z.object({ user_id: numericId, integration_id: numericId.nullish().catch(null) }) });

/** What an option does; what it does not say is null. */
const functionalitiesSchema = z.object({
  signature: booleanOrNull,
  age_check: numberOrNull,
  weekend_delivery: textOrNull,
  returns: booleanOrNull,
  tracked: booleanOrNull,
  labelless: booleanOrNull,
  incoterm: textOrNull,
  last_mile: textOrNull,
});
export type WireFunctionalities = z.infer<typeof functionalitiesSchema>;

const weightRangeSchema = z.object({ min: weightOrNull, max: weightOrNull }).nullish().catch(null);
export type WireWeightRange = z.infer<typeof weightRangeSchema>;

const quoteSchema = z.object({
  weight: weightRangeSchema,
  /** Hours. */
  lead_time: numberOrNull,
  price: z.object({
    breakdown: readable(z.object({ type: z.string(), price: wireMoneySchema })),
    total: wireMoneySchema,
  }),
});
export type WireQuote = z.infer<typeof quoteSchema>;

const optionSchema = z.object({
  code: z.string().min(1),
  carrier: z.object({ code: z.string() }),
  functionalities: functionalitiesSchema,
  weight: weightRangeSchema,
  parcel_billed_weights: readable(wireWeightSchema.extend({ volumetric: booleanOrNull })),
  contract: z.object({ id: numericId }).nullish().catch(null),
  requirements: z
    .object({ is_service_point_required: booleanOrNull, fields: readable(z.string()) })
    .nullish()
    .catch(null),
  quotes: readable(quoteSchema),
});
export type WireOption = z.infer<typeof optionSchema>;
export const wireOptionsSchema = z.object({ data: readable(optionSchema) });

const parcelSchema = z.object({
  id: numericId,
  status: z.object({ code: textOrNull, message: textOrNull }).nullish().catch(null),
  tracking_number: textOrNull,
  tracking_url: textOrNull,
  announced_at: instantOrNull,
  weight: weightOrNull,
  dimensions: z.object({ length: z.string(), width: z.string(), height: z.string(), unit: z.string() }).nullish().catch(null),
  /** Base64; only in the answer to an announcement. */
  label_file: textOrNull,
});
export type WireParcel = z.infer<typeof parcelSchema>;

const placeSchema = z.object({ country_code: textOrNull, postal_code: textOrNull }).nullish().catch(null);

const shipmentSchema = z.object({
  id: z.union([z.string().min(1), z.number().transform(String)]),
  external_reference_id: textOrNull,
  reference: textOrNull,
  ship_with: z
    .object({ properties: z.object({ shipping_option_code: textOrNull }) })
    .nullish()
    .catch(null),
  from_address: placeSchema,
  to_address: placeSchema,
  /** Never fewer than there are: one that cannot be read is not a label that was not sold. */
  parcels: z.array(parcelSchema),
  errors: readable(wireErrorSchema),
});
export type WireShipment = z.infer<typeof shipmentSchema>;
export const wireShipmentSchema = z.object({ data: shipmentSchema });
export const wireShipmentsSchema = z.object({ data: z.array(shipmentSchema) });

export const wireCancelledSchema = z.object({ data: z.object({ status: z.string(), message: textOrNull }) });

export const wireReturnMadeSchema = z.object({ return_id: numericId, parcel_id: numericId });

const returnSchema = z.object({
  order_number: textOrNull,
  tracking_number: textOrNull,
  tracking_url: textOrNull,
  label_cost: wireMoneySchema.nullish().catch(null),
  created_at: instantOrNull,
  status_history: readable(z.object({ parent_status: textOrNull, carrier_update_timestamp: textOrNull })),
  errors: readable(wireErrorSchema),
});
export type WireReturn = z.infer<typeof returnSchema>;
/** One return; the specification leaves open whether `data` is around it. */
export const wireReturnSchema = z.union([z.object({ data: returnSchema }).transform(({ data }) => data), returnSchema]);
export const wireReturnsSchema = z.object({ data: z.array(returnSchema), next: textOrNull });

const trackEventSchema = z.object({
  event_at: textOrNull,
  status_code: textOrNull,
  status_description: textOrNull,
  sub_status_code: textOrNull,
});
export type WireTrackEvent = z.infer<typeof trackEventSchema>;
export const wireTrackingSchema = z.object({
  details: z.object({ expected_delivery_date: textOrNull }).nullish().catch(null),
  events: readable(trackEventSchema),
});
export type WireTracking = z.infer<typeof wireTrackingSchema>;

/** A webhook; `timestamp` and the carrier's own are milliseconds since 1970 where they were seen, and seconds by the words of the documentation. */
export const wireWebhookSchema = z.object({
  action: z.string(),
  timestamp: numberOrNull,
  carrier_status_change_timestamp: numberOrNull,
  parcel: z
    .object({
      tracking_number: textOrNull,
      status: z.object({ id: z.union([z.number(), z.string()]).transform(String), message: textOrNull }),
    })
    .nullish()
    .catch(null),
});
export type WireWebhook = z.infer<typeof wireWebhookSchema>;

const servicePointSchema = z.object({
  id: z.union([z.string().min(1), z.number().transform(String)]),
  name: z.string(),
  carrier: z.object({ code: z.string() }),
  address: z.object({
    street: textOrNull,
    house_number: textOrNull,
    postal_code: textOrNull,
    city: textOrNull,
    country_code: textOrNull,
  }),
  /** Metres from the address that was asked for. */
  distance: numberOrNull,
  is_expired: booleanOrNull,
});
export type WireServicePoint = z.infer<typeof servicePointSchema>;
export const wireServicePointsSchema = z.object({ data: z.object({ results: readable(servicePointSchema) }) });
