import { epochMs, instantOf, type Instant } from '@quartermaster/domain';
import { maxPerPage } from './limits.ts';

/** A filter of Vendure's lists. */
export type Filter = Readonly<Record<string, unknown>>;

/**
 * How far times that are really one may differ as they are written: SQLite keeps whole seconds, PostgreSQL microseconds of which the API shows milliseconds.
 */
const coarsestMs = 1_000;

/**
 * Reads a list by a time that it is sorted by, in pages: all from `from` on. No page has a number, since a list that moves while it is read by numbers loses what moves: the next page begins where
 * this one ended, less what was read of the last second. What changes meanwhile comes again.
 *
 * Every filter is written with `_and` and `_or`: of several fields side by side within an `_or` Vendure takes any (measured on 3.7.3).
 */
export async function* pagesByTime<Wire extends { readonly id: string }>(given: {
  readonly field: 'updatedAt' | 'createdAt';
  readonly from: Instant | null;
  readonly timeOf: (wire: Wire) => string;
  readonly read: (filters: readonly Filter[]) => Promise<readonly Wire[]>;
}): AsyncGenerator<readonly Wire[]> {
  const { field, timeOf } = given;
  const after = (ms: number): Filter => ({ [field]: { after: instantOf(ms) } });
  let filters: readonly Filter[] = given.from === null ? [] : [after(epochMs(given.from) - 1)];
  let near: readonly Wire[] = [];
  for (;;) {
    const page = await given.read(filters);
    if (page.length > 0) yield page;
    const end = page.at(-1);
    if (end === undefined || page.length < maxPerPage) return;
    const endMs = epochMs(timeOf(end));
    near = [...near, ...page].filter((wire) => epochMs(timeOf(wire)) >= endMs - coarsestMs);
    const read = [...new Set(near.map(({ id }) => id))];
    filters = [{ _or: [after(endMs + 1), { _and: [after(endMs - coarsestMs), { id: { notIn: read } }] }] }];
  }
}
