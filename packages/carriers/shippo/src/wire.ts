import { instantSchema } from '@quartermaster/domain';
import { z } from 'zod';

const textOrNull = z.string().nullish().catch(null);
const numberOrNull = z.number().nullish().catch(null);
/** Shippo writes UTC, now and then without saying so. */
export const wireInstantSchema = z
  .string()
  .transform((text) => (/(Z|[-+]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`))
  .pipe(instantSchema);
const instantOrNull = wireInstantSchema.nullish().catch(null);

/** Amounts come as text (`"5.50"`). */
const amountSchema = z.union([z.string(), z.number().transform(String)]).refine((text) => /^\d+(\.\d+)?$/.test(text), 'a decimal amount');

/** A list of which what cannot be read is left out: it must not hide the others, let alone a bought label. */
function readable<Schema extends z.ZodType>(schema: Schema) {
  return z
    .array(schema.nullable().catch(null))
    .nullish()
    .catch(null)
    .transform((items) => (items ?? []).filter((item) => item !== null));
}

/** What carriers and Shippo say beside a result. Elsewhere the same field has plain texts. */
const messageSchema = z.union([
  z.object({ source: textOrNull, code: textOrNull, text: textOrNull }),
  z.string().transform((text) => ({ source: null, code: null, text })),
]);
export type WireMessage = z.infer<typeof messageSchema>;

/** `amount` is in the currency of the sender's country, and so what is paid. */
export const wireRateSchema = z.object({
  object_id: z.string().min(1),
  object_created: instantOrNull,
  amount: amountSchema,
  currency: z.string(),
  provider: z.string(),
  /** The shipment that it is a price of. */
  shipment: textOrNull,
  servicelevel: z.object({ token: z.string().min(1) }),
  carrier_account: textOrNull,
  estimated_days: numberOrNull,
  /** What `estimated_days` was called before. */
  days: numberOrNull,
  zone: z
    .union([z.string(), z.number().transform(String)])
    .nullish()
    .catch(null),
});
export type WireRate = z.infer<typeof wireRateSchema>;

/** `status`: `QUEUED` and `WAITING` where carriers are still being asked. */
export const wireShipmentSchema = z.object({
  object_id: z.string().min(1),
  status: textOrNull,
  shipment_date: textOrNull,
  rates: readable(wireRateSchema),
  messages: readable(messageSchema),
});
export type WireShipment = z.infer<typeof wireShipmentSchema>;

/** A purchase. `status` says what became of it, whatever the status of HTTP. */
export const wireTransactionSchema = z.object({
  object_id: z.string().min(1),
  /** `WAITING`, `QUEUED`, `SUCCESS`, `ERROR`, `REFUNDED`, `REFUNDPENDING`, `REFUNDREJECTED`, or one that we do not know. */
  status: z.string(),
  object_created: instantOrNull,
  /** Of labels that were made without a rate it is an object. */
  rate: z
    .union([z.string(), z.object({ object_id: z.string() }).transform(({ object_id }) => object_id)])
    .nullish()
    .catch(null),
  tracking_number: textOrNull,
  tracking_url_provider: textOrNull,
  label_url: textOrNull,
  label_file_type: textOrNull,
  metadata: textOrNull,
  messages: readable(messageSchema),
});
export type WireTransaction = z.infer<typeof wireTransactionSchema>;

export const wireTransactionsSchema = z.object({ next: textOrNull, results: z.array(wireTransactionSchema) });

/** `status`: `QUEUED`, `PENDING`, `SUCCESS` or `ERROR`. */
export const wireRefundSchema = z.object({ object_id: z.string().min(1), status: z.string() });
export type WireRefund = z.infer<typeof wireRefundSchema>;

/** A carrier account. `carrier` is the token that its parcels are followed by, such as `usps`. */
export const wireAccountSchema = z.object({
  object_id: z.string().min(1),
  carrier: z.string().min(1),
  active: z.boolean().nullish().catch(null),
});
export type WireAccount = z.infer<typeof wireAccountSchema>;
export const wireAccountsSchema = z.object({ results: readable(wireAccountSchema) });

/** `status`: `QUEUED`, `SUCCESS` or `ERROR`. */
export const wireManifestSchema = z.object({
  object_id: z.string().min(1),
  status: z.string(),
  transactions: z.array(z.string()).nullish().catch(null),
  documents: z.array(z.string()).nullish().catch(null),
  errors: readable(z.union([z.string(), messageSchema.transform(({ text }) => text ?? '')])),
});
export type WireManifest = z.infer<typeof wireManifestSchema>;
export const wireManifestsSchema = z.object({ next: textOrNull, results: readable(wireManifestSchema) });

const trackingStatusSchema = z.object({
  object_id: textOrNull,
  status: textOrNull,
  substatus: z.object({ code: textOrNull, text: textOrNull }).nullish().catch(null),
  status_date: wireInstantSchema,
  status_details: textOrNull,
  location: z.object({ city: textOrNull, state: textOrNull, country: textOrNull }).nullish().catch(null),
});
export type WireTrackingStatus = z.infer<typeof trackingStatusSchema>;

/** A parcel's way. The latest status stands by itself, and in the history as well. */
export const wireTrackSchema = z.object({
  tracking_number: z.string().min(1),
  carrier: textOrNull,
  eta: textOrNull,
  tracking_status: trackingStatusSchema.nullish().catch(null),
  tracking_history: readable(trackingStatusSchema),
});
export type WireTrack = z.infer<typeof wireTrackSchema>;

export const wireWebhookSchema = z.object({ event: z.string(), data: z.unknown().optional() });

/** What the check of an address says. */
export const wireCheckedAddressSchema = z.object({
  analysis: z.object({
    validation_result: z.object({
      /** `valid`, `partially_valid` or `invalid`. */
      value: z.string(),
      reasons: readable(z.object({ code: textOrNull, description: textOrNull })),
    }),
    /** `residential`, `commercial` or `unknown`. */
    address_type: textOrNull,
  }),
  recommended_address: z
    .object({
      address_line_1: textOrNull,
      address_line_2: textOrNull,
      city_locality: textOrNull,
      state_province: textOrNull,
      postal_code: textOrNull,
      country_code: textOrNull,
    })
    .nullish()
    .catch(null),
});
export type WireCheckedAddress = z.infer<typeof wireCheckedAddressSchema>;
