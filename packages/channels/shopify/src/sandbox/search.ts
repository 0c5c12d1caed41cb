/** A row's searchable fields in Shopify's search words, such as `updated_at`. */
export type Searchable = Readonly<Record<string, string | number | null>>;

/**
 * Makes a filter of Shopify's search syntax: terms `field:value`, `field:>=value`, values bare or in single or double quotes, joined by `AND` (or nothing) and `OR`; `AND`
 * binds tighter. As in the real shop, a field that cannot be searched by is ignored: it filters nothing.
 */
export function searchFilter(query: string | null | undefined): (row: Searchable) => boolean {
  if (query == null || query.trim() === '') return () => true;
  const alternatives = query.split(/\s+OR\s+(?=[\w-]+:)/).map((part) => [...part.matchAll(term)].map(parseTerm));
  return (row) => alternatives.some((terms) => terms.every((wanted) => matches(row, wanted)));
}

const term = /([\w-]+):(>=|<=|>|<)?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\S+))/g;

type Term = { readonly field: string; readonly operator: string; readonly value: string };

function parseTerm(match: RegExpMatchArray): Term {
  const [, field = '', operator = '=', single, double, bare = ''] = match;
  return { field, operator, value: (single ?? double ?? bare).replaceAll(/\\(.)/g, '$1') };
}

function matches(row: Searchable, { field, operator, value }: Term): boolean {
  if (!(field in row)) return true;
  const actual = row[field];
  if (actual == null) return false;
  const order = compare(String(actual), value);
  switch (operator) {
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    default:
      return order === 0;
  }
}

/** Times compare as times, whatever their form; everything else as text without regard to case. */
function compare(actual: string, wanted: string): number {
  const times = [actual, wanted].map((text) => (/^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN));
  const [left = Number.NaN, right = Number.NaN] = times;
  if (!Number.isNaN(left) && !Number.isNaN(right)) return left - right;
  const a = actual.toLowerCase();
  const b = wanted.toLowerCase();
  return a < b ? -1 : a > b ? 1 : 0;
}
