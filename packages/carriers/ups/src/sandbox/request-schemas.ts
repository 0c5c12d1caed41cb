import { z } from 'zod';

/** What UPS wants of a request, by its specifications: required fields, lengths, codes. Fields that the sandbox does not act upon are left alone, as UPS does. */

const tag = z.unknown();
const measure = z.object({ Code: z.string().min(1).max(3) });
const amount = z.object({ CurrencyCode: z.string().length(3), MonetaryValue: z.string().regex(/^\d{1,11}(\.\d{1,3})?$/) });
const decimal = z.string().regex(/^\d{1,6}(\.\d{1,2})?$/);

const address = z.object({
  AddressLine: z.array(z.string().min(1).max(35)).min(1).max(3),
  City: z.string().min(1).max(30),
  StateProvinceCode: z.string().max(5).optional(),
  PostalCode: z.string().max(9).optional(),
  CountryCode: z.string().regex(/^[A-Z]{2}$/),
  ResidentialAddressIndicator: tag.optional(),
});
const party = z.object({ Name: z.string().min(1).max(35), AttentionName: z.string().max(35).optional(), Address: address });
const phone = z.object({ Number: z.string().regex(/^\d{1,15}$/) }).optional();
const charge = z.object({ Type: z.enum(['01', '02', '03']), BillShipper: z.object({ AccountNumber: z.string() }).optional() });
const side = z.string().regex(/^[1-9]\d{0,2}$/);
const dimensions = z.object({ UnitOfMeasurement: measure, Length: side, Width: side, Height: side });
const packageServices = z
  .object({ DeliveryConfirmation: z.object({ DCISType: z.enum(['2', '3']) }).optional(), DeclaredValue: amount.optional() })
  .optional();
const weight = z.object({ UnitOfMeasurement: measure, Weight: decimal });
const shipmentServices = z
  .object({
    SaturdayDeliveryIndicator: tag.optional(),
    DeliveryConfirmation: z.object({ DCISType: z.enum(['1', '2']) }).optional(),
    ReturnService: z.object({ Code: z.string() }).optional(),
    InternationalForms: z
      .object({
        FormType: z.array(z.enum(['01', '05'])).min(1),
        Product: z
          .array(
            z.object({
              Description: z.array(z.string().min(1).max(35)).min(1).max(3),
              Unit: z.object({
                Number: z.string().regex(/^\d{1,7}$/),
                UnitOfMeasurement: measure,
                Value: z.string().regex(/^\d+(\.\d+)?$/),
              }),
              CommodityCode: z.string().min(6).max(15).optional(),
              PartNumber: z.string().min(1).max(35),
              OriginCountryCode: z.string().length(2).optional(),
            }),
          )
          .min(1)
          .max(100),
        InvoiceNumber: z.string().min(1),
        InvoiceDate: z.string().regex(/^\d{8}$/),
        ReasonForExport: z.string().min(1),
        CurrencyCode: z.string().length(3),
        Contacts: z.object({ SoldTo: party }),
      })
      .optional(),
  })
  .optional();
const reference = z.object({ Value: z.string().regex(/^[A-Za-z0-9 ]{1,35}$/) });

export const rateRequestSchema = z.object({
  RateRequest: z.object({
    Request: z.object({ RequestOption: z.string().min(1), SubVersion: z.string().max(4).optional() }),
    PickupType: z.object({ Code: z.string().length(2) }).optional(),
    Shipment: z.object({
      Shipper: z.object({ ShipperNumber: z.string().max(6).optional(), Address: address }),
      ShipTo: z.object({ Address: address }),
      ShipFrom: z.object({ Address: address }).optional(),
      Service: z.object({ Code: z.string().max(3) }).optional(),
      ShipmentTotalWeight: weight.optional(),
      Package: z
        .array(
          z.object({
            PackagingType: measure,
            Dimensions: dimensions.optional(),
            PackageWeight: weight,
            PackageServiceOptions: packageServices,
          }),
        )
        .length(1),
      ShipmentServiceOptions: shipmentServices,
      ShipmentRatingOptions: z.object({ NegotiatedRatesIndicator: z.string() }).optional(),
      InvoiceLineTotal: z.object({ CurrencyCode: z.string().length(3), MonetaryValue: z.string().regex(/^[1-9]\d{0,7}$/) }).optional(),
      DeliveryTimeInformation: z
        .object({ PackageBillType: z.enum(['02', '03']), Pickup: z.object({ Date: z.string().regex(/^\d{8}$/) }) })
        .optional(),
    }),
  }),
});
export type RateRequestBody = z.infer<typeof rateRequestSchema>['RateRequest'];

