import { placeName } from '../place-index.ts';
import { rangeOf, type Place } from '../place.ts';
import { rowsOf, serviceOfRow, type Book } from './book.ts';
import type { Rates } from './price-sheets.ts';
import type { RowCells } from './row-cells.ts';
import type { SheetText } from './sheet.ts';

/** A row of the zones; `service` null is for every service that has rates of that zone. */
export type ZoneRow = {
  readonly cells: RowCells;
  readonly service: string | null;
  readonly zone: string;
  readonly from: Place | null;
  readonly to: Place | null;
};

const place = ['region', 'postal_prefix', 'postal_from', 'postal_to'];
const columns = { must: ['country', 'zone'], may: ['service', ...place, ...['country', ...place].map((column) => `origin_${column}`)] };

/** `zones`: from where to where is which zone. Without an origin it is from everywhere; `*` is every country. */
export function readZones(book: Book, sheet: SheetText): ZoneRow[] | null {
  const rows = rowsOf(book, sheet, columns);
  return (
    rows?.flatMap((cells): ZoneRow[] => {
      const service = serviceOfRow(book, cells);
      const zone = cells.mustText('zone');
      const from = cells.place('origin_');
      if (cells.text('country') === null) cells.tell('country', "is empty; everywhere is '*'");
      const to = cells.place('');
      return service === undefined || zone === null ? [] : [{ cells, service, zone, from, to }];
    }) ?? null
  );
}

/** Tells rows that mean the same way twice, and ranges of one way that overlap: which of them is meant nobody can know. */
export function checkWays(rows: readonly ZoneRow[]): void {
  const seen = new Map<string, number>();
  const ranges = new Map<string, { readonly from: string; readonly to: string; readonly cells: RowCells }[]>();
  for (const { cells, service, from, to } of rows) {
    if (from === null || to === null) continue;
    const way = JSON.stringify([service, placeName(from), placeName(to)]);
    const before = seen.get(way);
    if (before !== undefined) {
      cells.tell('zone', `this way stands in row ${before} already`);
      continue;
    }
    seen.set(way, cells.row);
    const range = rangeOf(to);
    if (range === null || to === '*') continue;
    const group = JSON.stringify([service, placeName(from), to.country, to.region?.toUpperCase(), range.from.length]);
    ranges.set(group, [...(ranges.get(group) ?? []), { ...range, cells }]);
  }
  for (const group of ranges.values()) checkOverlaps(group);
}

function checkOverlaps(ranges: { readonly from: string; readonly to: string; readonly cells: RowCells }[]): void {
  const rising = ranges.sort((a, b) => (a.from < b.from ? -1 : 1));
  let reaching = rising[0];
  for (const range of rising.slice(1)) {
    if (reaching !== undefined && range.from <= reaching.to)
      range.cells.tell(
        'postal_from',
        `${range.from} to ${range.to} overlaps row ${reaching.cells.row}: ${reaching.from} to ${reaching.to}`,
      );
    if (reaching === undefined || range.to > reaching.to) reaching = range;
  }
}

/** Tells zones without rates, and rates of zones that no way leads to: mostly a misspelt name. */
export function checkZonesHaveRates(rows: readonly ZoneRow[], rates: Rates): void {
  const reached = new Set<string>();
  for (const { cells, service, zone } of rows) {
    const services = service === null ? [...rates.keys()] : [service];
    const priced = services.filter((each) => rates.get(each)?.has(zone) === true);
    if (priced.length === 0)
      cells.tell('zone', service === null ? `no service has rates of zone ${zone}` : `service ${service} has no rates of zone ${zone}`);
    for (const each of priced) reached.add(JSON.stringify([each, zone]));
  }
  for (const [service, zones] of rates)
    for (const [zone, { cells }] of zones)
      if (!reached.has(JSON.stringify([service, zone])))
        cells.tell('zone', `no row of the zones leads to zone ${zone} of service ${service}`);
}

/** The zones of a service as a tariff has them, in the order of the file. */
export function zonesOf(rows: readonly ZoneRow[], service: string, rates: Rates): { id: string; from: Place; to: Place }[] {
  const priced = rates.get(service);
  return rows.flatMap((row) => {
    const isMeant = row.service === service || (row.service === null && priced?.has(row.zone) === true);
    return isMeant && row.from !== null && row.to !== null ? [{ id: row.zone, from: row.from, to: row.to }] : [];
  });
}
