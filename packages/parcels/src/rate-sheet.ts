import { moneyFromDecimal } from '@quartermaster/domain';

/** The prices of one service as a rate sheet has them: what goes into `prices` of a tariff's service. Transit days are not in a sheet. */
export type SheetService = {
  readonly service: string;
  readonly prices: readonly { readonly zone: string; readonly bands: readonly { readonly upToGrams: number; readonly minor: number }[] }[];
};

export type ImportedRateSheet = {
  readonly services: readonly SheetService[];
  /** Rows that were left out; `row` counts lines from 1, the heading included. */
  readonly badRows: readonly { readonly row: number; readonly reason: string }[];
};

const columns = ['service', 'zone', 'max_weight', 'price'] as const;
type Column = (typeof columns)[number];

/**
 * Reads a rate sheet: CSV with the columns `service`, `zone`, `max_weight` (kilograms) and `price` (units of the currency), in any order, others ignored. Cells are separated by
 * commas, or by semicolons, and then a decimal comma is read too. Bands come out by rising weight. Nothing is guessed: a row that does not make sense is reported and left out.
 */
export function importRateSheet(text: string, currency: string): ImportedRateSheet {
  const [heading = '', ...rows] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const separator = heading.includes(';') ? ';' : ',';
  const names = cellsOf(heading, separator).map((name) => name.toLowerCase());
  const missing = columns.filter((column) => !names.includes(column));
  if (missing.length > 0) return { services: [], badRows: [{ row: 1, reason: `no column ${missing.join(', ')}` }] };

  const badRows: { row: number; reason: string }[] = [];
  const sheet = new Map<string, Map<string, Map<number, number>>>();
  for (const [index, line] of rows.entries()) {
    if (line.trim() === '') continue;
    const cells = cellsOf(line, separator);
    const read = readRow((column) => cells[names.indexOf(column)] ?? '', separator, currency);
    const reason = typeof read === 'string' ? read : enter(sheet, read);
    if (reason !== null) badRows.push({ row: index + 2, reason });
  }
  return {
    services: [...sheet].map(([service, zones]) => ({
      service,
      prices: [...zones].map(([zone, bands]) => ({
        zone,
        bands: [...bands].map(([upToGrams, minor]) => ({ upToGrams, minor })).sort((a, b) => a.upToGrams - b.upToGrams),
      })),
    })),
    badRows,
  };
}

type Row = { readonly service: string; readonly zone: string; readonly upToGrams: number; readonly minor: number };

/** The row, or what is wrong with it. */
function readRow(cell: (column: Column) => string, separator: string, currency: string): Row | string {
  for (const column of columns) if (cell(column) === '') return `${column} is empty`;
  const maxWeight = decimalText(cell('max_weight'), separator);
  if (maxWeight === null) return `max_weight is not a number: ${cell('max_weight')}`;
  const grams = gramsOf(maxWeight);
  if (grams === null) return `max_weight is no whole number of grams above 0: ${maxWeight}`;
  const price = decimalText(cell('price'), separator);
  if (price === null) return `price is not a number: ${cell('price')}`;
  const minor = minorOf(price, currency);
  if (minor === null) return `price is finer than the smallest unit of ${currency}: ${price}`;
  return { service: cell('service'), zone: cell('zone'), upToGrams: grams, minor };
}

/** Puts the row into the sheet; a second price of one weight is refused. */
function enter(sheet: Map<string, Map<string, Map<number, number>>>, row: Row): string | null {
  const zones = sheet.get(row.service) ?? new Map<string, Map<number, number>>();
  sheet.set(row.service, zones);
  const bands = zones.get(row.zone) ?? new Map<number, number>();
  zones.set(row.zone, bands);
  if (bands.has(row.upToGrams)) return `service ${row.service}, zone ${row.zone} has a price up to ${row.upToGrams} g already`;
  bands.set(row.upToGrams, row.minor);
  return null;
}

/** Cells of a line; one in double quotes may hold the separator, and a quote as two. */
function cellsOf(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === '"' && quoted && line.charAt(at + 1) === '"') {
      cell += character;
      at++;
    } else if (character === '"') quoted = !quoted;
    else if (character === separator && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  return [...cells, cell.trim()];
}

function decimalText(cell: string, separator: string): string | null {
  const text = separator === ';' ? cell.replace(',', '.') : cell;
  return /^\d+(\.\d+)?$/.test(text) ? text : null;
}

function gramsOf(kilograms: string): number | null {
  const [whole = '', fraction = ''] = kilograms.split('.');
  if (/[1-9]/.test(fraction.slice(3))) return null;
  const grams = Number(whole + fraction.slice(0, 3).padEnd(3, '0'));
  return Number.isSafeInteger(grams) && grams > 0 ? grams : null;
}

function minorOf(decimal: string, currency: string): number | null {
  try {
    return moneyFromDecimal(decimal, currency).minor;
  } catch {
    return null;
  }
}
