import { z } from 'zod';

/** What FedEx wants of a request, by its specifications: required fields, lengths, words. Fields that the sandbox does not act upon are left alone, as FedEx does. */

const account = z.object({ value: z.string().regex(/^\d{9}$/) });
const weight = z.object({ units: z.enum(['LB', 'KG']), value: z.number().positive() });
const side = z.int().positive().max(999);
const dimensions = z.object({ length: side, width: side, height: side, units: z.enum(['IN', 'CM']) });
const amount = z.object({ amount: z.number().nonnegative(), currency: z.string().length(3) });
const country = z.string().regex(/^[A-Z]{2}$/);
const place = z.object({
  city: z.string().max(35).optional(),
  stateOrProvinceCode: z.string().max(2).optional(),
  postalCode: z.string().max(10).optional(),
  countryCode: country,
  residential: z.boolean().optional(),
});
const address = place.extend({ streetLines: z.array(z.string().min(1).max(35)).min(1).max(3), city: z.string().min(1).max(35) });
const contact = z.object({
  personName: z.string().max(70).optional(),
  companyName: z.string().max(35).optional(),
  phoneNumber: z.string().regex(/^\d{1,15}$/),
  emailAddress: z.string().max(80).optional(),
});
const tins = z.array(z.object({ number: z.string().min(1).max(18), tinType: z.string() })).optional();
const party = z.object({ address, contact, tins });
const packageServices = z
  .object({
    specialServiceTypes: z.array(z.string()).optional(),
    signatureOptionType: z.enum(['SERVICE_DEFAULT', 'NO_SIGNATURE_REQUIRED', 'INDIRECT', 'DIRECT', 'ADULT']).optional(),
  })
  .optional();
const ratedPackage = z.object({
  groupPackageCount: z.int().positive().optional(),
  weight,
  dimensions: dimensions.optional(),
  declaredValue: amount.optional(),
  packageSpecialServices: packageServices,
});
const longest: Readonly<Record<string, number>> = {
  CUSTOMER_REFERENCE: 30,
  DEPARTMENT_NUMBER: 30,
  INVOICE_NUMBER: 30,
  P_O_NUMBER: 30,
  RMA_ASSOCIATION: 20,
};
const reference = z
  .object({ customerReferenceType: z.string(), value: z.string().min(1) })
  .refine(
    ({ customerReferenceType, value }) => value.length <= (longest[customerReferenceType] ?? 0),
    'the reference is too long, or of no type',
  );
const shippedPackage = ratedPackage.extend({ customerReferences: z.array(reference).optional() });
const pickupType = z.enum(['CONTACT_FEDEX_TO_SCHEDULE', 'DROPOFF_AT_FEDEX_LOCATION', 'USE_SCHEDULED_PICKUP']);
const shipmentServices = z
  .object({
    specialServiceTypes: z.array(z.string()).min(1),
    returnShipmentDetail: z.object({ returnType: z.enum(['PENDING', 'PRINT_RETURN_LABEL']) }).optional(),
  })
  .optional();
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/);
const commodity = z.object({
  description: z.string().min(1).max(450),
  quantity: z.int().positive(),
  quantityUnits: z.string(),
  weight,
  unitPrice: amount,
  customsValue: amount,
  countryOfManufacture: z.string().max(4).optional(),
  harmonizedCode: z.string().optional(),
});
const duties = z.object({ paymentType: z.enum(['SENDER', 'RECIPIENT', 'THIRD_PARTY', 'COLLECT']) });
const customs = z
  .object({
    commodities: z.array(commodity).min(1).max(999),
    commercialInvoice: z.object({ shipmentPurpose: z.string(), customerReferences: z.array(reference).optional() }).optional(),
    dutiesPayment: duties.optional(),
  })
  .optional();

export const rateRequestSchema = z.object({
  accountNumber: account,
  rateRequestControlParameters: z.object({ returnTransitTimes: z.boolean().optional() }).optional(),
  requestedShipment: z.object({
    shipper: z.object({ address: place }),
    recipient: z.object({ address: place }),
    serviceType: z.string().optional(),
    packagingType: z.string().optional(),
    pickupType,
    rateRequestType: z.array(z.enum(['LIST', 'ACCOUNT', 'PREFERRED', 'INCENTIVE', 'NONE'])).optional(),
    shipDateStamp: day.optional(),
    shipmentSpecialServices: shipmentServices,
    customsClearanceDetail: customs.refine((value) => value?.dutiesPayment === undefined || value.dutiesPayment.paymentType === 'SENDER'),
    requestedPackageLineItems: z.array(ratedPackage).min(1).max(1),
  }),
});
export type RateRequestBody = z.infer<typeof rateRequestSchema>['requestedShipment'];

