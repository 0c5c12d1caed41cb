import { z } from 'zod';

// What DHL answers, as far as we use it (Parcel DE Shipping v2.1.13, Returns v1.0.9, Shipment Tracking - Unified v1.5). Whatever else is in it is left alone; unknown values of lists survive.

/** The password grant; `expires_in` is seconds, at some hosts as text. */

/** `status` is that of the shipment, "usually, but not necessarily" one of HTTP; `statusCode` the same under its old name. */
const wireStatusSchema = z.object({
  title: z.string().nullish(),
  status: z.number().nullish(),
  statusCode: z.number().nullish(),
  detail: z.string().nullish(),
});

const wireMessageSchema = z.object({
  property: z.string().nullish(),
  validationMessage: z.string().nullish(),
  validationState: z.string().nullish(),
});

const wireDocumentSchema = z.object({
  b64: z.string().nullish(),
  /** Text, not base64. */
  zpl2: z.string().nullish(),
  url: z.string().nullish(),
  fileFormat: z.string().nullish(),
});
export type WireDocument = z.infer<typeof wireDocumentSchema>;

const wireItemSchema = z.object({
  shipmentNo: z.string().nullish(),
  sstatus: wireStatusSchema,
  label: wireDocumentSchema.nullish(),
  validationMessages: z.array(wireMessageSchema).nullish(),
});
export type WireItem = z.infer<typeof wireItemSchema>;

/** Of `/orders` and `POST /manifests`. */
export const wireOrdersSchema = z.object({ items: z.array(wireItemSchema) });
export type WireOrders = z.infer<typeof wireOrdersSchema>;

/** Of the Returns API, which has one shipment per call. */
export const wireReturnSchema = z.object({ shipmentNo: z.string().min(1), sstatus: wireStatusSchema, label: wireDocumentSchema.nullish() });

/** `GET /manifests`: which shipments are on the manifest of a day. */
export const wireManifestSchema = z.object({
  manifestDate: z.string().nullish(),
  manifest: z.array(wireDocumentSchema).nullish(),
  items: z.array(z.object({ shipmentNo: z.string().nullish() })).nullish(),
});
export type WireManifest = z.infer<typeof wireManifestSchema>;

/** A failure: RFC 7807 by itself (`status` a number), or around the shipments of the request (`status` an object). */
export const wireProblemSchema = z.object({
  title: z.string().nullish(),
  detail: z.string().nullish(),
  status: z.union([z.number(), wireStatusSchema]).nullish(),
  items: z.array(z.object({ validationMessages: z.array(wireMessageSchema).nullish() })).nullish(),
});
export type WireProblem = z.infer<typeof wireProblemSchema>;

/** What the Pickup API says is wrong: one row for each property. */
export const wirePickupErrorsSchema = z
  .array(z.object({ title: z.string(), instance: z.string().nullish(), detail: z.string().nullish() }))
  .min(1);

export const wireBookedSchema = z.object({
  confirmation: z.object({ value: z.object({ orderID: z.string().min(1), freeOfCharge: z.boolean().nullish() }) }),
});

export const wirePickupsSchema = z.array(
  z.object({
    /** `ANGENOMMEN`, `STORNIERT`, `ABGELEHNT`, `ABGEHOLT` and others. */
    orderDetails: z.object({ orderID: z.string(), orderState: z.string() }),
    shipmentDetails: z
      .object({ shipments: z.array(z.object({ shipment: z.object({ customerReference: z.string().nullish() }) })).nullish() })
      .nullish(),
  }),
);

const wireCancellationSchema = z.object({ orderID: z.string(), orderState: z.string().nullish(), message: z.string().nullish() });
export const wireCancelledSchema = z.object({
  confirmedCancellations: z.array(wireCancellationSchema).nullish(),
  failedCancellations: z.array(wireCancellationSchema).nullish(),
});

const wirePlaceSchema = z.object({
  address: z.object({ addressLocality: z.string().nullish(), countryCode: z.string().nullish() }).nullish(),
});

const wireEventSchema = z.object({
  /** With a zone, or without one as the parcels of Germany have it. */
  timestamp: z.string().nullish(),
  location: wirePlaceSchema.nullish(),
  /** `pre-transit`, `transit`, `delivered`, `failure` or `unknown`. */
  statusCode: z.string().nullish(),
  /** DHL's standard event of two letters for parcels of Germany, such as `ZU`, or a sentence. */
  status: z.string().nullish(),
  description: z.string().nullish(),
});
export type WireEvent = z.infer<typeof wireEventSchema>;

export const wireTrackedSchema = z.object({
  shipments: z.array(
    z.object({
      id: z.coerce.string(),
      status: wireEventSchema.nullish(),
      events: z.array(wireEventSchema).nullish(),
      estimatedTimeOfDelivery: z.string().nullish(),
    }),
  ),
});
export type WireTracked = z.infer<typeof wireTrackedSchema>['shipments'][number];
