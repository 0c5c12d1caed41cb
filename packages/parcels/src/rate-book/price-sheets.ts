import type { TariffInput } from '../tariff.ts';
import { rowsOf, serviceOfRow, type Book } from './book.ts';
import type { RowCells } from './row-cells.ts';
import type { SheetText } from './sheet.ts';

type ServiceInput = TariffInput['services'][number];

/** A service with the row that it stands in; null fields are wrong and were told. */
export type ServiceRow = { readonly cells: RowCells; readonly id: string; readonly fields: Omit<ServiceInput, 'zones' | 'prices'> | null };

/** `services`: one row for each service. Without a name or a carrier's code it is called by its id. */
export function readServices(book: Book, sheet: SheetText): ServiceRow[] | null {
  const columns = { must: ['service', 'max_weight'], may: ['name', 'carrier_service', 'parcel_max_weight'] };
  const rows = rowsOf(book, sheet, columns);
  return (
    rows?.flatMap((cells): ServiceRow[] => {
      const id = cells.mustText('service');
      const maxGrams = cells.grams('max_weight', 'whole');
      if (cells.text('max_weight') === null) cells.tell('max_weight', 'is empty');
      const parcelMaxGrams = cells.grams('parcel_max_weight', 'whole');
      if (id === null) return [];
      if (book.services.has(id)) {
        cells.tell('service', `service ${id} is there already`);
        return [];
      }
      book.services.add(id);
      const names = { id, name: cells.text('name') ?? id, carrierService: cells.text('carrier_service') ?? id };
      const fields = maxGrams === null ? null : { ...names, maxGrams, ...(parcelMaxGrams === null ? {} : { parcelMaxGrams }) };
      return [{ cells, id, fields }];
    }) ?? null
  );
}

/** What a zone costs by a service: bands by weight, or one price with an amount per kilogram. */
export type ZoneRates = {
  /** The row that named it first. */
  readonly cells: RowCells;
  transitDays: number | null;
  readonly bands: Map<number, number>;
  linear: { readonly baseMinor: number; readonly perKgMinor: number } | null;
};

/** Rates by service and zone. */
export type Rates = ReadonlyMap<string, ReadonlyMap<string, ZoneRates>>;

/**
 * `rates`: a row is the price up to a weight; or, without a weight, a price and the amount for each kilogram. Transit days belong to the zone: the rows of one say the same, or nothing.
 */
export function readRates(book: Book, sheet: SheetText): Rates | null {
  const rows = rowsOf(book, sheet, { must: ['service', 'zone', 'price'], may: ['max_weight', 'per_kg', 'transit_days'] });
  if (rows === null) return null;
  const rates = new Map<string, Map<string, ZoneRates>>();
  for (const cells of rows) {
    if (cells.text('service') === null) cells.tell('service', 'is empty');
    const service = serviceOfRow(book, cells);
    const zone = cells.mustText('zone');
    const price = priceOf(book, cells);
    const transitDays = cells.whole('transit_days', 0);
    if (typeof service !== 'string' || zone === null) continue;
    const zones = rates.get(service) ?? new Map<string, ZoneRates>();
    rates.set(service, zones);
    const known = zones.get(zone) ?? { cells, transitDays: null, bands: new Map<number, number>(), linear: null };
    zones.set(zone, known);
    enterDays(known, transitDays, cells);
    if (price !== null) enterPrice(known, price, cells);
  }
  return rates;
}

type Price = { readonly upToGrams: number; readonly minor: number } | { readonly baseMinor: number; readonly perKgMinor: number };

function priceOf({ units }: Book, cells: RowCells): Price | null {
  const minor = cells.minor('price');
  if (cells.text('price') === null) cells.tell('price', 'is empty');
  const upToGrams = cells.grams('max_weight', 'whole');
  const perKgMinor = cells.minor('per_kg');
  if (cells.text('per_kg') !== null && units === 'us') cells.tell('per_kg', 'a book in pounds has a row for each weight');
  else if (cells.text('per_kg') !== null && cells.text('max_weight') !== null)
    cells.tell('per_kg', 'either max_weight or per_kg, and not both');
  else if (cells.text('per_kg') === null && cells.text('max_weight') === null) cells.tell('max_weight', 'is empty, and there is no per_kg');
  else if (minor !== null && upToGrams !== null) return { upToGrams, minor };
  else if (minor !== null && perKgMinor !== null) return { baseMinor: minor, perKgMinor };
  return null;
}

function enterDays(known: ZoneRates, transitDays: number | null, cells: RowCells): void {
  if (transitDays === null) return;
  if (known.transitDays !== null && known.transitDays !== transitDays)
    cells.tell('transit_days', `this zone takes ${known.transitDays} days already`);
  else known.transitDays = transitDays;
}

function enterPrice(known: ZoneRates, price: Price, cells: RowCells): void {
  if ('baseMinor' in price) {
    if (known.linear !== null || known.bands.size > 0) cells.tell('price', 'this zone has a price already');
    else known.linear = price;
  } else if (known.linear !== null) cells.tell('price', 'this zone has a price per kilogram already');
  else if (known.bands.has(price.upToGrams)) cells.tell('max_weight', 'this zone has a price up to that weight already');
  else known.bands.set(price.upToGrams, price.minor);
}

/** The prices of a service as a tariff has them, bands by rising weight. */
export function pricesOf(zones: ReadonlyMap<string, ZoneRates>): ServiceInput['prices'] {
  return [...zones].map(([zone, { transitDays, bands, linear }]) =>
    linear === null
      ? {
          zone,
          transitDays,
          bands: [...bands].map(([upToGrams, minor]) => ({ upToGrams, minor })).sort((a, b) => a.upToGrams - b.upToGrams),
        }
      : { zone, transitDays, ...linear },
  );
}
