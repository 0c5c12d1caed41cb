import { epochMs, instantOf } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { pagesByTime, type Filter } from './by-time.ts';
import { maxPerPage } from './limits.ts';
import { listed, type FilterInput } from './sandbox/list.ts';

type Thing = { readonly id: string; updatedAt: string };

const start = Date.parse('2026-11-21T09:00:00.000Z');

test('every page of any list is followed by the right one, though many have one time and some change while it is read', async () => {
  // Seconds of the changes, as they stood at first, and which change to the newest after each page.
  const list = fc.array(fc.nat(2), { minLength: maxPerPage + 1, maxLength: 4 * maxPerPage, size: 'max' });
  await fc.assert(
    fc.asyncProperty(list, fc.array(fc.nat(), { maxLength: 5 }), async (seconds, touched) => {
      const things = seconds.map((second, nth): Thing => ({ id: String(nth), updatedAt: instantOf(start + second * 1_000) }));
      const seen = new Map<string, string>();
      let pages = 0;
      for await (const page of pagesByTime<Thing>({
        field: 'updatedAt',
        from: instantOf(start),
        timeOf: ({ updatedAt }) => updatedAt,
        read: async (filters) => read(things, filters),
      })) {
        for (const { id, updatedAt } of page) seen.set(id, updatedAt);
        const one = things[(touched[pages] ?? 0) % Math.max(1, things.length)];
        if (touched[pages] !== undefined && one !== undefined) one.updatedAt = instantOf(start + 10_000 + pages * 2_000);
        pages++;
        expect(pages).toBeLessThan(20);
      }
      expect([...seen.keys()].toSorted()).toEqual(things.map(({ id }) => id).toSorted());
    }),
    { numRuns: 60 },
  );
});

function read(things: readonly Thing[], filters: readonly Filter[]): Thing[] {
  const rowOf = ({ id, updatedAt }: Thing) => ({ id, updatedAt: epochMs(updatedAt) });
  const filter: FilterInput = JSON.parse(JSON.stringify({ _and: filters }));
  return listed(things, rowOf, { filter, sort: { updatedAt: 'ASC' }, take: maxPerPage }).items.map((thing) => ({ ...thing }));
}