const shipment = z.looseObject({
  shipDatestamp: day.optional(),
  pickupType,
  serviceType: z.string(),
  packagingType: z.string(),
  shipper: party,
  recipients: z.array(party).length(1),
  shippingChargesPayment: z.object({
    paymentType: z.enum(['SENDER', 'RECIPIENT', 'THIRD_PARTY', 'COLLECT']),
    payor: z.object({ responsibleParty: z.object({ accountNumber: account }) }).optional(),
  }),
  shipmentSpecialServices: shipmentServices,
  customsClearanceDetail: customs,
  requestedPackageLineItems: z.array(shippedPackage).min(1).max(1),
});
export type ShipmentBody = z.infer<typeof shipment>;

export const openRequestSchema = z.object({
  accountNumber: account,
  index: z.string().min(1).max(40),
  openShipmentAction: z.enum(['STRONG_VALIDATION', 'WEAK_VALIDATION', 'CREATE_PACKAGE']).optional(),
  requestedShipment: shipment,
});

const stocks: Readonly<Record<string, RegExp>> = { ZPLII: /^STOCK_/, EPL2: /^STOCK_/, PDF: /^PAPER_/, PNG: /^PAPER_/ };
const labelSpecification = z
  .object({
    imageType: z.enum(['ZPLII', 'EPL2', 'PDF', 'PNG']),
    labelStockType: z.string(),
    labelFormatType: z.enum(['COMMON2D', 'LABEL_DATA_ONLY']).optional(),
  })
  .refine(({ imageType, labelStockType }) => stocks[imageType]?.test(labelStockType) ?? false, 'the stock does not go with the image');
export type LabelSpecificationBody = z.infer<typeof labelSpecification>;
const labelResponseOptions = z.enum(['LABEL', 'URL_ONLY']);

export const confirmRequestSchema = z.object({
  accountNumber: account,
  index: z.string().min(1),
  labelResponseOptions,
  labelSpecification,
});
export const indexRequestSchema = z.object({ accountNumber: account, index: z.string().min(1) });
export const shipRequestSchema = z.object({
  accountNumber: account,
  labelResponseOptions,
  requestedShipment: shipment.extend({ labelSpecification, totalWeight: z.number().positive() }),
});

export const cancelRequestSchema = z.object({
  accountNumber: account,
  trackingNumber: z.string().min(1),
  deletionControl: z.literal('DELETE_ALL_PACKAGES').optional(),
});

export const trackRequestSchema = z.object({
  includeDetailedScans: z.boolean(),
  trackingInfo: z
    .array(
      z.object({
        trackingNumberInfo: z.object({ trackingNumber: z.string().min(1) }),
        shipDateBegin: day.optional(),
        shipDateEnd: day.optional(),
      }),
    )
    .min(1),
});
export const trackReferenceSchema = z.object({
  includeDetailedScans: z.boolean().optional(),
  referencesInformation: z
    .object({
      type: z.string(),
      value: z.string().min(1),
      accountNumber: z.string().optional(),
      destinationCountryCode: country.optional(),
      shipDateBegin: day,
      shipDateEndDate: day,
    })
    .refine(({ accountNumber, destinationCountryCode }) => accountNumber !== undefined || destinationCountryCode !== undefined),
});

export const addressRequestSchema = z.object({
  addressesToValidate: z
    .array(
      z.object({
        address: z.object({
          streetLines: z.array(z.string()).min(1),
          city: z.string(),
          stateOrProvinceCode: z.string(),
          postalCode: z.string(),
          countryCode: country,
        }),
      }),
    )
    .min(1)
    .max(100),
});

const time = /\d\d:\d\d:\d\d$/;
export const pickupRequestSchema = z.object({
  associatedAccountNumber: account,
  originDetail: z.object({
    pickupAddressType: z.enum(['ACCOUNT', 'SHIPPER', 'OTHER']).optional(),
    pickupLocation: z.object({ contact: contact.extend({ phoneNumber: z.string().regex(/^\d{8,13}$/) }), address }),
    readyDateTimestamp: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
    customerCloseTime: z.string().regex(time),
    packageLocation: z.enum(['FRONT', 'NONE', 'REAR', 'SIDE']).optional(),
  }),
  carrierCode: z.enum(['FDXE', 'FDXG']),
  packageCount: z.int().positive().optional(),
  totalWeight: weight.optional(),
  remarks: z.string().max(60).optional(),
});
export const cancelPickupSchema = z.object({
  associatedAccountNumber: account,
  pickupConfirmationCode: z.string().min(1),
  carrierCode: z.enum(['FDXE', 'FDXG']).optional(),
  scheduledDate: day,
  location: z.string().optional(),
});

export const closeRequestSchema = z.object({
  closeReqType: z.literal('GCDR'),
  groundServiceCategory: z.literal('GROUND'),
  accountNumber: account,
  closeDate: day,
});
export const reprintRequestSchema = z.object({
  closeReqType: z.literal('RGCDR'),
  groundServiceCategory: z.literal('GROUND'),
  accountNumber: account,
  reprintOption: z.enum(['BY_SHIP_DATE', 'BY_TRACKING_NUMBER']),
  trackingNumber: z.string().optional(),
  closeDate: day.optional(),
});
