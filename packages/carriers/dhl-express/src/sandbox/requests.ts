import { z } from 'zod';

/** What DHL wants of a request, by its specification: required fields, lengths, codes, and nothing that it does not know. */

const thousandths = (least: number) =>
  z
    .number()
    .min(least)
    .refine((value) => Math.abs(value * 1_000 - Math.round(value * 1_000)) < 1e-6, 'multipleOf 0.001');
const country = z.string().regex(/^[A-Z]{2}$/);
const currency = z.string().regex(/^[A-Z]{3}$/);
const moment = z.string().min(1).max(29);
const account = z.strictObject({ typeCode: z.enum(['shipper', 'payer', 'duties-taxes']), number: z.string().min(1).max(12) });
const sides = z.strictObject({ length: thousandths(0.001), width: thousandths(0.001), height: thousandths(0.001) });
const parcel = z.strictObject({ weight: thousandths(0.001), dimensions: sides.optional() });
const service = z.strictObject({ serviceCode: z.string().min(1).max(6), value: thousandths(0).optional(), currency: currency.optional() });
const services = z.array(service).max(99).optional();
const place = z.strictObject({
  postalCode: z.string().max(12),
  cityName: z.string().min(1).max(45),
  countryCode: country,
  provinceCode: z.string().min(2).max(35).optional(),
});
const line = z.string().min(1).max(45);
const postalAddress = place.extend({ addressLine1: line, addressLine2: line.optional(), addressLine3: line.optional() });
const contactInformation = z.strictObject({
  phone: z.string().min(1).max(70),
  companyName: z.string().min(1).max(100),
  fullName: z.string().min(1).max(255),
  email: z.string().min(1).max(70).optional(),
});
const party = z.strictObject({ postalAddress, contactInformation });
const customsParty = party.extend({
  registrationNumbers: z
    .array(
      z.strictObject({
        typeCode: z.enum(['VAT', 'EIN', 'EOR', 'SDT']),
        number: z.string().min(1).max(35),
        issuerCountryCode: country,
      }),
    )
    .max(50)
    .optional(),
  typeCode: z.enum(['business', 'direct_consumer', 'government', 'other', 'private', 'reseller']).optional(),
});

export const rateRequestSchema = z.strictObject({
  customerDetails: z.strictObject({ shipperDetails: place, receiverDetails: place }),
  accounts: z.array(account).max(2).optional(),
  productCode: z.string().min(1).max(6).optional(),
  valueAddedServices: services,
  productsAndServices: z.array(z.strictObject({ productCode: z.string().min(1).max(6), valueAddedServices: services })).optional(),
  plannedShippingDateAndTime: moment,
  unitOfMeasurement: z.literal('metric'),
  isCustomsDeclarable: z.boolean(),
  monetaryAmount: z
    .array(z.strictObject({ typeCode: z.enum(['declaredValue', 'insuredValue']), value: thousandths(0), currency }))
    .optional(),
  estimatedDeliveryDate: z.strictObject({ isRequested: z.boolean(), typeCode: z.enum(['QDDC', 'QDDF']) }).optional(),
  nextBusinessDay: z.boolean().optional(),
  packages: z.array(parcel).min(1).max(999),
});
export type RateRequestBody = z.infer<typeof rateRequestSchema>;

const exportReason = z.enum(['permanent', 'temporary', 'return', 'commercial_purpose_or_sale', 'sample', 'gift']);
const lineItem = z.strictObject({
  number: z.int().min(1).max(999),
  description: z.string().min(1).max(512),
  price: thousandths(0),
  quantity: z.strictObject({ value: z.int().min(1), unitOfMeasurement: z.literal('PCS') }),
  commodityCodes: z
    .array(z.strictObject({ typeCode: z.enum(['outbound', 'inbound']), value: z.string().min(2).max(18) }))
    .max(2)
    .optional(),
  exportReasonType: exportReason.optional(),
  manufacturerCountry: country,
  weight: z.strictObject({ netValue: thousandths(0.001).optional(), grossValue: thousandths(0.001).optional() }),
});
const imageOption = z.strictObject({
  typeCode: z.enum(['label', 'waybillDoc', 'invoice']),
  templateName: z.string().max(25).optional(),
  isRequested: z.boolean().optional(),
  numberOfCopies: z.int().min(1).max(2).optional(),
  invoiceType: z.enum(['commercial', 'proforma', 'returns']).optional(),
});

