import { z } from 'zod';

const text = z.string().min(1);
const seId = z
  .string()
  .max(25)
  .regex(/^se(-[a-z0-9]+)+$/, 'an id such as se-123');
const isoTime = z.string().regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[-+]\d{2}:\d{2}))?$/, 'an ISO 8601 time');

/** Countries where ShipEngine insists on a state or province. */
const withStates = new Set(['US', 'CA', 'AU']);

const addressSchema = z
  .strictObject({
    name: text,
    phone: text.optional(),
    email: z.string().nullish(),
    company_name: text.nullish(),
    address_line1: text,
    address_line2: text.nullish(),
    address_line3: text.nullish(),
    city_locality: text,
    state_province: text.optional(),
    postal_code: text,
    country_code: z.string().length(2),
    address_residential_indicator: z.enum(['unknown', 'yes', 'no']).optional(),
  })
  .refine(({ country_code, state_province }) => !withStates.has(country_code) || state_province !== undefined, {
    path: ['state_province'],
    message: 'is required in this country',
  });
const fromSchema = addressSchema.refine(({ phone }) => phone !== undefined, { path: ['phone'], message: 'is required' });

const moneySchema = z.strictObject({ currency: z.string().length(3), amount: z.number().min(0) });
const weightSchema = z.strictObject({ value: z.number().positive(), unit: z.enum(['gram', 'kilogram', 'ounce', 'pound']) });

const productSchema = z.strictObject({
  description: z.string().max(100).nullish(),
  quantity: z.int().min(0),
  value: moneySchema,
  weight: weightSchema.optional(),
  harmonized_tariff_code: z.string().nullish(),
  country_of_origin: z.string().length(2).optional(),
  sku: z.string().nullish(),
});

const packageSchema = z.strictObject({
  package_code: z.string().optional(),
  weight: weightSchema,
  dimensions: z
    .strictObject({ unit: z.enum(['inch', 'centimeter']), length: z.number().min(0), width: z.number().min(0), height: z.number().min(0) })
    .optional(),
  insured_value: moneySchema.optional(),
  label_messages: z
    .strictObject({ reference1: z.string().nullable(), reference2: z.string().nullable(), reference3: z.string().nullable() })
    .optional(),
  products: z.array(productSchema).optional(),
});

const common = {
  ship_date: isoTime.optional(),
  ship_to: addressSchema,
  ship_from: fromSchema.optional(),
  warehouse_id: seId.optional(),
  is_return: z.boolean().optional(),
  confirmation: z.enum(['none', 'delivery', 'signature', 'adult_signature', 'direct_signature']).optional(),
  customs: z
    .strictObject({
      contents: z.enum(['merchandise', 'documents', 'gift', 'returned_goods', 'sample', 'other']),
      non_delivery: z.enum(['return_to_sender', 'treat_as_abandoned']),
      terms_of_trade_code: z.enum(['dap', 'ddp', 'ddu']).optional(),
      invoice_additional_details: z.strictObject({ invoice_number: z.string().optional() }).optional(),
    })
    .optional(),
  tax_identifiers: z
    .array(
      z.strictObject({
        taxable_entity_type: z.enum(['shipper', 'recipient', 'ior']),
        identifier_type: z.enum(['vat', 'eori', 'ein', 'ioss']),
        issuing_authority: z.string().length(2),
        value: z.string(),
      }),
    )
    .optional(),
  advanced_options: z
    .strictObject({
      saturday_delivery: z.boolean().optional(),
      delivered_duty_paid: z.boolean().optional(),
      invoice_number: z.string().nullish(),
    })
    .optional(),
  insurance_provider: z.enum(['none', 'shipsurance', 'carrier', 'third_party']).optional(),
  packages: z.array(packageSchema).min(1),
};

const eitherOrigin = {
  path: ['ship_from'],
  message: 'either ship_from or warehouse_id must be set',
};

export const ratesRequestSchema = z.strictObject({
  rate_options: z.strictObject({
    carrier_ids: z.array(seId).min(1),
    preferred_currency: z.string().optional(),
    is_return: z.boolean().optional(),
    service_codes: z.array(text).optional(),
  }),
  shipment: z
    .strictObject({ ...common, validate_address: z.enum(['no_validation', 'validate_only', 'validate_and_clean']).optional() })
    .refine((shipment) => shipment.ship_from !== undefined || shipment.warehouse_id !== undefined, eitherOrigin),
});

export const labelRequestSchema = z.strictObject({
  shipment: z
    .strictObject({
      ...common,
      carrier_id: seId,
      service_code: text,
      /** Longer ones are cut off by ShipEngine, without a word. */
      external_shipment_id: z
        .string()
        .transform((id) => id.slice(0, 50))
        .nullish(),
      external_order_id: z.string().nullish(),
    })
    .refine((shipment) => shipment.ship_from !== undefined || shipment.warehouse_id !== undefined, eitherOrigin),
  is_return_label: z.boolean().optional(),
  charge_event: z.enum(['carrier_default', 'on_creation', 'on_carrier_acceptance']).optional(),
  validate_address: z.enum(['no_validation', 'validate_only', 'validate_and_clean']).optional(),
  label_format: z.enum(['pdf', 'png', 'zpl']).default('pdf'),
  label_layout: z.enum(['4x6', 'letter', 'A4', 'A6']).default('4x6'),
  label_download_type: z.enum(['url', 'inline']).default('url'),
});

export type ShipmentRequest = z.infer<typeof ratesRequestSchema>['shipment'];
export type LabelRequestBody = z.infer<typeof labelRequestSchema>;

export const addressesRequestSchema = z
  .array(
    z.looseObject({
      address_line1: text,
      address_line2: z.string().nullish(),
      city_locality: text,
      state_province: z.string().optional(),
      postal_code: z.string().optional(),
      country_code: z.string().length(2),
    }),
  )
  .min(1);

export const manifestRequestSchema = z.strictObject({ label_ids: z.array(seId).min(1) });

export const pickupRequestSchema = z.strictObject({
  label_ids: z.array(seId).min(1),
  contact_details: z.strictObject({ name: text, email: z.email(), phone: z.string().min(7) }),
  pickup_notes: z.string().optional(),
  pickup_window: z.strictObject({ start_at: isoTime, end_at: isoTime }),
});

const gramsPer: Readonly<Record<z.infer<typeof weightSchema>['unit'], number>> = {
  gram: 1,
  kilogram: 1_000,
  ounce: 28.349523125,
  pound: 453.59237,
};

export function gramsOf(weight: z.infer<typeof weightSchema>): number {
  return weight.value * gramsPer[weight.unit];
}
