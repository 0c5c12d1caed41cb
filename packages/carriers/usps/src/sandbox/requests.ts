import { z } from 'zod';

// What USPS wants of requests: what it requires, in the forms that its specifications give. What they do not know is refused, so that a slip of the pen is seen.

const zip = z.string().regex(/^\d{5}$/);
const state = z
  .string()
  .regex(
    /^(AA|AE|AL|AK|AP|AS|AZ|AR|CA|CO|CT|DE|DC|FM|FL|GA|GU|HI|ID|IL|IN|IA|KS|KY|LA|ME|MH|MD|MA|MI|MN|MS|MO|MP|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PW|PA|PR|RI|SC|SD|TN|TX|UT|VT|VI|VA|WA|WV|WI|WY)$/,
  );
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/);
const positive = z.number().positive();
const measures = { weight: positive, length: positive, width: positive, height: positive };

export const tokenRequestSchema = z.strictObject({
  client_id: z.string(),
  client_secret: z.string(),
  grant_type: z.literal('client_credentials'),
  scope: z.string().optional(),
});

const mid = z.string().regex(/^(\d{6}|\d{9})$/);
const roleSchema = z.strictObject({
  roleName: z.enum(['PAYER', 'RATE_HOLDER', 'LABEL_OWNER', 'SHIPPER', 'MAIL_OWNER', 'PLATFORM']),
  CRID: z.string().min(2).max(18),
  MID: mid.optional(),
  manifestMID: mid.optional(),
  accountType: z.enum(['EPS', 'PERMIT', 'METER', 'OMAS']).optional(),
  accountNumber: z.string().optional(),
  permitNumber: z.string().optional(),
  permitZIP: z.string().max(5).optional(),
});
export type RoleBody = z.infer<typeof roleSchema>;
export const paymentRequestSchema = z.strictObject({ roles: z.array(roleSchema).min(1) });

export const optionsRequestSchema = z.strictObject({
  pricingOptions: z
    .array(
      z.strictObject({
        priceType: z.enum(['RETAIL', 'COMMERCIAL', 'CONTRACT']).optional(),
        paymentAccount: z
          .strictObject({ accountType: z.enum(['EPS', 'PERMIT', 'METER', 'MID']), accountNumber: z.string(), CRID: z.string().optional() })
          .optional(),
      }),
    )
    .min(1),
  originZIPCode: zip,
  destinationZIPCode: zip,
  packageDescription: z.strictObject({
    mailClass: z.string(),
    ...measures,
    mailingDate: day.optional(),
    extraServices: z.array(z.int()).max(5).optional(),
    packageValue: z.number().nonnegative().optional(),
  }),
});

const addressFields = {
  firstName: z.string().min(1).max(50).optional(),
  lastName: z.string().min(1).max(50).optional(),
  firm: z.string().max(50).optional(),
  streetAddress: z.string().min(1).max(50),
  secondaryAddress: z.string().max(50).optional(),
  city: z.string().min(1).max(28),
  state,
  ZIPCode: zip,
  ZIPPlus4: z
    .string()
    .regex(/^\d{4}$/)
    .optional(),
};
const labelAddress = z.strictObject(addressFields);
export type AddressBody = z.infer<typeof labelAddress>;

const customsForm = z.strictObject({
  customsContentType: z.enum([
    'MERCHANDISE',
    'GIFT',
    'DOCUMENT',
    'COMMERCIAL_SAMPLE',
    'RETURNED_GOODS',
    'OTHER',
    'HUMANITARIAN_DONATIONS',
    'DANGEROUS_GOODS',
  ]),
  contentComments: z.string().max(25).optional(),
  AESITN: z.string().min(1).max(35).optional(),
  invoiceNumber: z.string().min(1).max(15).optional(),
  contents: z
    .array(
      z.strictObject({
        itemDescription: z.string().min(1).max(30),
        itemQuantity: z.int().min(1).max(9_999),
        itemTotalValue: z.number().min(0.01).max(999_999.99),
        weightUOM: z.literal('lb'),
        itemTotalWeight: positive,
        HSTariffNumber: z.string().min(6).max(14).optional(),
        countryofOrigin: z
          .string()
          .regex(/^[A-Z]{2}$/)
          .optional(),
      }),
    )
    .min(1)
    .max(30),
});

