import { money, sumMoney, type Charge, type Money } from '@quartermaster/domain';
import { fedexCharges, fedexColumns, fedexPair, fedexReferences } from './fedex-layout.ts';
import { importRows, unreadableFile, type ReadCharge } from './import-rows.ts';
import type { ChargeClass, ImportedInvoice } from './invoice-line.ts';
import { readInvoiceTable, type InvoiceRow } from './invoice-table.ts';
import { destinationFrom, rowReader, type RowReader } from './row-reader.ts';
import { normalReference, normalTrackingNumber } from './tracking-number.ts';

/** How the net amount of a row comes of its parts; sources differ, so both are tried on every row. */
export type FedexSumIdentity = {
  readonly rows: number;
  /** Rows in which net = transportation + pairs. */
  readonly transportationPlusPairs: number;
  /** Rows in which net = pairs, which then have the transportation among them. */
  readonly pairsAlone: number;
  /** The one that every row holds; `both` where no row tells them apart. */
  readonly held: 'transportation-plus-pairs' | 'pairs-alone' | 'both' | 'neither';
};

/**
 * Reads FedEx Billing Online, all columns. The file has no currency: it is that of the account. The repeated pairs are read by their position. One row is one parcel and gives a line for each of
 * its charges; what a row's charges do not explain of its net amount is a line of its own, so that nothing is lost.
 */
export function importFedexInvoice(text: string, currency: string): ImportedInvoice & { readonly sumIdentity: FedexSumIdentity } {
  const table = readInvoiceTable(text);
  const [heading, ...rows] = table.rows;
  const names = heading?.cells ?? [];
  const missing = fedexColumns.find((column) => !names.includes(column));
  if (missing !== undefined) return { ...unreadableFile(heading?.line ?? 1, missing, 'no such column'), sumIdentity: identityOf([]) };

  const at = new Map(names.map((name, index) => [name, index] as const).reverse());
  const pairs = pairColumns(names);
  const cellOf = (row: InvoiceRow) => (field: string) => row.cells[at.get(field) ?? -1] ?? '';
  const read = rows.map((row) => {
    const reader = rowReader(row.line, cellOf(row), table.delimiter === ';');
    if (row.cells.length !== names.length) reader.note('file', `${row.cells.length} cells under ${names.length} columns`);
    return { row, reader, amounts: readAmounts(row, reader, pairs, currency, table.delimiter === ';') };
  });
  const sumIdentity = identityOf(read.filter(({ reader }) => !reader.isBroken()).map(({ amounts }) => amounts));
  const byLine = new Map(read.map((one) => [one.row, one]));
  const imported = importRows(table, rows, (row) => {
    const one = byLine.get(row);
    if (one === undefined) throw new RangeError('a row that was not read');
    return { reader: one.reader, charges: chargesOf(one.reader, one.amounts, sumIdentity) };
  });
  return { ...imported, sumIdentity };
}

type Pair = { readonly description: string; readonly amount: Money };
type RowAmounts = { readonly transportation: Money; readonly net: Money; readonly pairs: readonly Pair[] };

function pairColumns(names: readonly string[]): readonly { readonly description: number; readonly amount: number }[] {
  return names.flatMap((name, index) =>
    fedexPair.description.test(name) && fedexPair.amount.test(names[index + 1] ?? '') ? [{ description: index, amount: index + 1 }] : [],
  );
}

function readAmounts(
  row: InvoiceRow,
  reader: RowReader,
  columns: ReturnType<typeof pairColumns>,
  currency: string,
  hasDecimalComma: boolean,
): RowAmounts {
  const pairs = columns.flatMap(({ description, amount }, index) => {
    const words = row.cells[description] ?? '';
    const text = row.cells[amount] ?? '';
    if (words === '' && text === '') return [];
    const field = `Tracking ID Charge Amount (${index + 1})`;
    const pair = rowReader(row.line, () => text, hasDecimalComma);
    const read = pair.mustMoney(field, currency);
    // The net amount of the row still counts; what this pair would have said is in the line of what is not explained.
    for (const problem of pair.problems()) reader.note(problem.field, problem.reason);
    return pair.isBroken() || read.minor === 0 ? [] : [{ description: words, amount: read }];
  });
  return {
    transportation: reader.money('Transportation Charge Amount', currency) ?? money(0, currency),
    net: reader.mustMoney('Net Charge Amount', currency),
    pairs,
  };
}

function identityOf(rows: readonly RowAmounts[]): FedexSumIdentity {
  const plus = rows.filter((row) => holdsPlus(row)).length;
  const alone = rows.filter((row) => holdsAlone(row)).length;
  const everyPlus = plus === rows.length;
  const everyAlone = alone === rows.length;
  return {
    rows: rows.length,
    transportationPlusPairs: plus,
    pairsAlone: alone,
    held: everyPlus && everyAlone ? 'both' : everyPlus ? 'transportation-plus-pairs' : everyAlone ? 'pairs-alone' : 'neither',
  };
}

