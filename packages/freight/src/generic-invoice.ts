import { chargeTypes, currencySchema } from '@quartermaster/domain';
import { z } from 'zod';
import { importRows, unreadableFile, type ReadCharge } from './import-rows.ts';
import { chargeClasses, type ImportedInvoice } from './invoice-line.ts';
import { readInvoiceTable } from './invoice-table.ts';
import { dayFormats, destinationFrom, rowReader, type RowReader } from './row-reader.ts';
import { normalReference, normalTrackingNumber } from './tracking-number.ts';

/** The name of a column of the file. */
const column = z.string().min(1);

/** What the charge of a row is, by its words: the first rule whose words are in the description counts, in any letters. */
const chargeRuleSchema = z.strictObject({ words: z.string().min(1), class: z.enum(chargeClasses), type: z.enum(chargeTypes) });

/** How a carrier's CSV with a heading is read. One row is one charge. Columns that are not named are not read. */
export const invoiceMappingSchema = z.strictObject({
  /** The carrier's name in every line. */
  carrier: z.string().min(1),
  delimiter: z.enum([',', ';', '\t']).optional(),
  decimalComma: z.boolean().default(false),
  dayFormat: z.enum(dayFormats).default('yyyy-mm-dd'),
  weightUnit: z.enum(['g', 'kg', 'lb', 'oz']).default('kg'),
  lengthUnit: z.enum(['mm', 'cm', 'in']).default('cm'),
  /** What stands in no column because it is the same in the whole file. */
  fixed: z.strictObject({ account: z.string().default(''), currency: currencySchema.optional() }).prefault({}),
  columns: z.strictObject({
    account: column.optional(),
    invoiceNumber: column,
    invoiceDay: column,
    invoiceTotal: column.optional(),
    currency: column.optional(),
    trackingNumber: column,
    leadTrackingNumber: column.optional(),
    references: z.array(column).default([]),
    service: column.optional(),
    zone: column.optional(),
    enteredWeight: column.optional(),
    billedWeight: column.optional(),
    length: column.optional(),
    width: column.optional(),
    height: column.optional(),
    shippedOn: column.optional(),
    deliveredOn: column.optional(),
    country: column.optional(),
    region: column.optional(),
    postalCode: column.optional(),
    chargeCode: column.optional(),
    description: column,
    amount: column,
  }),
  charges: z.array(chargeRuleSchema).default([]),
});
export type InvoiceMapping = z.infer<typeof invoiceMappingSchema>;
export type InvoiceMappingInput = z.input<typeof invoiceMappingSchema>;

/**
 * Reads any CSV with a heading by a mapping of the caller's. A charge that no rule knows is an accessorial, and a service fee when it has no tracking number. Throws a `ZodError` for a mapping
 * that is none.
 */
export function importGenericInvoice(text: string, input: InvoiceMappingInput): ImportedInvoice {
  const mapping = invoiceMappingSchema.parse(input);
  const table = readInvoiceTable(text, mapping.delimiter);
  const [heading, ...rows] = table.rows;
  const names = heading?.cells ?? [];
  const line = heading?.line ?? 1;
  const { references, ...single } = mapping.columns;
  const wanted = [...Object.values(single), ...references].filter((name) => name !== undefined);
  const missing = wanted.find((name) => !names.includes(name));
  if (missing !== undefined) return unreadableFile(line, missing, 'no such column');
  const twice = wanted.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice !== undefined) return unreadableFile(line, twice, 'stands twice in the heading');
  if (mapping.columns.currency === undefined && mapping.fixed.currency === undefined) {
    return unreadableFile(line, 'currency', 'neither a column nor fixed in the mapping');
  }
  return importRows(table, rows, (row) => {
    const reader = rowReader(row.line, (field) => row.cells[names.indexOf(field)] ?? '', mapping.decimalComma);
    if (row.cells.length !== names.length) reader.note('file', `${row.cells.length} cells under ${names.length} columns`);
    return { reader, charges: [readCharge(reader, mapping)] };
  });
}

function readCharge(reader: RowReader, mapping: InvoiceMapping): ReadCharge {
  const { columns, dayFormat, fixed } = mapping;
  const text = (field: string | undefined) => (field === undefined ? null : reader.text(field));
  const day = (field: string | undefined) => (field === undefined ? null : reader.day(field, dayFormat));
  const grams = (field: string | undefined) => (field === undefined ? null : reader.grams(field, mapping.weightUnit));
  const currency = columns.currency === undefined ? (fixed.currency ?? 'XXX') : reader.mustCurrency(columns.currency);
  const trackingNumber = normalTrackingNumber(reader.text(columns.trackingNumber) ?? '');
  const description = reader.text(columns.description) ?? '';
  const rule = mapping.charges.find(({ words }) => description.toLowerCase().includes(words.toLowerCase()));
  const sides = [columns.length, columns.width, columns.height].map((field) => text(field) ?? '');
  const lead = normalTrackingNumber(text(columns.leadTrackingNumber) ?? '');
  return {
    carrier: mapping.carrier,
    account: columns.account === undefined ? fixed.account : reader.mustText(columns.account),
    invoiceNumber: reader.mustText(columns.invoiceNumber),
    invoiceDay: reader.mustDay(columns.invoiceDay, dayFormat),
    invoiceTotal: columns.invoiceTotal === undefined ? null : reader.money(columns.invoiceTotal, currency),
    trackingNumber,
    trackingAliases: [],
    leadTrackingNumber: lead === trackingNumber ? null : lead,
    references: columns.references.flatMap((field) => normalReference(reader.text(field) ?? '') ?? []),
    service: text(columns.service),
    zone: text(columns.zone),
    enteredGrams: grams(columns.enteredWeight),
    billedGrams: grams(columns.billedWeight),
    millimetres: reader.millimetres(sides, mapping.lengthUnit),
    shippedOn: day(columns.shippedOn),
    deliveredOn: day(columns.deliveredOn),
    destination: destinationFrom(text(columns.country), text(columns.region), text(columns.postalCode)),
    charge: {
      type: rule?.type ?? (trackingNumber === null ? 'admin-fee' : 'additional-fees'),
      amount: reader.mustMoney(columns.amount, currency),
      vendorCode: text(columns.chargeCode),
    },
    class: rule?.class ?? (trackingNumber === null ? 'service-fee' : 'accessorial'),
    description,
    isInformational: false,
  };
}
