import { z } from 'zod';

/** Money as FedEx writes it: a number, in places a text. Numbers come without the noise of their binary form. */
const amount = z.union([
  z
    .number()
    .refine((value) => Math.abs(value) < 1e12)
    .transform((value) => value.toFixed(6)),
  z.string().regex(/^-?\d+(\.\d+)?$/),
]);
const words = z.string().nullish();
/** Three capitals; a price in anything else is none. */
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .nullish()
  .catch(null);
const alertsSchema = z.array(z.object({ code: words, alertType: words, message: words })).nullish();

/** Only `code` is relied on; its words are for people. */
const errorSchema = z.object({ code: z.string(), message: words });
export const wireErrorSchema = z.object({ transactionId: words, errors: z.array(errorSchema) });
export type WireError = z.infer<typeof errorSchema>;

const weightSchema = z.object({ units: z.string(), value: z.coerce.number() });
export type WireWeight = z.infer<typeof weightSchema>;

/** `type` in prices asked for, `surchargeType` in those of a purchase; so with discounts. */
const surchargeSchema = z.object({ type: words, surchargeType: words, amount: amount.nullish() });
const discountSchema = z.object({ type: words, rateDiscountType: words, amount: amount.nullish() });
const taxSchema = z.object({ type: words, taxType: words, amount: amount.nullish() });
export type WireSurcharge = z.infer<typeof surchargeSchema>;
export type WireTax = z.infer<typeof taxSchema>;

const packageRateSchema = z.object({
  packageRateDetail: z.object({ surcharges: z.array(surchargeSchema).nullish(), billingWeight: weightSchema.nullish() }).nullish(),
});

/** One price of a service: by our contract or by the list, in its own currency. */
const ratedSchema = z.object({
  rateType: z.string(),
  ratedWeightMethod: words,
  totalNetCharge: amount,
  totalBaseCharge: amount.nullish(),
  totalDiscounts: amount.nullish(),
  currency,
  ratedPackages: z.array(packageRateSchema).nullish(),
  shipmentRateDetail: z
    .object({
      currency,
      rateZone: words,
      surCharges: z.array(surchargeSchema).nullish(),
      freightDiscount: z.union([discountSchema, z.array(discountSchema)]).nullish(),
      taxes: z.array(taxSchema).nullish(),
      totalBillingWeight: weightSchema.nullish(),
    })
    .nullish(),
});
export type WireRated = z.infer<typeof ratedSchema>;

const rateReplySchema = z.object({
  serviceType: z.string(),
  ratedShipmentDetails: z.array(ratedSchema).nullish(),
  operationalDetail: z
    .object({ deliveryDate: words, commitDate: words, transitTime: words, ineligibleForMoneyBackGuarantee: z.boolean().nullish() })
    .nullish(),
  commit: z
    .object({
      daysInTransit: words,
      dateDetail: z.object({ dayFormat: words }).nullish(),
      transitDays: z.union([z.object({ minimumTransitTime: words }), z.string()]).nullish(),
    })
    .nullish(),
});
export type WireRateReply = z.infer<typeof rateReplySchema>;

export const wireRatesSchema = z.object({
  output: z.object({ rateReplyDetails: z.array(rateReplySchema).nullish(), alerts: alertsSchema }),
});

/** What a purchase says of its price: of the shipment, by type of rate. */
const shippedRateSchema = z.object({
  rateType: words,
  currency,
  totalNetCharge: amount.nullish(),
  totalBaseCharge: amount.nullish(),
  totalFreightDiscounts: amount.nullish(),
  surcharges: z.array(surchargeSchema).nullish(),
  taxes: z.array(taxSchema).nullish(),
});
export type WireShippedRate = z.infer<typeof shippedRateSchema>;

const completedSchema = z.object({
  carrierCode: words,
  shipmentRating: z.object({ actualRateType: words, shipmentRateDetails: z.array(shippedRateSchema).nullish() }).nullish(),
});

export const wireOpenedSchema = z.object({
  output: z.object({ transactionShipments: z.array(z.object({ masterTrackingNumber: words })).nullish() }),
});

export const wireRetrievedSchema = z.object({ output: z.object({ requestedShipment: z.looseObject({}) }) });

