import { z } from 'zod';

// What we use of MyDHL's answers (specification 3.1.1). What is not used is not looked at; words of an enumeration that we do not know survive.

/** Numbers are JSON numbers, and text in a few places. */
const decimal = z.union([z.number(), z.string()]).transform(String);

/** `status` is text, and sometimes a number. */
export const wireErrorSchema = z.object({
  detail: z.string().nullish(),
  title: z.string().nullish(),
  message: z.string().nullish(),
  additionalDetails: z.array(z.string()).nullish(),
});
export type WireError = z.infer<typeof wireErrorSchema>;

const warnings = z.array(z.string()).nullish();

const chargeSchema = z.object({
  name: z.string().nullish(),
  serviceCode: z.string().nullish(),
  typeCode: z.string().nullish(),
  price: decimal.nullish(),
});
export type WireCharge = z.infer<typeof chargeSchema>;

const productSchema = z.object({
  productName: z.string().nullish(),
  productCode: z.string(),
  localProductCode: z.string().nullish(),
  networkTypeCode: z.string().nullish(),
  weight: z.object({ volumetric: z.number().nullish(), provided: z.number().nullish(), unitOfMeasurement: z.string().nullish() }).nullish(),
  totalPrice: z.array(z.object({ currencyType: z.string().nullish(), priceCurrency: z.string().nullish(), price: decimal })).nullish(),
  totalPriceBreakdown: z
    .array(
      z.object({
        currencyType: z.string().nullish(),
        priceBreakdown: z.array(z.object({ typeCode: z.string(), price: decimal })).nullish(),
      }),
    )
    .nullish(),
  detailedPriceBreakdown: z.array(z.object({ currencyType: z.string().nullish(), breakdown: z.array(chargeSchema).nullish() })).nullish(),
  pickupCapabilities: z.object({ localCutoffDateAndTime: z.string().nullish() }).nullish(),
  deliveryCapabilities: z
    .object({
      deliveryTypeCode: z.string().nullish(),
      estimatedDeliveryDateAndTime: z.string().nullish(),
      totalTransitDays: decimal.nullish(),
    })
    .nullish(),
});
export type WireProduct = z.infer<typeof productSchema>;

export const wireRatesSchema = z.object({ products: z.array(productSchema), warnings });

export const wireShippedSchema = z.object({
  shipmentTrackingNumber: z.string().nullish(),
  documents: z.array(z.object({ imageFormat: z.string(), content: z.string(), typeCode: z.string() })).nullish(),
  shipmentCharges: z
    .array(
      z.object({
        currencyType: z.string(),
        priceCurrency: z.string(),
        price: decimal,
        serviceBreakdown: z.array(chargeSchema).nullish(),
      }),
    )
    .nullish(),
  warnings,
});
export type WireShipped = z.infer<typeof wireShippedSchema>;

const eventSchema = z.object({
  date: z.string().nullish(),
  time: z.string().nullish(),
  GMTOffset: z.string().nullish(),
  typeCode: z.string().nullish(),
  description: z.string().nullish(),
  serviceArea: z.array(z.object({ code: z.string().nullish(), description: z.string().nullish() })).nullish(),
});
export type WireEvent = z.infer<typeof eventSchema>;

const trackedSchema = z.object({
  shipmentTrackingNumber: z.string().nullish(),
  productCode: z.string().nullish(),
  shipmentTimestamp: z.string().nullish(),
  shipperReferences: z.array(z.object({ value: z.string(), typeCode: z.string().nullish() })).nullish(),
  events: z.array(eventSchema).nullish(),
  estimatedDeliveryDate: z.string().nullish(),
});
export type WireTracked = z.infer<typeof trackedSchema>;

export const wireTrackingSchema = z.object({ shipments: z.array(trackedSchema).nullish() });

export const wireImagesSchema = z.object({
  documents: z.array(z.object({ typeCode: z.string(), encodingFormat: z.string(), content: z.string() })).nullish(),
});

export const wirePickupSchema = z.object({ dispatchConfirmationNumbers: z.array(z.string()).nullish(), warnings });

const placeSchema = z.object({
  countryCode: z.string(),
  postalCode: z.string().nullish(),
  cityName: z.string().nullish(),
  countyName: z.string().nullish(),
});
export type WirePlace = z.infer<typeof placeSchema>;

export const wirePlacesSchema = z.object({ address: z.array(placeSchema).nullish(), warnings });
