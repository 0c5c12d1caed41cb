import { GraphQLError } from 'graphql';

/** A row's fields that can be filtered and sorted by; times as milliseconds since 1970. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

type Operators = Readonly<Record<string, unknown>>;
export type FilterInput = { readonly [field: string]: Operators | readonly FilterInput[] };
export type ListOptions = {
  readonly skip?: number | null;
  readonly take?: number | null;
  readonly sort?: Readonly<Record<string, 'ASC' | 'DESC' | null>> | null;
  readonly filter?: FilterInput | null;
};

/** Vendure's default bound (`adminListQueryLimit`). */
const mostTaken = 1_000;

/** One page of a list. As in Vendure rows that sort alike come in no order that could be relied upon: here the newest first. */
export function listed<State>(all: Iterable<State>, rowOf: (state: State) => Row, options: ListOptions | null | undefined) {
  const { skip, take, sort, filter } = options ?? {};
  if ((take ?? 0) > mostTaken) throw userError(`Cannot take more than ${mostTaken} results from a list query`);
  const rows = [...all].map((state, index) => ({ state, index, row: rowOf(state) }));
  const matching = rows.filter(({ row }) => filter == null || matches(row, filter, 'and'));
  const keys = Object.entries(sort ?? {});
  matching.sort((one, other) => {
    for (const [field, order] of keys) {
      const difference = compared(one.row[field], other.row[field]);
      if (difference !== 0) return order === 'DESC' ? -difference : difference;
    }
    return other.index - one.index;
  });
  const from = skip ?? 0;
  return { items: matching.slice(from, from + (take ?? mostTaken)).map(({ state }) => state), totalItems: matching.length };
}

/** What stands side by side within `_or` is joined by or, also the fields of one member; so it is measured on 3.7.3. */
function matches(row: Row, filter: FilterInput, joined: 'and' | 'or'): boolean {
  const results = conditions(row, filter);
  return joined === 'and' ? results.every(Boolean) : results.length === 0 || results.some(Boolean);
}

function conditions(row: Row, filter: FilterInput): boolean[] {
  return Object.entries(filter).flatMap(([field, wanted]) => {
    if (!isMembers(wanted)) return Object.entries(wanted ?? {}).map(([operator, operand]) => meets(row[field] ?? null, operator, operand));
    const inside = wanted.flatMap((member) => conditions(row, member));
    return [field === '_and' ? inside.every(Boolean) : inside.some(Boolean)];
  });
}

function isMembers(wanted: Operators | readonly FilterInput[]): wanted is readonly FilterInput[] {
  return Array.isArray(wanted);
}

function meets(value: string | number | boolean | null, operator: string, operand: unknown): boolean {
  if (operator === 'isNull') return (value === null) === operand;
  if (value === null) return false;
  const wanted = typeof value === 'number' && typeof operand === 'string' ? Date.parse(operand) : operand;
  switch (operator) {
    case 'eq':
      return value === wanted;
    case 'notEq':
      return value !== wanted;
    case 'in':
      return Array.isArray(wanted) && wanted.includes(value);
    case 'notIn':
      return !(Array.isArray(wanted) && wanted.includes(value));
    case 'after':
      return typeof wanted === 'number' && Number(value) > wanted;
    case 'before':
      return typeof wanted === 'number' && Number(value) < wanted;
    default:
      throw userError(`the sandbox does not know ${operator}`);
  }
}

function compared(one: Row[string] | undefined, other: Row[string] | undefined): number {
  const [left, right] = [one ?? '', other ?? ''];
  return left < right ? -1 : left > right ? 1 : 0;
}

export function userError(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'USER_INPUT_ERROR' } });
}
