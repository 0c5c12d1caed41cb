import { destinationOf, moneyFromDecimal, type Destination, type Money } from '@quartermaster/domain';
import { currencyOf, daySchema, type RowProblem } from './invoice-line.ts';

/** How days are written in a file. */
export const dayFormats = ['yyyy-mm-dd', 'yyyymmdd', 'dd.mm.yyyy', 'dd/mm/yyyy', 'mm/dd/yyyy'] as const;
export type DayFormat = (typeof dayFormats)[number];

/**
 * Reads the cells of one row and writes down what is wrong with them. What a line cannot be without (`must...`) makes the row left out; what it can be without is null then, and told as well.
 */
export type RowReader = {
  /** Whether something is wrong that the row cannot do without. */
  isBroken(): boolean;
  problems(): readonly RowProblem[];
  text(field: string): string | null;
  mustText(field: string): string;
  day(field: string, format: DayFormat): string | null;
  mustDay(field: string, format: DayFormat): string;
  mustCurrency(field: string): string;
  money(field: string, currency: string): Money | null;
  mustMoney(field: string, currency: string): Money;
  /** `field` holds the weight, `unit` is the text of its unit. */
  grams(field: string, unit: string | null): number | null;
  millimetres(sides: readonly string[], unit: string | null): [number, number, number] | null;
  note(field: string, reason: string): void;
};

/** `cell` gives the trimmed text of a column, empty where there is none; `hasDecimalComma` says how numbers are written. */
export function rowReader(row: number, cell: (field: string) => string, hasDecimalComma: boolean): RowReader {
  const problems: { row: number; field: string; reason: string; outcome: RowProblem['outcome'] }[] = [];
  const tell = (field: string, reason: string, outcome: RowProblem['outcome']) => problems.push({ row, field, reason, outcome });
  const isBroken = () => problems.some(({ outcome }) => outcome === 'left-out');

  const decimal = (field: string) => decimalText(cell(field), hasDecimalComma);
  const readDay = (field: string, format: DayFormat, outcome: RowProblem['outcome']) => {
    const day = isoDay(cell(field), format);
    if (day === null) tell(field, `not a day (${format}): ${shown(cell(field))}`, outcome);
    return day;
  };
  const readMoney = (field: string, currency: string, outcome: RowProblem['outcome']): Money | null => {
    const amount = decimal(field);
    if (amount === null) {
      tell(field, cell(field) === '' ? 'is empty' : `not a number: ${shown(cell(field))}`, outcome);
      return null;
    }
    try {
      return moneyFromDecimal(amount, currency);
    } catch (error) {
      tell(field, error instanceof RangeError ? error.message : 'not an amount', outcome);
      return null;
    }
  };
  return {
    isBroken,
    problems: () => problems.map((problem) => (isBroken() ? { ...problem, outcome: 'left-out' } : problem)),
    text: (field) => (cell(field) === '' ? null : cell(field)),
    mustText: (field) => {
      if (cell(field) === '') tell(field, 'is empty', 'left-out');
      return cell(field);
    },
    day: (field, format) => (cell(field) === '' ? null : readDay(field, format, 'kept')),
    mustDay: (field, format) => readDay(field, format, 'left-out') ?? '',
    mustCurrency: (field) => {
      const currency = currencyOf(cell(field));
      if (currency === null) tell(field, `not a currency: ${shown(cell(field))}`, 'left-out');
      // Amounts are still read, so that one row tells all that is wrong with it.
      return currency ?? 'XXX';
    },
    money: (field, currency) => (cell(field) === '' ? null : readMoney(field, currency, 'kept')),
    mustMoney: (field, currency) => readMoney(field, currency, 'left-out') ?? { minor: 0, currency },
    grams: (field, unit) => {
      if (cell(field) === '') return null;
      const weight = decimal(field);
      const perUnit = unit === null ? undefined : gramsPer[unit.toUpperCase()];
      if (weight === null || perUnit === undefined) {
        tell(field, weight === null ? `not a number: ${shown(cell(field))}` : `not a unit of weight: ${shown(unit ?? '')}`, 'kept');
        return null;
      }
      const grams = Math.round(Number(weight) * perUnit);
      return Number.isSafeInteger(grams) && grams > 0 ? grams : null;
    },
    millimetres: (sides, unit) => {
      if (sides.every((side) => side === '')) return null;
      const lengths = sides.map((side) => decimalText(side, hasDecimalComma));
      const perUnit = unit === null ? undefined : millimetresPer[unit.toUpperCase()];
      const [long = 0, middle = 0, short = 0] = lengths.map((side) => Math.round(Number(side ?? 0) * (perUnit ?? 0))).sort((a, b) => b - a);
      if (sides.length === 3 && short > 0 && Number.isSafeInteger(long)) return [long, middle, short];
      if (perUnit === undefined || lengths.includes(null)) tell('dimensions', `not three sides: ${shown(sides.join(' x '))}`, 'kept');
      return null;
    },
    note: (field, reason) => {
      tell(field, reason, 'kept');
    },
  };
}

/** A number as decimal text (`-1234.50`), or null. A separator of thousands is read only where it can mean nothing else. */
export function decimalText(text: string, hasDecimalComma: boolean): string | null {
  const [thousands, point] = hasDecimalComma ? ['.', ','] : [',', '.'];
  const isGrouped = new RegExp(`^-?\\d{1,3}(\\${thousands}\\d{3})+(\\${point}\\d+)?$`).test(text);
  const plain = isGrouped && (text.includes(point) || !hasDecimalComma) ? text.replaceAll(thousands, '') : text;
  const read = plain.replace(point, '.');
  return /^-?\d+(\.\d+)?$/.test(read) ? read : null;
}

/** Where a parcel went, by what a file says of it; null without a country or a postal code. */
export function destinationFrom(country: string | null, region: string | null, postalCode: string | null): Destination | null {
  if (country === null || postalCode === null) return null;
  const address = { name: '', company: null, lines: [], city: '', phone: null, email: null };
  return destinationOf({ ...address, country, region, postalCode });
}

const dayPatterns: Readonly<Record<DayFormat, RegExp>> = {
  'yyyy-mm-dd': /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)$/,
  yyyymmdd: /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)$/,
  'dd.mm.yyyy': /^(?<day>\d\d?)\.(?<month>\d\d?)\.(?<year>\d{4})$/,
  'dd/mm/yyyy': /^(?<day>\d\d?)\/(?<month>\d\d?)\/(?<year>\d{4})$/,
  'mm/dd/yyyy': /^(?<month>\d\d?)\/(?<day>\d\d?)\/(?<year>\d{4})$/,
};

function isoDay(text: string, format: DayFormat): string | null {
  const { year = '', month = '', day = '' } = dayPatterns[format].exec(text)?.groups ?? {};
  const read = daySchema.safeParse(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
  return read.success ? read.data : null;
}

/** UPS and FedEx write L and K, others the units' names. */
const gramsPer: Readonly<Record<string, number>> = {
  L: 453.592_37,
  LB: 453.592_37,
  LBS: 453.592_37,
  K: 1_000,
  KG: 1_000,
  KGS: 1_000,
  G: 1,
  OZ: 28.349_523_125,
  O: 28.349_523_125,
};
const millimetresPer: Readonly<Record<string, number>> = { I: 25.4, IN: 25.4, C: 10, CM: 10, MM: 1 };

/** A cell as a problem shows it: short, because it may be anything. */
function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
