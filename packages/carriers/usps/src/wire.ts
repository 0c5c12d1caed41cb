import { z } from 'zod';

// What USPS answers, as far as we read it (specifications of 2026: labels 3.9.13, options 3, payments 3.1.20, tracking 3.2.6, scan forms 3, pickup 3, addresses 3). Answers may have more, and nulls.

const text = z.union([z.string(), z.number()]).transform(String);
/** USPS's figures are numbers; one that comes as text is a number all the same. */
const figure = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number),
]);
/** An amount in US dollars. */
const dollars = figure.refine((amount) => amount >= 0, 'an amount above nothing');

export const wireErrorSchema = z.object({
  error: z.object({
    code: text.nullish(),
    message: z.string().nullish(),
    errors: z.array(z.object({ code: text.nullish(), title: z.string().nullish(), detail: z.string().nullish() })).nullish(),
  }),
});
export type WireError = z.infer<typeof wireErrorSchema>['error'];

export const wirePaymentSchema = z.object({ paymentAuthorizationToken: z.string().min(1) });

const feeSchema = z.object({ name: z.string().nullish(), SKU: z.string().nullish(), price: dollars.nullish() });
export type WireFee = z.infer<typeof feeSchema>;

const commitmentSchema = z.object({
  name: z.string().nullish(),
  scheduleDeliveryDate: z.string().nullish(),
  expectedDeliveryDate: z.string().nullish(),
  guaranteedDelivery: z.union([z.boolean(), z.string().transform((word) => word === 'true')]).nullish(),
});
export type WireCommitment = z.infer<typeof commitmentSchema>;

const rateSchema = z.object({
  price: dollars,
  SKU: z.string().nullish(),
  zone: text.nullish(),
  /** Pounds. */
  weight: figure.nullish(),
  /** Ounces; 0 where it does not count. */
  dimWeight: figure.nullish(),
  priceType: z.string().nullish(),
  fees: z.array(feeSchema).nullish(),
  processingCategory: z.string().nullish(),
  rateIndicator: z.string().nullish(),
  destinationEntryFacilityType: z.string().nullish(),
});
const rateOptionSchema = z.object({
  commitment: commitmentSchema.nullish(),
  rates: z.array(rateSchema),
  extraServices: z.array(z.object({ extraService: text, price: dollars.nullish(), SKU: z.string().nullish() })).nullish(),
});
export type WireRateOption = z.infer<typeof rateOptionSchema>;

export const wireOptionsSchema = z.object({
  pricingOptions: z.array(
    z.object({ shippingOptions: z.array(z.object({ mailClass: z.string(), rateOptions: z.array(rateOptionSchema) })).nullish() }),
  ),
});
export type WireOptions = z.infer<typeof wireOptionsSchema>;

/** What is said of a bought label, without its picture. Whatever else is missing, a label that has a number is ours. */
const metadataSchema = z.object({
  trackingNumber: z.string().min(1),
  postage: dollars.nullish(),
  SKU: z.string().nullish(),
  extraServices: z.array(feeSchema).nullish(),
  fees: z.array(feeSchema).nullish(),
});
export type WireMetadata = z.infer<typeof metadataSchema>;

/** Of a purchase: metadata and picture side by side; a label for the way back has its picture under a name of its own. */
export const wireBoughtSchema = metadataSchema.extend({ labelImage: z.string().nullish(), returnLabelImage: z.string().nullish() });
export type WireBought = z.infer<typeof wireBoughtSchema>;

/** Of a reprint: metadata apart from the picture. */
export const wireReprintSchema = z.object({
  labelMetadata: metadataSchema.nullish(),
  returnLabelMetadata: metadataSchema.nullish(),
  labelImage: z.string().nullish(),
  returnLabelImage: z.string().nullish(),
});
export type WireReprint = z.infer<typeof wireReprintSchema>;

export const wireCancelledSchema = z.object({ status: z.string(), disputeId: text.nullish() });

const eventSchema = z.object({
  eventType: z.string().nullish(),
  eventCode: text.nullish(),
  eventTimestamp: z.string().nullish(),
  GMTTimestamp: z.string().nullish(),
  GMTOffset: z.string().nullish(),
  eventCity: z.string().nullish(),
  eventState: z.string().nullish(),
  eventCountry: z.string().nullish(),
});
export type WireEvent = z.infer<typeof eventSchema>;

export const wireTrackedSchema = z.object({
  expectedDeliveryTimeStamp: z.string().nullish(),
  predictedDeliveryDate: z.string().nullish(),
  trackingEvents: z.array(eventSchema).nullish(),
});
export type WireTracked = z.infer<typeof wireTrackedSchema>;

/** What a subscription sends, and what its payload is once it is read. */
export const wireWebhookSchema = z.object({ subscriptionId: z.string().nullish(), timestamp: z.string().min(1), payload: z.string() });
export const wirePushedSchema = wireTrackedSchema.extend({
  ...eventSchema.shape,
  trackingNumber: z.string().min(1),
  eventDescription: z.string().nullish(),
  eventLocation: z.object({ city: z.string().nullish(), state: z.string().nullish(), country: z.string().nullish() }).nullish(),
});
export type WirePushed = z.infer<typeof wirePushedSchema>;

const noteSchema = z.object({ code: text.nullish(), text: z.string().nullish() });
export const wireAddressSchema = z.object({
  firm: z.string().nullish(),
  address: z.object({
    streetAddress: z.string().nullish(),
    secondaryAddress: z.string().nullish(),
    city: z.string().nullish(),
    state: z.string().nullish(),
    ZIPCode: z.string().nullish(),
    ZIPPlus4: z.string().nullish(),
  }),
  additionalInfo: z.object({ DPVConfirmation: z.string().nullish(), business: z.string().nullish() }).nullish(),
  corrections: z.array(noteSchema).nullish(),
});
export type WireAddress = z.infer<typeof wireAddressSchema>;

export const wirePickupSchema = z.object({ confirmationNumber: text });

export const wireScanFormSchema = z.object({
  manifestNumber: z.string().min(1),
  trackingNumbers: z.array(z.string()).nullish(),
  SCANFormImage: z.string().nullish(),
});
export type WireScanForm = z.infer<typeof wireScanFormSchema>;