export const shipRequestSchema = z.object({
  ShipmentRequest: z.object({
    Request: z.object({ RequestOption: z.enum(['nonvalidate', 'validate']), SubVersion: z.string().max(4).optional() }),
    Shipment: z.object({
      Description: z.string().max(50).optional(),
      ReturnService: z.object({ Code: z.string().max(2) }).optional(),
      Shipper: party.extend({ ShipperNumber: z.string().length(6), Phone: phone }),
      ShipTo: party.extend({ Phone: phone }),
      ShipFrom: party.extend({ Phone: phone }).optional(),
      PaymentInformation: z.object({ ShipmentCharge: z.array(charge).min(1).max(3) }),
      ReferenceNumber: z.array(reference).max(5).optional(),
      Service: z.object({ Code: z.string().max(3) }),
      ShipmentServiceOptions: shipmentServices,
      ShipmentRatingOptions: z.object({ NegotiatedRatesIndicator: z.string() }).optional(),
      InvoiceLineTotal: z.object({ CurrencyCode: z.string().length(3), MonetaryValue: z.string().regex(/^[1-9]\d{0,7}$/) }).optional(),
      Package: z
        .array(
          z.object({
            Description: z.string().max(35).optional(),
            Packaging: measure,
            Dimensions: dimensions.optional(),
            PackageWeight: weight,
            ReferenceNumber: z.array(reference).max(5).optional(),
            PackageServiceOptions: packageServices,
          }),
        )
        .length(1),
    }),
    LabelSpecification: z.object({
      LabelImageFormat: z.object({ Code: z.enum(['GIF', 'ZPL', 'EPL', 'SPL']) }),
      LabelStockSize: z.object({ Height: z.enum(['6', '8']), Width: z.literal('4') }).optional(),
    }),
  }),
});
export type ShipRequestBody = z.infer<typeof shipRequestSchema>['ShipmentRequest'];

export const recoveryRequestSchema = z.object({
  LabelRecoveryRequest: z.object({
    LabelSpecification: z.object({ LabelImageFormat: z.object({ Code: z.enum(['GIF', 'PDF', 'ZPL', 'EPL', 'SPL']) }) }).optional(),
    TrackingNumber: z.string().max(18).optional(),
    ReferenceValues: z.object({ ReferenceNumber: z.object({ Value: z.string().max(35) }), ShipperNumber: z.string().length(6) }).optional(),
  }),
});

export const subscriptionRequestSchema = z.object({
  locale: z.literal('en_US'),
  trackingNumberList: z.array(z.string()).min(1),
});

export const addressRequestSchema = z.object({
  XAVRequest: z.object({
    AddressKeyFormat: z.object({
      AddressLine: z.array(z.string()).min(1),
      PoliticalDivision2: z.string().max(30),
      PoliticalDivision1: z.string().max(30).optional(),
      PostcodePrimaryLow: z.string().max(10),
      CountryCode: z.string().length(2),
    }),
  }),
});

export const pickupRequestSchema = z.object({
  PickupCreationRequest: z.object({
    RatePickupIndicator: z.enum(['Y', 'N']),
    Shipper: z.object({ Account: z.object({ AccountNumber: z.string(), AccountCountryCode: z.string().length(2) }) }),
    PickupDateInfo: z.object({
      CloseTime: z.string().regex(/^\d{4}$/),
      ReadyTime: z.string().regex(/^\d{4}$/),
      PickupDate: z.string().regex(/^\d{8}$/),
    }),
    PickupAddress: z.object({
      CompanyName: z.string().min(1).max(27),
      ContactName: z.string().min(1).max(22),
      AddressLine: z.array(z.string().max(73)).min(1),
      City: z.string().min(1),
      CountryCode: z.string().length(2),
      ResidentialIndicator: z.enum(['Y', 'N']),
      Phone: z.object({ Number: z.string().min(1).max(25) }),
    }),
    AlternateAddressIndicator: z.enum(['Y', 'N']),
    PickupPiece: z
      .array(
        z.object({
          ServiceCode: z.string().length(3),
          Quantity: z.string().regex(/^\d{1,3}$/),
          DestinationCountryCode: z.string().length(2),
          ContainerCode: z.string().length(2),
        }),
      )
      .min(1),
    TotalWeight: z.object({ Weight: decimal, UnitOfMeasurement: z.enum(['LBS', 'KGS']) }).optional(),
    PaymentMethod: z.enum(['00', '01', '03', '04']),
    ReferenceNumber: z.string().max(35).optional(),
  }),
});
