import { z } from 'zod';

/** What UPS writes as one object or as a list of them, by version and number. */
function oneOrMany<Schema extends z.ZodType>(schema: Schema) {
  return z.union([z.array(schema), schema.transform((one) => [one])]);
}

/** Numbers come as text; some proxies and old versions write numbers. */
const text = z.union([z.string(), z.number().transform(String)]);
/** An empty tag: what counts is that it is there. */
const tag = z.unknown().optional();
const amountSchema = z.object({ CurrencyCode: z.string(), MonetaryValue: text });
export type WireAmount = z.infer<typeof amountSchema>;

/** Only `code` is relied on; its words are for people. */
export const wireErrorSchema = z.object({
  response: z.object({ errors: z.array(z.object({ code: text.optional(), message: z.string().nullish() })) }),
});
export type WireError = z.infer<typeof wireErrorSchema>['response']['errors'][number];

const itemizedSchema = z.object({ Code: text, CurrencyCode: z.string().nullish(), MonetaryValue: text, SubType: z.string().nullish() });
export type WireItemized = z.infer<typeof itemizedSchema>;
const taxSchema = z.object({ Type: z.string(), MonetaryValue: text });
export type WireTax = z.infer<typeof taxSchema>;

/** What both rating and shipping say of a price, at list and by contract. */
const negotiatedSchema = z.object({
  BaseServiceCharge: oneOrMany(amountSchema).nullish(),
  ItemizedCharges: oneOrMany(itemizedSchema).nullish(),
  TaxCharges: oneOrMany(taxSchema).nullish(),
  TotalCharge: amountSchema.nullish(),
  TotalChargesWithTaxes: amountSchema.nullish(),
});
const listedSchema = z.object({
  BaseServiceCharge: oneOrMany(amountSchema).nullish(),
  ItemizedCharges: oneOrMany(itemizedSchema).nullish(),
  TaxCharges: oneOrMany(taxSchema).nullish(),
  TotalCharges: amountSchema,
  TotalChargesWithTaxes: amountSchema.nullish(),
});
const packageChargesSchema = z.object({
  ItemizedCharges: oneOrMany(itemizedSchema).nullish(),
  NegotiatedCharges: z.object({ ItemizedCharges: oneOrMany(itemizedSchema).nullish() }).nullish(),
});
export type WireNegotiated = z.infer<typeof negotiatedSchema>;
export type WireListed = z.infer<typeof listedSchema>;
export type WirePackageCharges = z.infer<typeof packageChargesSchema>;

const weightSchema = z.object({ UnitOfMeasurement: z.object({ Code: z.string() }), Weight: text });
export type WireWeight = z.infer<typeof weightSchema>;

const ratedSchema = listedSchema.extend({
  Service: z.object({ Code: text }),
  Zone: text.nullish(),
  BillingWeight: weightSchema.nullish(),
  NegotiatedRateCharges: negotiatedSchema.nullish(),
  RatedPackage: oneOrMany(packageChargesSchema).nullish(),
  TimeInTransit: z
    .object({
      ServiceSummary: z.object({
        GuaranteedIndicator: z.string().nullish(),
        EstimatedArrival: z
          .object({
            Arrival: z.object({ Date: text.nullish() }).nullish(),
            BusinessDaysInTransit: text.nullish(),
          })
          .nullish(),
      }),
    })
    .nullish(),
});
export type WireRated = z.infer<typeof ratedSchema>;

export const wireRatesSchema = z.object({ RateResponse: z.object({ RatedShipment: oneOrMany(ratedSchema) }) });

const imageSchema = z.object({ GraphicImage: z.string().nullish() });
export const wireShippedSchema = z.object({
  ShipmentResponse: z.object({
    ShipmentResults: z.object({
      ShipmentIdentificationNumber: z.string().min(1),
      ShipmentCharges: listedSchema.nullish(),
      NegotiatedRateCharges: negotiatedSchema.nullish(),
      PackageResults: oneOrMany(
        packageChargesSchema.extend({
          TrackingNumber: z.string().min(1),
          ShippingLabel: imageSchema.extend({ ImageFormat: z.object({ Code: z.string() }).nullish() }).nullish(),
        }),
      ),
    }),
  }),
});
export type WireShipped = z.infer<typeof wireShippedSchema>['ShipmentResponse']['ShipmentResults'];

