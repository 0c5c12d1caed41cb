import { z } from 'zod';

/** Numbers are texts of up to six digits before and four behind the point. */
const numberText = z.string().regex(/^\d{1,6}(\.\d{1,4})?$/, 'A valid number is required.');
const amountText = z.string().regex(/^\d+(\.\d+)?$/, 'A valid number is required.');
const metadata = z.string().max(100, 'Ensure this field has no more than 100 characters.').optional();
const massUnit = z.enum(['g', 'kg', 'lb', 'oz']);

export const addressSchema = z.strictObject({
  name: z.string().optional(),
  company: z.string().optional(),
  street1: z.string().optional(),
  street2: z.string().optional(),
  street3: z.string().optional(),
  street_no: z.string().optional(),
  city: z.string().optional(),
  state: z.string().optional(),
  zip: z.string().optional(),
  country: z.string().min(2),
  phone: z.string().optional(),
  email: z.string().optional(),
  is_residential: z.boolean().optional(),
  metadata,
});
export type SandboxAddress = z.infer<typeof addressSchema>;

const parcelSchema = z.strictObject({
  weight: numberText,
  mass_unit: massUnit,
  length: numberText,
  width: numberText,
  height: numberText,
  distance_unit: z.enum(['cm', 'in', 'ft', 'm', 'mm', 'yd']),
  metadata,
});

const customsItemSchema = z.strictObject({
  description: z.string().min(1),
  quantity: z.int().positive(),
  net_weight: amountText,
  mass_unit: massUnit,
  value_amount: amountText,
  value_currency: z.string().length(3),
  origin_country: z.string().length(2),
  sku_code: z.string().optional(),
  tariff_number: z.string().max(12).optional(),
  hs_code: z.string().max(50).optional(),
});

const customsSchema = z
  .strictObject({
    certify: z.literal(true),
    certify_signer: z.string().min(1),
    contents_type: z.enum(['DOCUMENTS', 'GIFT', 'SAMPLE', 'MERCHANDISE', 'HUMANITARIAN_DONATION', 'RETURN_MERCHANDISE', 'OTHER']),
    contents_explanation: z.string().min(1).optional(),
    non_delivery_option: z.enum(['ABANDON', 'RETURN']),
    incoterm: z.enum(['DDP', 'DDU', 'FCA', 'DAP', 'eDAP']).optional(),
    eel_pfc: z.enum(['NOEEI_30_37_a', 'NOEEI_30_37_h', 'NOEEI_30_37_f', 'NOEEI_30_36', 'AES_ITN']).optional(),
    aes_itn: z.string().optional(),
    invoice: z.string().optional(),
    exporter_identification: z
      .strictObject({
        eori_number: z
          .string()
          .regex(/^[A-Z]{2}[A-Za-z0-9]{6,17}$/)
          .optional(),
        tax_id: z.strictObject({ number: z.string().min(1), type: z.enum(['EIN', 'VAT', 'IOSS', 'ARN']) }).optional(),
      })
      .optional(),
    items: z.array(customsItemSchema).min(1),
    metadata,
  })
  .refine(({ contents_type, contents_explanation }) => contents_type !== 'OTHER' || contents_explanation !== undefined, {
    path: ['contents_explanation'],
    message: 'This field is required.',
  })
  .refine(({ eel_pfc, aes_itn }) => eel_pfc !== 'AES_ITN' || aes_itn !== undefined, {
    path: ['aes_itn'],
    message: 'This field is required.',
  });

export const shipmentRequestSchema = z.strictObject({
  address_from: addressSchema,
  address_to: addressSchema,
  address_return: addressSchema.optional(),
  parcels: z.array(parcelSchema).length(1, 'The sandbox takes one parcel.'),
  shipment_date: z.iso.datetime({ offset: true }).optional(),
  async: z.boolean().optional(),
  carrier_accounts: z.array(z.string()).optional(),
  customs_declaration: customsSchema.optional(),
  extra: z
    .strictObject({
      signature_confirmation: z.enum(['STANDARD', 'ADULT', 'CERTIFIED', 'INDIRECT', 'CARRIER_CONFIRMATION']).optional(),
      saturday_delivery: z.boolean().optional(),
      insurance: z
        .strictObject({ amount: amountText, currency: z.string().length(3), content: z.string().min(1), provider: z.string().optional() })
        .optional(),
      is_return: z.boolean().optional(),
      reference_1: z.string().max(50).optional(),
      reference_2: z.string().max(50).optional(),
    })
    .optional(),
  metadata,
});
export type ShipmentRequest = z.infer<typeof shipmentRequestSchema>;

export const labelFileTypes = [
  'PNG',
  'PNG_2.3x7.5',
  'PDF',
  'PDF_2.3x7.5',
  'PDF_4x6',
  'PDF_4x8',
  'PDF_A4',
  'PDF_A5',
  'PDF_A6',
  'ZPLII',
] as const;
export type LabelFileType = (typeof labelFileTypes)[number];

export const transactionRequestSchema = z.strictObject({
  rate: z.string(),
  label_file_type: z.enum(labelFileTypes).optional(),
  async: z.boolean().optional(),
  metadata,
});

export const refundRequestSchema = z.strictObject({ transaction: z.string(), async: z.boolean().optional() });

export const manifestRequestSchema = z.strictObject({
  carrier_account: z.string(),
  shipment_date: z.iso.datetime({ offset: true }),
  address_from: addressSchema,
  transactions: z.array(z.string()).min(1),
  async: z.boolean().optional(),
});

const gramsPer = { g: 1, kg: 1_000, lb: 453.592_37, oz: 28.349_523_125 } as const;

export function gramsOf({ parcels }: ShipmentRequest): number {
  return parcels.reduce((sum, { weight, mass_unit }) => sum + Number(weight) * gramsPer[mass_unit], 0);
}
