import type { Surcharge } from '../surcharge.ts';
import type { DatedWeightRule } from '../weight-rule.ts';
import { rowsOf, serviceOfRow, type Book } from './book.ts';
import type { RowCells } from './row-cells.ts';
import type { SheetText } from './sheet.ts';

/** Rows by service; null is for all services that have none of their own. */
export type Dated<Rule> = ReadonlyMap<string | null, readonly Rule[]>;

/** Rows of a service's own go before those for all, and none of these then holds for it. */
export function rulesOf<Rule>(dated: Dated<Rule> | null, service: string): Rule[] | null {
  const rules = dated?.get(service) ?? dated?.get(null);
  return rules === undefined ? null : [...rules];
}

/** `fuel`: percent of the freight from a day on. */
export function readFuel(book: Book, sheet: SheetText): Dated<{ effectiveFrom: string; percent: string }> {
  return readDated(book, sheet, { must: ['effective_from', 'percent'], may: ['service'] }, (cells, effectiveFrom) => {
    const percent = cells.percent('percent');
    if (cells.text('percent') === null) cells.tell('percent', 'is empty');
    return percent === null ? null : { effectiveFrom, percent };
  });
}

/** `weights`: divisor and rounding from a day on. */
export function readWeightRules(book: Book, sheet: SheetText): Dated<DatedWeightRule> {
  const may = ['service', 'divisor', 'whole_sides', 'over_volume', 'weight_step'];
  const isUs = book.units === 'us';
  return readDated(book, sheet, { must: ['effective_from'], may }, (cells, effectiveFrom) => {
    const divisor = cells.whole('divisor');
    const isWhole = cells.isYes('whole_sides');
    const over = cells.whole('over_volume');
    const step = cells.step('weight_step');
    if (divisor === null && over !== null) cells.tell('over_volume', 'is of no effect without a divisor');
    return {
      effectiveFrom,
      ...(divisor === null ? {} : isUs ? { divisorIn3PerLb: divisor } : { divisorCm3PerKg: divisor }),
      sides: isWhole !== true ? 'as-measured' : isUs ? 'whole-inches' : 'whole-centimetres',
      ...(over === null ? {} : isUs ? { overIn3: over } : { overCm3: over }),
      ...step,
    };
  });
}

function readDated<Rule extends { readonly effectiveFrom: string }>(
  book: Book,
  sheet: SheetText,
  columns: { readonly must: readonly string[]; readonly may: readonly string[] },
  read: (cells: RowCells, effectiveFrom: string) => Rule | null,
): Dated<Rule> {
  const found = new Map<string | null, { readonly rule: Rule; readonly cells: RowCells }[]>();
  for (const cells of rowsOf(book, sheet, columns) ?? []) {
    const service = serviceOfRow(book, cells);
    const effectiveFrom = cells.mustDay('effective_from');
    const rule = read(cells, effectiveFrom ?? '');
    if (service === undefined || effectiveFrom === null || rule === null) continue;
    found.set(service, [...(found.get(service) ?? []), { rule, cells }]);
  }
  for (const rows of found.values()) {
    rows.sort((a, b) => (a.rule.effectiveFrom < b.rule.effectiveFrom ? -1 : a.rule.effectiveFrom > b.rule.effectiveFrom ? 1 : 0));
    for (const [at, { rule, cells }] of rows.entries()) {
      const before = rows[at - 1];
      if (before?.rule.effectiveFrom === rule.effectiveFrom)
        cells.tell('effective_from', `row ${before.cells.row} begins on that day already`);
      if (before === undefined && rule.effectiveFrom > book.effectiveFrom)
        cells.tell('effective_from', `nothing is said of the days from ${book.effectiveFrom}, the first day of the tariff, until then`);
    }
  }
  return new Map([...found].map(([service, rows]) => [service, rows.map(({ rule }) => rule)]));
}

const surchargeColumns = [
  'service',
  'zone',
  'country',
  'region',
  'postal_prefix',
  'postal_from',
  'postal_to',
  'over_weight',
  'over_longest',
  'over_length_and_girth',
  'over_volume',
  'amount',
  'percent',
  'group',
  'bears_fuel',
  'min_billable',
  'effective_from',
  'effective_to',
];

/** `surcharges`: a row is an amount or a percentage with all of its conditions; without a service it is of every service. `zones` are those that have rates. */
export function readSurcharges(
  book: Book,
  sheet: SheetText,
  zones: ReadonlySet<string>,
): { readonly service: string | null; readonly surcharge: Surcharge }[] {
  const rows = rowsOf(book, sheet, { must: ['code'], may: surchargeColumns }) ?? [];
  return rows.flatMap((cells) => {
    const service = serviceOfRow(book, cells);
    const code = cells.mustText('code');
    const zone = cells.text('zone');
    if (zone !== null && !zones.has(zone)) cells.tell('zone', `no service has rates of zone ${zone}`);
    const to = cells.place('');
    const volume = cells.whole('over_volume');
    const minGrams = cells.grams('over_weight', 'over');
    const minLongestMillimetres = cells.millimetresOver('over_longest');
    const minLengthAndGirthMillimetres = cells.millimetresOver('over_length_and_girth');
    const conditions = {
      ...(minGrams === null ? {} : { minGrams }),
      ...(minLongestMillimetres === null ? {} : { minLongestMillimetres }),
      ...(minLengthAndGirthMillimetres === null ? {} : { minLengthAndGirthMillimetres }),
      ...(volume === null ? {} : book.units === 'us' ? { overIn3: volume } : { overCm3: volume }),
    };
    const when = { ...(to === null || to === '*' ? {} : { to }), ...(zone === null ? {} : { zones: [zone] }), ...conditions };
    const group = cells.text('group');
    const bearsFuel = cells.isYes('bears_fuel');
    const billableAtLeastGrams = cells.grams('min_billable', 'whole');
    const [effectiveFrom, effectiveTo] = [cells.day('effective_from'), cells.day('effective_to')];
    if (effectiveFrom !== null && effectiveTo !== null && effectiveTo < effectiveFrom)
      cells.tell('effective_to', 'a surcharge does not end before it begins');
    const terms = {
      ...(effectiveFrom === null ? {} : { effectiveFrom }),
      ...(effectiveTo === null ? {} : { effectiveTo }),
      ...(group === null ? {} : { group }),
      ...(bearsFuel === true ? { bearsFuel } : {}),
      ...(billableAtLeastGrams === null ? {} : { billableAtLeastGrams }),
    };
    const price = surchargePrice(cells);
    return service === undefined || code === null || price === null ? [] : [{ service, surcharge: { code, when, ...terms, ...price } }];
  });
}

function surchargePrice(cells: RowCells): { minor: number } | { percent: string } | null {
  const minor = cells.minor('amount');
  const percent = cells.percent('percent');
  if ((cells.text('amount') === null) === (cells.text('percent') === null)) {
    cells.tell('amount', 'either amount or percent, and not both');
    return null;
  }
  if (minor !== null) return { minor };
  return percent === null ? null : { percent };
}
