import { z } from 'zod';

// What the sandbox takes: the fields of Sendcloud's specification that are there for a parcel, and no others.

const text = z.string().min(1);
const country = z.string().regex(/^[A-Z]{2}$/, 'Invalid country code');
const decimalText = z.string().regex(/^\d+(\.\d+)?$/, 'Not a valid number.');
const weightUnit = z.enum(['kg', 'g', 'lbs', 'oz']);
const lengthUnit = z.enum(['cm', 'mm', 'm', 'yd', 'ft', 'in']);
const textWeight = z.strictObject({ value: decimalText, unit: weightUnit });
const numberWeight = z.strictObject({ value: z.number().positive(), unit: weightUnit });
const textDimensions = z.strictObject({ length: decimalText, width: decimalText, height: decimalText, unit: lengthUnit });
const numberDimensions = z.strictObject({
  length: z.number().min(0),
  width: z.number().min(0),
  height: z.number().min(0),
  unit: lengthUnit,
});
const price = z.strictObject({ value: decimalText, currency: z.string().regex(/^[A-Z]{3}$/) });

/** Countries to which a region is demanded. */
const withRegions = ['US', 'CA', 'IT'];

const address = z
  .strictObject({
    name: text,
    company_name: z.string().optional(),
    address_line_1: text,
    house_number: z.string().optional(),
    address_line_2: z.string().optional(),
    postal_code: text.max(12),
    city: text,
    state_province_code: z.string().optional(),
    country_code: country,
    email: z.email().optional(),
    phone_number: z.string().optional(),
  })
  .refine((one) => !withRegions.includes(one.country_code) || one.state_province_code?.startsWith(`${one.country_code}-`) === true, {
    path: ['state_province_code'],
    error: 'This field is required for this country.',
  });

export const optionsRequestSchema = z.strictObject({
  from_country_code: country.optional(),
  to_country_code: country.optional(),
  from_postal_code: z.string().max(12).optional(),
  to_postal_code: z.string().max(12).optional(),
  parcels: z
    .array(
      z.strictObject({
        dimensions: textDimensions.optional(),
        weight: textWeight.optional(),
        additional_insured_price: z.number().optional(),
      }),
    )
    .min(1)
    .max(50)
    .optional(),
  shipping_option_code: text.optional(),
  carrier_code: text.optional(),
  calculate_quotes: z.boolean().default(false),
});

const taxNumbers = z
  .array(z.strictObject({ name: z.enum(['VAT', 'EIN', 'EORI', 'IOSS']), country_code: country, value: text.max(100) }))
  .max(20);

export const shipmentRequestSchema = z.strictObject({
  label_details: z
    .strictObject({
      mime_type: z.enum(['application/pdf', 'application/zpl', 'image/png']).default('application/pdf'),
      dpi: z.union([z.literal(72), z.literal(203), z.literal(300), z.literal(600)]).default(72),
    })
    .prefault({}),
  ship_with: z.strictObject({
    type: z.literal('shipping_option_code'),
    properties: z.strictObject({ shipping_option_code: text, contract_id: z.int().min(1).optional() }),
  }),
  from_address: address,
  to_address: address,
  to_service_point: z.strictObject({ id: text }).optional(),
  order_number: z.string().optional(),
  reference: z.string().optional(),
  external_reference_id: z.string().optional(),
  customs_information: z
    .strictObject({
      invoice_number: text.max(40),
      export_reason: z.enum(['gift', 'documents', 'commercial_goods', 'commercial_sample']),
      tax_numbers: z.strictObject({ sender: taxNumbers, receiver: taxNumbers, importer_of_record: taxNumbers }).optional(),
    })
    .optional(),
  delivery_dates: z.strictObject({ handover_at: z.iso.datetime({ offset: true }) }).optional(),
  parcels: z
    .array(
      z.strictObject({
        weight: textWeight,
        dimensions: textDimensions.optional(),
        additional_insured_price: price.optional(),
        label_notes: z.array(text.max(255)).max(255).optional(),
        parcel_items: z
          .array(
            z.strictObject({
              description: text.max(255),
              quantity: z.int().min(1),
              weight: numberWeight,
              price,
              hs_code: text.max(12),
              origin_country: country,
              sku: z.string().optional(),
            }),
          )
          .optional(),
      }),
    )
    .length(1, 'The sandbox ships one parcel at a time.'),
});
export type ShipmentRequest = z.infer<typeof shipmentRequestSchema>;

export const returnRequestSchema = z.strictObject({
  from_address: address,
  to_address: address,
  ship_with: z.strictObject({ type: z.literal('shipping_option_code'), shipping_option_code: text, contract: z.int().min(1).optional() }),
  weight: numberWeight,
  dimensions: numberDimensions.optional(),
  customs_information: z
    .strictObject({
      invoice_number: text.max(40),
      export_reason: z.literal('returned_goods'),
      tax_numbers: z.strictObject({ sender: taxNumbers, receiver: taxNumbers, importer_of_record: taxNumbers }).optional(),
    })
    .optional(),
  parcel_items: z
    .array(
      z.strictObject({
        description: text.max(255),
        quantity: z.int().min(1),
        weight: numberWeight,
        price: z.strictObject({ value: z.number(), currency: z.string().regex(/^[A-Z]{3}$/) }),
        hs_code: text.max(12),
        origin_country: country,
        sku: z.string().optional(),
      }),
    )
    .optional(),
  total_insured_value: z.strictObject({ value: z.number(), currency: z.enum(['EUR', 'GBP', 'USD']) }).optional(),
  order_number: z.string().optional(),
  external_reference: z.string().optional(),
  send_tracking_emails: z.boolean().default(false),
  apply_rules: z.boolean().default(false),
});
export type ReturnRequest = z.infer<typeof returnRequestSchema>;

const gramsPer = { kg: 1_000, g: 1, lbs: 453.59237, oz: 28.349523125 } as const;

export function gramsOf({ value, unit }: { readonly value: string | number; readonly unit: keyof typeof gramsPer }): number {
  return Number(value) * gramsPer[unit];
}

const union = [
  'AT',
  'BE',
  'BG',
  'CY',
  'CZ',
  'DE',
  'DK',
  'EE',
  'ES',
  'FI',
  'FR',
  'GR',
  'HR',
  'HU',
  'IE',
  'IT',
  'LT',
  'LU',
  'LV',
  'MT',
  'NL',
  'PL',
  'PT',
  'RO',
  'SE',
  'SI',
  'SK',
];

/** Whether papers for the customs are demanded on the way. */
export function crossesCustoms(from: string, to: string): boolean {
  return from !== to && !(union.includes(from) && union.includes(to));
}
