import type { ChargeType } from '@quartermaster/domain';
import { importRows, type ReadCharge } from './import-rows.ts';
import type { ChargeClass, ImportedInvoice } from './invoice-line.ts';
import { readInvoiceTable, type InvoiceRow } from './invoice-table.ts';
import { destinationFrom, rowReader, type RowReader } from './row-reader.ts';
import { normalReference, normalTrackingNumber } from './tracking-number.ts';
import { upsAccessorials, upsAdjustments, upsClassifications, upsColumnCount, upsColumns, upsReferences } from './ups-layout.ts';

/**
 * Reads UPS Billing Data: CSV of 250 columns without a heading, separated by commas, or by semicolons and then with decimal commas. One row is one charge. Rows of classification INF come out
 * as informational.
 */
export function importUpsInvoice(text: string): ImportedInvoice {
  const table = readInvoiceTable(text);
  // Some add a heading to look at the file; the sums do not miss it.
  const rows = table.rows.filter(({ line, cells }) => line > 1 || cells[0] !== 'Version');
  return importRows(table, rows, (row) => {
    const reader = rowReader(row.line, (field) => row.cells[upsColumns[field] ?? -1] ?? '', table.delimiter === ';');
    return { reader, charges: [readCharge(row, reader)] };
  });
}

function readCharge(row: InvoiceRow, reader: RowReader): ReadCharge {
  if (row.cells.length !== upsColumnCount) reader.note('file', `${row.cells.length} cells, not ${upsColumnCount}`);
  const invoiceCurrency = reader.mustCurrency('Invoice Currency Code');
  const currency = reader.text('Transaction Currency Code') === null ? invoiceCurrency : reader.mustCurrency('Transaction Currency Code');
  const trackingNumber = normalTrackingNumber(reader.text('Tracking Number') ?? '');
  const description = reader.text('Charge Description') ?? '';
  const code = reader.text('Charge Description Code');
  const classification = reader.mustText('Charge Classification Code');
  const amount = reader.mustMoney('Net Amount', currency);
  const isInformational = classification === 'INF';
  const kind = isInformational
    ? { class: 'accessorial' as const, type: 'additional-fees' as const }
    : kindOf(reader, trackingNumber, amount.minor);
  return {
    carrier: 'ups',
    account: reader.mustText('Account Number'),
    invoiceNumber: reader.mustText('Invoice Number'),
    invoiceDay: reader.mustDay('Invoice Date', 'yyyy-mm-dd'),
    invoiceTotal: reader.money('Invoice Amount', invoiceCurrency),
    trackingNumber,
    trackingAliases: [],
    leadTrackingNumber: leadOf(reader, trackingNumber),
    references: upsReferences.flatMap((field) => normalReference(reader.text(field) ?? '') ?? []),
    service: kind.class === 'base' ? description : reader.text('Original Service Description'),
    zone: reader.text('Corrected Zone') ?? reader.text('Zone'),
    enteredGrams: enteredGrams(row, reader),
    billedGrams: reader.grams('Billed Weight', reader.text('Billed Weight Unit of Measure')),
    millimetres: millimetres(reader),
    shippedOn: reader.day('Shipment Date', 'yyyy-mm-dd') ?? (trackingNumber === null ? null : reader.day('Transaction Date', 'yyyy-mm-dd')),
    deliveredOn: reader.day('Shipment Delivery Date', 'yyyy-mm-dd'),
    destination: destinationFrom(reader.text('Receiver Country'), reader.text('Receiver State'), reader.text('Receiver Postal')),
    charge: { type: kind.type, amount, vendorCode: code ?? reader.text('Charge Category Detail Code') },
    class: kind.class,
    description,
    isInformational,
  };
}

function kindOf(reader: RowReader, trackingNumber: string | null, minor: number): { class: ChargeClass; type: ChargeType } {
  const classification = reader.text('Charge Classification Code') ?? '';
  const detail = reader.text('Charge Category Detail Code') ?? '';
  const known = upsClassifications[classification];
  if (known === undefined && classification !== '')
    reader.note('Charge Classification Code', `not a code that is known: ${classification}`);
  const byClassification = known ?? { class: 'accessorial', type: 'additional-fees' };
  const plain =
    byClassification.class === 'accessorial'
      ? (upsAccessorials[reader.text('Charge Description Code') ?? ''] ?? byClassification)
      : byClassification;
  if (plain.class === 'duty-tax') return plain;
  switch (reader.text('Charge Category Code')) {
    case 'RTN':
      return { class: 'return', type: plain.type === 'shipping' ? 'returns' : plain.type };
    case 'MIS':
      if (minor < 0) return { class: 'credit', type: 'adjustment' };
      return trackingNumber === null ? { class: 'service-fee', type: 'admin-fee' } : { class: 'accessorial', type: 'additional-fees' };
    case 'ADJ': {
      const adjusted = upsAdjustments[detail];
      // Fuel on a corrected weight stays fuel by its type, so that a new price can be laid against it part by part.
      if (adjusted !== undefined) return { class: adjusted, type: plain.type === 'shipping' ? 'adjustment' : plain.type };
      return minor < 0 ? { class: 'credit', type: 'adjustment' } : plain;
    }
    default:
      return plain;
  }
}

/** A parcel of several has the shipment's number as lead; what came of another parcel (a return, a redirection) has that one's. */
function leadOf(reader: RowReader, trackingNumber: string | null): string | null {
  const numbers = [reader.text('Original tracking number'), reader.text('Lead Shipment Number')].map((text) =>
    normalTrackingNumber(text ?? ''),
  );
  return numbers.find((number) => number !== null && number !== trackingNumber) ?? null;
}

/** On a correction the entered weight stands in a note: `ENTERED WEIGHT: 8.0 LBS`. */
function enteredGrams(row: InvoiceRow, reader: RowReader): number | null {
  if (reader.text('Entered Weight') !== null) return reader.grams('Entered Weight', reader.text('Entered Weight Unit of Measure'));
  const note = /^ENTERED WEIGHT:\s*([\d.,]+)\s*([A-Z]+)/i.exec(reader.text('Miscellaneous Line 1') ?? '');
  if (note === null) return null;
  const [, weight = '', unit = ''] = note;
  return rowReader(row.line, () => weight, /,\d+$/.test(weight)).grams('Miscellaneous Line 1', unit);
}

/** `18.0x 14.0x 12.0`. Without a unit it is that of the weight: inches with pounds, centimetres with kilograms. */
function millimetres(reader: RowReader): [number, number, number] | null {
  const text = reader.text('Package Dimensions');
  if (text === null) return null;
  const unit =
    reader.text('Package Dimension Unit Of Measure') ?? (reader.text('Billed Weight Unit of Measure')?.startsWith('K') ? 'C' : 'I');
  return reader.millimetres(
    text.split(/x/i).map((side) => side.trim()),
    unit,
  );
}