export const wireRecoveredSchema = z.object({
  LabelRecoveryResponse: z.object({
    ShipmentIdentificationNumber: z.string().nullish(),
    LabelResults: oneOrMany(
      z.object({
        TrackingNumber: z.string().nullish(),
        LabelImage: imageSchema.extend({ LabelImageFormat: z.object({ Code: z.string().nullish() }).nullish() }).nullish(),
      }),
    ).nullish(),
    /** Where several shipments carry the reference. */
    TrackingCandidate: oneOrMany(z.object({ TrackingNumber: z.string() })).nullish(),
  }),
});
export type WireRecovered = z.infer<typeof wireRecoveredSchema>['LabelRecoveryResponse'];

export const wireVoidedSchema = z.object({
  VoidShipmentResponse: z.object({ SummaryResult: z.object({ Status: z.object({ Code: text, Description: z.string().nullish() }) }) }),
});

const placeSchema = z.object({
  city: z.string().nullish(),
  stateProvince: z.string().nullish(),
  country: z.string().nullish(),
  countryCode: z.string().nullish(),
});
const activitySchema = z.object({
  date: z.string().nullish(),
  time: z.string().nullish(),
  gmtDate: z.string().nullish(),
  gmtTime: z.string().nullish(),
  location: z.object({ address: placeSchema.nullish() }).nullish(),
  status: z
    .object({
      type: z.string().nullish(),
      code: z.string().nullish(),
      statusCode: z.string().nullish(),
      description: z.string().nullish(),
    })
    .nullish(),
});
export type WireActivity = z.infer<typeof activitySchema>;

export const wireTrackedSchema = z.object({
  trackResponse: z.object({
    shipment: z.array(
      z.object({
        warnings: z.array(z.object({ code: z.string().nullish(), message: z.string().nullish() })).nullish(),
        package: z
          .array(
            z.object({
              trackingNumber: z.string().nullish(),
              activity: z.array(activitySchema).nullish(),
              deliveryDate: z.array(z.object({ type: z.string().nullish(), date: z.string().nullish() })).nullish(),
            }),
          )
          .nullish(),
      }),
    ),
  }),
});
export type WireTrackedShipment = z.infer<typeof wireTrackedSchema>['trackResponse']['shipment'][number];

export const wireSubscribedSchema = z.object({
  validTrackingNumbers: z.array(z.string()).nullish(),
  invalidTrackingNumbers: z.array(z.string()).nullish(),
});

/** What Track Alert pushes. `descriptionCode` is in UPS's examples and not in its schema, so it may be missing. */
export const wireEventSchema = z.object({
  trackingNumber: z.string().min(1),
  localActivityDate: z.string().nullish(),
  localActivityTime: z.string().nullish(),
  gmtActivityDate: z.string().nullish(),
  gmtActivityTime: z.string().nullish(),
  activityLocation: placeSchema.nullish(),
  activityStatus: z.object({
    type: z.string().nullish(),
    code: z.string().nullish(),
    description: z.string().nullish(),
    descriptionCode: text.nullish(),
  }),
  scheduledDeliveryDate: z.string().nullish(),
});
export type WireEvent = z.infer<typeof wireEventSchema>;
export type WirePlace = z.infer<typeof placeSchema>;

const classificationSchema = z.object({ Code: text });
const addressKeySchema = z.object({
  AddressLine: oneOrMany(z.string()).nullish(),
  PoliticalDivision2: z.string().nullish(),
  PoliticalDivision1: z.string().nullish(),
  PostcodePrimaryLow: text.nullish(),
  PostcodeExtendedLow: text.nullish(),
  CountryCode: z.string().nullish(),
});
export type WireAddressKey = z.infer<typeof addressKeySchema>;

export const wireCheckedSchema = z.object({
  XAVResponse: z.object({
    ValidAddressIndicator: tag,
    AmbiguousAddressIndicator: tag,
    NoCandidatesIndicator: tag,
    AddressClassification: classificationSchema.nullish(),
    Candidate: oneOrMany(z.object({ AddressClassification: classificationSchema.nullish(), AddressKeyFormat: addressKeySchema })).nullish(),
  }),
});
export type WireChecked = z.infer<typeof wireCheckedSchema>['XAVResponse'];

export const wirePickupSchema = z.object({
  PickupCreationResponse: z.object({
    PRN: z.string().min(1),
    RateResult: z
      .object({ CurrencyCode: z.string().nullish(), GrandTotalOfAllCharge: text.nullish(), GrandTotalOfAllIncentedCharge: text.nullish() })
      .nullish(),
  }),
});
export type WirePickup = z.infer<typeof wirePickupSchema>['PickupCreationResponse'];

export const wirePendingPickupsSchema = z.object({
  PickupPendingStatusResponse: z.object({
    PendingStatus: oneOrMany(
      z.object({ PRN: z.string().nullish(), ReferenceNumber: z.string().nullish(), PickupStatusMessage: z.string().nullish() }),
    ).nullish(),
  }),
});
