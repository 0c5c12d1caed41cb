import { GraphQLError } from 'graphql';

/** The paging arguments of a Relay connection. */
export type PageArguments = {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
  readonly reverse?: boolean | null;
};

export type Connection<View> = {
  readonly nodes: readonly View[];
  readonly edges: readonly { readonly cursor: string; readonly node: View }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
};

/** Shopify's largest page. */
const maxPage = 250;

/** Asks for all rows: bulk operations know no pages. Nobody else can ask for so many, since it would cost too much. */
export const wholeList = 2_000_000_000;

/**
 * One page of a list. A cursor holds the sort key and id of its row, not its place: a row that is changed while somebody pages may move behind the cursor's reader or in
 * front of it, as in the real shop.
 */
export function page<Row, View>(
  rows: readonly Row[],
  given: PageArguments,
  keyOf: (row: Row) => readonly [sortKey: string, id: number],
  viewOf: (row: Row) => View,
): Connection<View> {
  const size = given.first ?? given.last;
  if (size == null) throw new GraphQLError('you must provide one of first or last', { extensions: { code: 'BAD_REQUEST' } });
  if (size < 0 || (size > maxPage && size !== wholeList)) {
    throw new GraphQLError(`first/last exceeds the maximum of ${maxPage}`, { extensions: { code: 'BAD_REQUEST' } });
  }
  const sign = given.reverse === true ? -1 : 1;
  const sorted = rows.map((row) => ({ row, key: keyOf(row) })).sort((a, b) => sign * compareKeys(a.key, b.key));
  const after = given.after == null ? null : keyOfCursor(given.after);
  const before = given.before == null ? null : keyOfCursor(given.before);
  const between = sorted.filter(
    ({ key }) => (after === null || sign * compareKeys(key, after) > 0) && (before === null || sign * compareKeys(key, before) < 0),
  );
  const chosen = given.first == null ? between.slice(Math.max(0, between.length - size)) : between.slice(0, size);
  const edges = chosen.map(({ row, key }) => ({ cursor: cursorOfKey(key), node: viewOf(row) }));
  const forwards = given.first != null;
  return {
    nodes: edges.map((edge) => edge.node),
    edges,
    pageInfo: {
      hasNextPage: forwards ? between.length > chosen.length : before !== null,
      hasPreviousPage: forwards ? after !== null : between.length > chosen.length,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function compareKeys(a: readonly [string, number], b: readonly [string, number]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1];
}

function cursorOfKey(key: readonly [string, number]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64');
}

function keyOfCursor(cursor: string): readonly [string, number] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64').toString());
    if (Array.isArray(parsed) && typeof parsed[0] === 'string' && typeof parsed[1] === 'number') return [parsed[0], parsed[1]];
  } catch {
    // Falls through to the same answer as any other nonsense.
  }
  throw new GraphQLError('Invalid cursor for current pagination sort.', { extensions: { code: 'BAD_REQUEST' } });
}
