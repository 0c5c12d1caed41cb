import { currencySchema } from '@quartermaster/domain';
import { z } from 'zod';
import { tariffSchema, type Tariff, type TariffInput } from '../tariff.ts';
import type { Book } from './book.ts';
import { readFuel, readSurcharges, readWeightRules, rulesOf } from './dated-sheets.ts';
import { pricesOf, readRates, readServices } from './price-sheets.ts';
import type { BadRow, SheetText } from './sheet.ts';
import { checkWays, checkZonesHaveRates, readZones, zonesOf } from './zone-sheet.ts';

/** What of a tariff stands in no row. `units` says what the files are written in: kilograms, centimetres and their cubes; or pounds, inches and theirs. */
export const rateBookHeadSchema = z.strictObject({
  id: z.string().min(1),
  carrier: z.string().min(1),
  currency: currencySchema,
  effectiveFrom: z.iso.date(),
  effectiveTo: z.iso.date().optional(),
  units: z.enum(['metric', 'us']).default('metric'),
});
export type RateBookHead = z.infer<typeof rateBookHeadSchema>;

export type RateBookFiles = {
  readonly services: SheetText;
  readonly zones: SheetText;
  readonly rates: SheetText;
  readonly surcharges?: SheetText;
  readonly fuel?: SheetText;
  readonly weights?: SheetText;
};

export type ReadRateBook =
  | { readonly kind: 'read'; readonly tariff: Tariff }
  /** Everything that is wrong, file by file and row by row: nothing is left out, so nothing is taken either. */
  | { readonly kind: 'refused'; readonly problems: readonly BadRow[] };

/** Reads a tariff from CSV files; the columns of each stand in the package's README. A book with a bad row is refused as a whole, and all of its bad rows are told. */
export function importRateBook(head: RateBookHead, files: RateBookFiles): ReadRateBook {
  const { units, ...tariffHead } = head;
  const { currency, effectiveFrom } = head;
  const problems: BadRow[] = [];
  const book: Book = { units, currency, effectiveFrom, services: new Set(), problems };
  const services = readServices(book, files.services);
  const rates = readRates(book, files.rates);
  const zones = readZones(book, files.zones);
  const zoneNames = new Set([...(rates?.values() ?? [])].flatMap((byZone) => [...byZone.keys()]));
  const surcharges = files.surcharges === undefined ? [] : readSurcharges(book, files.surcharges, zoneNames);
  const fuel = files.fuel === undefined ? null : readFuel(book, files.fuel);
  const weightRules = files.weights === undefined ? null : readWeightRules(book, files.weights);
  if (zones !== null) checkWays(zones);
  // Of a sheet that cannot be read nothing more is known.
  if (zones !== null && rates !== null) checkZonesHaveRates(zones, rates);
  for (const { id, cells } of rates === null ? [] : (services ?? [])) if (!rates?.has(id)) cells.tell('service', 'has no row of the rates');
  if (problems.length > 0 || services === null || rates === null || zones === null)
    return { kind: 'refused', problems: inOrder(problems, files) };

  const written = services.flatMap(({ id, fields }): TariffInput['services'] => {
    if (fields === null) return [];
    const [dated, weighed] = [rulesOf(fuel, id), rulesOf(weightRules, id)];
    return [
      {
        ...fields,
        zones: zonesOf(zones, id, rates),
        prices: pricesOf(rates.get(id) ?? new Map()),
        surcharges: surcharges.flatMap(({ service, surcharge }) => (service === null || service === id ? [surcharge] : [])),
        ...(dated === null ? {} : { fuel: dated }),
        ...(weighed === null ? {} : { weightRules: weighed }),
      },
    ];
  });
  const tariff = tariffSchema.safeParse({ ...tariffHead, services: written });
  if (tariff.success) return { kind: 'read', tariff: tariff.data };
  const file = files.services.file;
  return {
    kind: 'refused',
    problems: tariff.error.issues.map(({ path, message }) => ({ file, row: 1, field: path.join('.') || 'file', reason: message })),
  };
}

function inOrder(problems: readonly BadRow[], files: RateBookFiles): BadRow[] {
  const order = [files.services, files.zones, files.rates, files.surcharges, files.fuel, files.weights].map((sheet) => sheet?.file);
  return problems.toSorted((a, b) => order.indexOf(a.file) - order.indexOf(b.file) || a.row - b.row);
}
