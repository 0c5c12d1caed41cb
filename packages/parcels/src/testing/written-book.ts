import { currencyExponent } from '@quartermaster/domain';
import type { Place, RateBookFiles, Surcharge, Tariff } from '../index.ts';

/** A tariff in kilograms as the CSV files that it would be imported from: each row names its service. `style` says how cells are written. */
export function writtenBook(
  tariff: Tariff,
  style: { readonly delimiter: ',' | ';' | '\t'; readonly newline: '\n' | '\r\n' },
): RateBookFiles {
  const decimal = (whole: number, digits: number) => {
    const text = String(whole).padStart(digits + 1, '0');
    const plain = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
    return style.delimiter === ';' ? plain.replace('.', ',') : plain;
  };
  const percent = (text: string) => (style.delimiter === ';' ? text.replace('.', ',') : text);
  const kilograms = (grams: number) => decimal(grams, 3);
  const amount = (minor: number) => decimal(minor, currencyExponent(tariff.currency));
  const cell = (value: string) => (/[",;\t\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const file = (name: string, rows: readonly Readonly<Record<string, string>>[]) => {
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))];
    return { file: `${name}.csv`, text: lines.map((line) => `${line.map(cell).join(style.delimiter)}${style.newline}`).join('') };
  };
  const each = (rowsOf: (service: Tariff['services'][number]) => Record<string, string>[]) =>
    tariff.services.flatMap((service) => rowsOf(service).map((row) => ({ service: service.id, ...row })));
  const surcharges = each(({ surcharges: all }) =>
    all.map((surcharge) => surchargeRow(surcharge, { kilograms, amount, percent, decimal })),
  );
  const fuel = each(({ fuel: dated = [] }) =>
    dated.map((rule) => ({ effective_from: rule.effectiveFrom, percent: percent(rule.percent) })),
  );
  const weights = each(({ weightRules = [] }) =>
    weightRules.map((rule) => ({
      effective_from: rule.effectiveFrom,
      divisor: String(rule.divisorCm3PerKg ?? ''),
      whole_sides: rule.sides === 'as-measured' ? 'no' : 'yes',
      over_volume: String(rule.overCm3 ?? ''),
      weight_step: rule.roundingGrams === undefined ? '' : kilograms(rule.roundingGrams),
    })),
  );
  return {
    services: file(
      'services',
      each(({ name, carrierService, maxGrams, parcelMaxGrams }) => [
        {
          name,
          carrier_service: carrierService,
          max_weight: kilograms(maxGrams),
          parcel_max_weight: parcelMaxGrams === undefined ? '' : kilograms(parcelMaxGrams),
        },
      ]),
    ),
    zones: file(
      'zones',
      each(({ zones }) => zones.map(({ id, from, to }) => ({ zone: id, ...placeCells('origin_', from), ...placeCells('', to) }))),
    ),
    rates: file(
      'rates',
      each(({ prices }) =>
        prices.flatMap((price): Record<string, string>[] => {
          const shared = { zone: price.zone, transit_days: price.transitDays === null ? '' : String(price.transitDays) };
          return 'bands' in price
            ? price.bands.map((band) => ({ ...shared, max_weight: kilograms(band.upToGrams), price: amount(band.minor) }))
            : [{ ...shared, price: amount(price.baseMinor), per_kg: amount(price.perKgMinor) }];
        }),
      ),
    ),
    ...(surcharges.length === 0 ? {} : { surcharges: file('surcharges', surcharges) }),
    ...(fuel.length === 0 ? {} : { fuel: file('fuel', fuel) }),
    ...(weights.length === 0 ? {} : { weights: file('weights', weights) }),
  };
}

type Writing = {
  readonly kilograms: (grams: number) => string;
  readonly amount: (minor: number) => string;
  readonly percent: (text: string) => string;
  readonly decimal: (whole: number, digits: number) => string;
};

function surchargeRow(surcharge: Surcharge, { kilograms, amount, percent, decimal }: Writing): Record<string, string> {
  const { code, when, effectiveFrom = '', effectiveTo = '', group = '', bearsFuel, billableAtLeastGrams } = surcharge;
  const { minGrams, minLongestMillimetres, minLengthAndGirthMillimetres, overCm3 } = when;
  const over = (millimetres: number | undefined) => (millimetres === undefined ? '' : decimal(millimetres - 1, 1));
  return {
    code,
    zone: when.zones?.[0] ?? '',
    ...(when.to === undefined ? {} : placeCells('', when.to)),
    over_weight: minGrams === undefined ? '' : kilograms(minGrams - 1),
    over_longest: over(minLongestMillimetres),
    over_length_and_girth: over(minLengthAndGirthMillimetres),
    over_volume: String(overCm3 ?? ''),
    amount: 'minor' in surcharge ? amount(surcharge.minor) : '',
    percent: 'percent' in surcharge ? percent(surcharge.percent) : '',
    group,
    bears_fuel: bearsFuel === true ? 'yes' : '',
    min_billable: billableAtLeastGrams === undefined ? '' : kilograms(billableAtLeastGrams),
    effective_from: effectiveFrom,
    effective_to: effectiveTo,
  };
}

function placeCells(prefix: 'origin_' | '', place: Place): Record<string, string> {
  if (place === '*') return { [`${prefix}country`]: '*' };
  return {
    [`${prefix}country`]: place.country,
    [`${prefix}region`]: place.region ?? '',
    [`${prefix}postal_prefix`]: place.postalPrefix ?? '',
    [`${prefix}postal_from`]: place.postalFrom ?? '',
    [`${prefix}postal_to`]: place.postalTo ?? '',
  };
}
