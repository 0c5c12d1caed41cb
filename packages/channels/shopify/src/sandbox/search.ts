import { compareText } from '@quartermaster/domain';
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

/** `time` is the value as milliseconds since 1970 where it is a time: times compare as times, whatever their form. */
type Term = { readonly field: string; readonly operator: string; readonly value: string; readonly time: number | null };

function parseTerm(match: RegExpMatchArray): Term {
  const [, field = '', operator = '=', single, double, bare = ''] = match;
  const value = (single ?? double ?? bare).replaceAll(/\\(.)/g, '$1');
  return { field, operator, value: value.toLowerCase(), time: /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : null };
}

function matches(row: Searchable, term: Term): boolean {
  if (!(term.field in row)) return true;
  const actual = row[term.field];
  if (actual == null) return false;
  const order = term.time === null ? compareText(String(actual).toLowerCase(), term.value) : Date.parse(String(actual)) - term.time;
  switch (term.operator) {
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
