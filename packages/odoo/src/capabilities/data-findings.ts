import type { Finding } from './finding.ts';

/** A product that is kept in stock, as far as its data can be wrong. */
export type ProductFacts = {
  readonly sku: string;
  readonly barcode: string | null;
  readonly kilograms: number;
  readonly unit: number;
  /** Other units that it is bought or packed in. */
  readonly otherUnits: readonly number[];
};

/** What was read of the master data. */
export type DataFacts = {
  readonly products: readonly ProductFacts[];
  /** Units by id; `size` is how many of the reference unit of its kind one is. */
  readonly units: ReadonlyMap<number, { readonly name: string; readonly size: number }>;
  /** SKUs of kits whose bill of materials has no line. */
  readonly emptyKits: readonly string[];
};

/** What of the master data makes parcels come out wrong, whoever ships them. */
export function dataFindings({ products, units, emptyKits }: DataFacts): readonly Finding[] {
  const warning = (code: Finding['code'], found: readonly string[], what: (named: string) => string, todo: string): Finding[] =>
    found.length === 0 ? [] : [{ code, severity: 'warns', what: what(named(found)), todo }];
  const skus = (wanted: (product: ProductFacts) => boolean) => products.filter(wanted).map(({ sku }) => sku);
  return [
    ...warning(
      'barcode-missing',
      skus(({ barcode }) => barcode === null),
      (which) => `There is no barcode on ${which}, so nobody can scan them when they are picked and packed`,
      'give each a barcode',
    ),
    ...warning(
      'barcode-twice',
      twice(products),
      (which) => `One barcode stands for several products: ${which}`,
      'give each product a barcode of its own',
    ),
    ...warning(
      'weight-missing',
      skus(({ kilograms }) => !(kilograms > 0)),
      (which) => `There is no weight on ${which}, so their parcels are rated too cheap`,
      'weigh them, and write it on the product',
    ),
    ...warning(
      'unit-not-whole',
      products.flatMap((product) => brokenUnits(product, units)),
      (which) => `A unit of measure is no whole multiple of the base unit: ${which}`,
      'buy and pack in units that the base unit goes into without a rest, or take a smaller base unit',
    ),
    ...warning(
      'kit-empty',
      emptyKits,
      (which) => `The kit has no components: ${which}`,
      'add components to its bill of materials, or archive the bill',
    ),
  ];
}

function twice(products: readonly ProductFacts[]): string[] {
  const byBarcode = Map.groupBy(products, ({ barcode }) => barcode);
  return [...byBarcode].flatMap(([barcode, those]) =>
    barcode === null || those.length === 1 ? [] : [`${barcode} (${those.map(({ sku }) => sku).join(', ')})`],
  );
}

function brokenUnits({ sku, unit, otherUnits }: ProductFacts, units: DataFacts['units']): string[] {
  const base = units.get(unit);
  if (base === undefined) return [];
  return otherUnits.flatMap((id) => {
    const other = units.get(id);
    if (other === undefined) return [];
    const times = other.size / base.size;
    // Odoo keeps sizes as floats, up to version 18 as their reciprocals: a dozen is 1/0.08333.
    const whole = Math.round(times) >= 1 && Math.abs(times - Math.round(times)) <= 1e-6 * times;
    return whole ? [] : [`${sku} (${other.name} of ${Number(times.toPrecision(4))} ${base.name})`];
  });
}

/** Some by name, and how many more there are. */
function named(found: readonly string[]): string {
  const shown = found.slice(0, mostNamed).join(', ');
  return found.length > mostNamed ? `${shown} and ${found.length - mostNamed} more` : shown;
}

const mostNamed = 5;
