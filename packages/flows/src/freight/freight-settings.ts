import { currencySchema } from '@quartermaster/domain';
import { auditSettingsSchema, billAccountsSchema, invoiceMappingSchema } from '@quartermaster/freight';
import { z } from 'zod';

/** Layouts of invoices that are built in; a mapping of the config may not take their names. */
export const builtInLayouts = ['ups', 'fedex'] as const;

/** How carriers' invoices are read, audited and put into the books. */
export const freightSettingsSchema = z.strictObject({
  /** Tolerances and deadlines: the contract decides. */
  audit: auditSettingsSchema.prefault({}),
  /** FedEx names no currency in its files; by default that of the company. */
  fedexCurrency: currencySchema.optional(),
  /** How other carriers' CSV is read, by the name under which `qm freight import --carrier` knows it. */
  mappings: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/, 'small letters, digits and dashes'), invoiceMappingSchema)
    .default({})
    .refine((mappings) => builtInLayouts.every((name) => !Object.hasOwn(mappings, name)), 'ups and fedex are built in'),
  /** Without it no bill is written. */
  bills: z
    .strictObject({
      /** The vendor's reference in the ERP, by carrier as the lines of its invoices name it (`ups`, `fedex`, or the mapping's `carrier`). */
      vendors: z.record(z.string().min(1), z.string().min(1)),
      accounts: billAccountsSchema,
    })
    .optional(),
});
export type FreightSettings = z.infer<typeof freightSettingsSchema>;