function holdsPlus({ transportation, net, pairs }: RowAmounts): boolean {
  return sumOfPairs(pairs, net.currency) + transportation.minor === net.minor;
}

function holdsAlone({ net, pairs }: RowAmounts): boolean {
  return sumOfPairs(pairs, net.currency) === net.minor;
}

function sumOfPairs(pairs: readonly Pair[], currency: string): number {
  return sumMoney(
    pairs.map(({ amount }) => amount),
    currency,
  ).minor;
}

function chargesOf(reader: RowReader, amounts: RowAmounts, identity: FedexSumIdentity): ReadCharge[] {
  const shared = sharedOf(reader, amounts.net.currency);
  const { transportation, net, pairs } = amounts;
  // A file whose rows all hold one identity is read by it; otherwise every row by the one that it holds itself.
  const isAlone = identity.held === 'pairs-alone' || (identity.held === 'neither' && holdsAlone(amounts) && !holdsPlus(amounts));
  const itemised = [
    ...(isAlone || transportation.minor === 0
      ? []
      : [lineOf('base', 'shipping', transportation, reader.text('Service Type') ?? 'Transportation')]),
    ...pairs.map(({ description, amount }) => {
      const kind = fedexCharges.find(({ words }) => words.test(description)) ?? { class: 'accessorial', type: 'additional-fees' };
      return lineOf(kind.class, kind.type, amount, description);
    }),
  ];
  const left = net.minor - itemised.reduce((sum, { charge }) => sum + charge.amount.minor, 0);
  if (left !== 0 && !reader.isBroken()) {
    reader.note('Net Charge Amount', 'is neither transportation and charges nor the charges alone');
    itemised.push(lineOf('accessorial', 'adjustment', money(left, net.currency), 'Not itemised by the carrier'));
  }
  // A row about nothing is a line about nothing, so that every row is somewhere.
  const lines = itemised.length > 0 ? itemised : [lineOf('accessorial', 'adjustment', net, reader.text('Service Type') ?? '')];
  return lines.map((line) => {
    const belongsToNoParcel = shared.trackingNumber === null && line.class !== 'credit' && line.class !== 'duty-tax';
    return { ...shared, ...line, class: belongsToNoParcel ? 'service-fee' : line.class, isInformational: false };
  });
}

function lineOf(chargeClass: ChargeClass, type: Charge['type'], amount: Money, description: string) {
  return { class: chargeClass, charge: { type, amount, vendorCode: null }, description };
}

function sharedOf(reader: RowReader, currency: string): Omit<ReadCharge, 'class' | 'charge' | 'description' | 'isInformational'> {
  const trackingNumber = normalTrackingNumber(reader.text('Express or Ground Tracking ID') ?? '');
  const prefix = normalTrackingNumber(reader.text('Ground Tracking ID Prefix') ?? '');
  const leads = [reader.text('TDMasterTrackingID'), reader.text('CrossRefTrackingID')].map((text) => normalTrackingNumber(text ?? ''));
  return {
    carrier: 'fedex',
    account: reader.mustText('Bill to Account Number'),
    invoiceNumber: reader.mustText('Invoice Number'),
    invoiceDay: reader.mustDay('Invoice Date', 'yyyymmdd'),
    invoiceTotal: reader.money('Original Amount Due', currency),
    trackingNumber,
    // The ground number stands without its prefix here, and with it on the label.
    trackingAliases: trackingNumber === null || prefix === null ? [] : [`${prefix}${trackingNumber}`],
    leadTrackingNumber: leads.find((number) => number !== null && number !== trackingNumber) ?? null,
    references: fedexReferences.flatMap((field) => normalReference(reader.text(field) ?? '') ?? []),
    service: reader.text('Ground Service') ?? reader.text('Service Type'),
    zone: reader.text('Zone Code'),
    enteredGrams: reader.grams('Actual Weight Amount', reader.text('Actual Weight Units')),
    billedGrams: reader.grams('Rated Weight Amount', reader.text('Rated Weight Units')),
    millimetres: reader.millimetres(
      ['Dim Length', 'Dim Width', 'Dim Height'].map((field) => reader.text(field) ?? ''),
      reader.text('Dim Unit'),
    ),
    shippedOn: reader.day('Shipment Date', 'yyyymmdd'),
    deliveredOn: reader.day('POD Delivery Date', 'yyyymmdd'),
    destination: destinationFrom(
      reader.text('Recipient Country/Territory'),
      reader.text('Recipient State'),
      reader.text('Recipient Zip Code'),
    ),
  };
}