const documentSchema = z.object({ contentType: words, docType: words, encodedLabel: words, url: words });
const transactionSchema = z.object({
  masterTrackingNumber: words,
  serviceCategory: words,
  pieceResponses: z
    .array(
      z.object({
        /** False with a status of success: there is no label. */
        successful: z.boolean().nullish(),
        trackingNumber: words,
        packageDocuments: z.array(documentSchema).nullish(),
      }),
    )
    .nullish(),
  alerts: alertsSchema,
  shipmentDocuments: z.array(documentSchema).nullish(),
  completedShipmentDetail: completedSchema.nullish(),
});
export type WireShipped = z.infer<typeof transactionSchema>;

export const wireShippedSchema = z.object({ output: z.object({ transactionShipments: z.array(transactionSchema), alerts: alertsSchema }) });

export const wireCancelledSchema = z.object({
  output: z.object({ cancelledShipment: z.boolean(), message: words, successMessage: words, alerts: alertsSchema }),
});

const placeSchema = z.object({ city: words, stateOrProvinceCode: words, countryCode: words });
const scanSchema = z.object({
  date: words,
  eventType: words,
  eventDescription: words,
  derivedStatusCode: words,
  derivedStatus: words,
  exceptionCode: words,
  exceptionDescription: words,
  scanLocation: placeSchema.nullish(),
});
export type WireScan = z.infer<typeof scanSchema>;

const trackResultSchema = z.object({
  trackingNumberInfo: z.object({ trackingNumber: words }).nullish(),
  error: z.object({ code: words, message: words }).nullish(),
  latestStatusDetail: z.object({ code: words, derivedCode: words }).nullish(),
  scanEvents: z.array(scanSchema).nullish(),
  dateAndTimes: z.array(z.object({ dateTime: words, type: words })).nullish(),
  estimatedDeliveryTimeWindow: z.object({ window: z.object({ begins: words, ends: words }).nullish() }).nullish(),
});
export type WireTrackResult = z.infer<typeof trackResultSchema>;

const completeTrackSchema = z.object({ trackingNumber: words, trackResults: z.array(trackResultSchema).nullish() });
export type WireCompleteTrack = z.infer<typeof completeTrackSchema>;

export const wireTrackedSchema = z.object({ output: z.object({ completeTrackResults: z.array(completeTrackSchema).nullish() }) });

/**
 * What Advanced Integrated Visibility pushes. FedEx says that it has the shape of an answer of the tracking and shows no whole one, so it may come with or without what stands around a result.
 */
export const wirePushedSchema = z.union([
  wireTrackedSchema.transform(({ output }) => output.completeTrackResults ?? []),
  z.object({ completeTrackResults: z.array(completeTrackSchema) }).transform(({ completeTrackResults }) => completeTrackResults),
  completeTrackSchema.extend({ trackResults: z.array(trackResultSchema) }).transform((one) => [one]),
  trackResultSchema
    .extend({ trackingNumberInfo: z.object({ trackingNumber: z.string() }) })
    .transform((one) => [{ trackingNumber: one.trackingNumberInfo.trackingNumber, trackResults: [one] }]),
]);

/** Attributes come as true and false, or as texts of them. */
const flag = z.union([z.boolean(), z.string().transform((text) => text.toLowerCase() === 'true')]).nullish();
const resolvedSchema = z.object({
  streetLinesToken: z.array(z.string()).nullish(),
  city: words,
  stateOrProvinceCode: words,
  countryCode: words,
  parsedPostalCode: z.object({ base: words, addOn: words }).nullish(),
  classification: words,
  customerMessage: z.array(z.union([z.string(), z.looseObject({ code: words, message: words })])).nullish(),
  attributes: z.object({ Resolved: flag, Matched: flag, DPV: flag, MultipleMatches: flag, CountrySupported: flag }).nullish(),
});
export type WireResolved = z.infer<typeof resolvedSchema>;
export const wireResolvedSchema = z.object({ output: z.object({ resolvedAddresses: z.array(resolvedSchema).nullish() }) });

export const wirePickupSchema = z.object({ output: z.object({ pickupConfirmationCode: z.string().min(1), location: words }) });

const closedSchema = z.object({
  closeDocuments: z
    .array(
      z.object({
        type: words,
        accessReference: words,
        parts: z.array(z.object({ image: words })).nullish(),
      }),
    )
    .nullish(),
});
export type WireClosed = z.infer<typeof closedSchema>;
export const wireClosedSchema = z.object({ output: closedSchema });