export const shipmentRequestSchema = z.strictObject({
  plannedShippingDateAndTime: moment,
  pickup: z.strictObject({ isRequested: z.literal(false) }),
  productCode: z.string().min(1).max(6),
  localProductCode: z.string().min(1).max(3).optional(),
  getRateEstimates: z.boolean().optional(),
  accounts: z.array(account).min(1).max(3),
  valueAddedServices: services,
  outputImageProperties: z
    .strictObject({
      encodingFormat: z.enum(['pdf', 'zpl', 'lp2', 'epl']).optional(),
      imageOptions: z.array(imageOption).max(20).optional(),
      splitTransportAndWaybillDocLabels: z.boolean().optional(),
    })
    .optional(),
  customerReferences: z
    .array(z.strictObject({ typeCode: z.enum(['CU', 'CO']), value: z.string().min(1).max(35) }))
    .max(999)
    .optional(),
  customerDetails: z.strictObject({ shipperDetails: customsParty, receiverDetails: customsParty }),
  content: z.strictObject({
    packages: z.array(parcel).min(1).max(999),
    isCustomsDeclarable: z.boolean(),
    declaredValue: thousandths(0).optional(),
    declaredValueCurrency: currency.optional(),
    exportDeclaration: z
      .strictObject({
        lineItems: z.array(lineItem).min(1).max(999),
        invoice: z.strictObject({
          number: z.string().min(1).max(35),
          date: z.iso.date(),
          signatureName: z.string().max(35).optional(),
        }),
        exportReasonType: exportReason.optional(),
        shipmentType: z.enum(['personal', 'commercial']).optional(),
      })
      .optional(),
    description: z.string().min(1).max(70).regex(/^\S/),
    incoterm: z.enum(['EXW', 'FCA', 'CPT', 'CIP', 'DPU', 'DAP', 'DDP', 'FAS', 'FOB', 'CFR', 'CIF', 'DDU']),
    unitOfMeasurement: z.literal('metric'),
  }),
});
export type ShipmentRequestBody = z.infer<typeof shipmentRequestSchema>;

export const pickupRequestSchema = z.strictObject({
  plannedPickupDateAndTime: moment,
  closeTime: z
    .string()
    .regex(/^([0-1][0-9]|2[0-3]):([0-5][0-9])$/)
    .optional(),
  location: z.string().max(80).optional(),
  locationType: z.enum(['business', 'residence']).optional(),
  accounts: z.array(account).min(1).max(5),
  specialInstructions: z
    .array(z.strictObject({ value: z.string().max(80) }))
    .max(4)
    .optional(),
  customerDetails: z.strictObject({ shipperDetails: party }),
  shipmentDetails: z
    .array(
      z.strictObject({
        productCode: z.string().min(1).max(6),
        accounts: z.array(account).max(5).optional(),
        isCustomsDeclarable: z.boolean(),
        unitOfMeasurement: z.literal('metric'),
        shipmentTrackingNumber: z.string().optional(),
        packages: z.array(parcel).min(1).max(999),
      }),
    )
    .min(1)
    .max(999),
});

/** The instant of `2026-11-23T15:00:00 GMT+01:00`; null where it is written otherwise. */
export function instantOfMoment(text: string): string | null {
  const [, local, offset] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d) ?GMT([+-]\d\d:\d\d)$/.exec(text) ?? [];
  const ms = Date.parse(`${local}${offset}`);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