const imageFields = {
  imageType: z.enum(['PDF', 'TIFF', 'JPG', 'PNG', 'GIF', 'SVG', 'ZPL203DPI', 'ZPL300DPI', 'EPL300DPI']).default('PDF'),
  labelType: z.enum(['4X4LABEL', '4X5LABEL', '4X6LABEL', '6X4LABEL', '2X7LABEL']).default('4X6LABEL'),
  suppressPostage: z.boolean().optional(),
};

export const labelRequestSchema = z.strictObject({
  imageInfo: z
    .strictObject({ ...imageFields, receiptOption: z.enum(['SAME_PAGE', 'SEPARATE_PAGE', 'NONE']).default('SAME_PAGE') })
    .optional(),
  toAddress: labelAddress,
  fromAddress: labelAddress,
  packageDescription: z.strictObject({
    mailClass: z.string(),
    rateIndicator: z.string().regex(/^[A-Z0-9]{2}$/),
    processingCategory: z.enum(['LETTERS', 'FLATS', 'MACHINABLE', 'NONSTANDARD']),
    weightUOM: z.literal('lb'),
    dimensionsUOM: z.literal('in'),
    ...measures,
    mailingDate: day.optional(),
    destinationEntryFacilityType: z.literal('NONE').optional(),
    extraServices: z.array(z.int()).max(5).optional(),
    packageOptions: z.strictObject({ packageValue: z.number().nonnegative() }).optional(),
    customerReference: z
      .array(z.strictObject({ referenceNumber: z.string().min(1).max(30), printReferenceNumber: z.boolean().optional() }))
      .max(4)
      .optional(),
  }),
  customsForm: customsForm.optional(),
});
export type LabelBody = z.infer<typeof labelRequestSchema>;

export const reprintRequestSchema = z.strictObject({ imageInfo: z.strictObject(imageFields).optional() });

export const scanFormRequestSchema = z.strictObject({
  imageInfo: z.strictObject({ imageType: z.enum(['PDF', 'NONE']), labelType: z.enum(['8.5X11LABEL', '4X6LABEL']) }).optional(),
  mailingDate: day,
  overwriteMailingDate: z.boolean().default(false),
  entryFacilityZIPCode: zip,
  destinationEntryFacilityType: z.literal('NONE'),
  shipment: z.strictObject({ trackingNumbers: z.array(z.string()).min(1).max(40_000) }),
  fromAddress: labelAddress,
});

export const pickupRequestSchema = z.strictObject({
  pickupDate: day,
  pickupAddress: z.strictObject({
    firstName: z.string().min(1).max(50),
    lastName: z.string().min(1).max(50),
    firm: z.string().max(50).optional(),
    address: z.strictObject({
      streetAddress: z.string().min(1).max(50),
      secondaryAddress: z.string().max(50).optional(),
      city: z.string().min(1).max(28).optional(),
      state: state.optional(),
      ZIPCode: zip.optional(),
    }),
    contact: z
      .array(z.strictObject({ email: z.email().max(50) }))
      .min(1)
      .max(2),
  }),
  packages: z
    .array(
      z.strictObject({
        packageType: z.enum([
          'FIRST-CLASS_PACKAGE_SERVICE',
          'PRIORITY_MAIL_EXPRESS',
          'PRIORITY_MAIL',
          'RETURNS',
          'USPS_GROUND_ADVANTAGE',
          'INTERNATIONAL',
          'OTHER',
        ]),
        packageCount: z.int().min(1),
      }),
    )
    .min(1),
  estimatedWeight: positive,
  pickupLocation: z.strictObject({
    packageLocation: z.enum([
      'FRONT_DOOR',
      'BACK_DOOR',
      'SIDE_DOOR',
      'KNOCK_ON_DOOR',
      'MAIL_ROOM',
      'OFFICE',
      'PORCH',
      'RECEPTION',
      'MAILBOX',
      'OTHER',
    ]),
    specialInstructions: z.string().max(255).optional(),
  }),
  nextAvailablePickup: z.boolean().optional(),
});
