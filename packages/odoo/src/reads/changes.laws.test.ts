import { instantOf, type Instant } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromTheBeginning, type ChangeCursor } from './change-cursor.ts';
import { poll, type ChangeReader } from './changes-since.ts';

// A table as others write it: a transaction begins, writes some rows with its start as their stamp, and is seen when it ends, less than the overlap later.

const overlapMs = 60_000;
const begin = Date.parse('2026-11-21T10:00:00.000Z');

const transaction = fc.record({
  beginsMs: fc.nat(150_000),
  takesMs: fc.nat(overlapMs - 1_000),
  rows: fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }),
});
const pollsMs = fc.array(fc.nat(200_000), { minLength: 1, maxLength: 12 });

type Stored = { readonly stampMs: number; readonly value: number };

/** The table at a time; of two transactions that write a row the one that ends later wins. */
function tableAt(transactions: readonly { beginsMs: number; takesMs: number; rows: readonly number[] }[], ms: number): Map<number, Stored> {
  const table = new Map<number, Stored>();
  const ended = transactions
    .map((each, value) => ({ ...each, value, endsMs: each.beginsMs + each.takesMs }))
    .filter(({ endsMs }) => endsMs <= ms)
    .sort((a, b) => a.endsMs - b.endsMs || a.value - b.value);
  for (const { beginsMs, rows, value } of ended) for (const id of rows) table.set(id, { stampMs: beginsMs, value });
  return table;
}

/** Odoo over RPC: stamps in whole seconds, compared at least that fine. Every question takes a while. */
function readerOf(transactions: Parameters<typeof tableAt>[0], clock: { ms: number }, skewMs: number): ChangeReader {
  const stampOf = (row: Stored): Instant => instantOf(begin + Math.floor(row.stampMs / 1_000) * 1_000);
  const found = (since: Instant | null) => {
    clock.ms += 700;
    return [...tableAt(transactions, clock.ms)].filter(([, row]) => since === null || stampOf(row) >= since).sort(([a], [b]) => a - b);
  };
  return {
    newest: (since) =>
      Promise.resolve(
        found(since).reduce<Instant | null>((best, [, row]) => (best === null || stampOf(row) > best ? stampOf(row) : best), null),
      ),
    page(since, after) {
      const rest = found(since).filter(([id]) => id > after);
      const records = rest
        .slice(0, 10)
        .map(([id, row]) => ({ id, stamp: stampOf(row), mark: String(row.value), row: { value: row.value } }));
      return Promise.resolve({ records, last: rest.length <= 10 });
    },
    now: () => Promise.resolve(instantOf(begin + clock.ms + skewMs)),
  };
}

test('every change of every transaction is delivered by the last poll, and no record twice in the same state', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(transaction, { minLength: 2, maxLength: 20 }),
      pollsMs,
      fc.integer({ min: -30_000, max: 30_000 }),
      fc.boolean(),
      async (transactions, times, skewMs, breaksOff) => {
        const clock = { ms: 0 };
        const reader = readerOf(transactions, clock, skewMs);
        const delivered: [id: number, value: unknown][] = [];
        let cursor: ChangeCursor = fromTheBeginning;
        for (const at of [...times].sort((a, b) => a - b).concat(600_000)) {
          clock.ms = Math.max(clock.ms, at);
          let pages = 0;
          for await (const { fresh, cursor: next } of poll(reader, cursor, { overlapMs })) {
            for (const { id, row } of fresh) delivered.push([id, row['value']]);
            // What is kept between two polls has been text.
            cursor = JSON.parse(JSON.stringify(next));
            if (breaksOff && at < 600_000 && ++pages === 2) break;
          }
        }
        for await (const { fresh } of poll(reader, cursor, { overlapMs }))
          for (const { id, row } of fresh) delivered.push([id, row['value']]);
        const last = new Map(delivered);
        expect(last).toEqual(new Map([...tableAt(transactions, 1_000_000)].map(([id, row]) => [id, row.value])));
        expect(new Set(delivered.map(String)).size).toBe(delivered.length);
      },
    ),
  );
});

test('a table where nothing happens costs nothing after a while: what was seen is forgotten', async () => {
  const clock = { ms: 1_000 };
  const reader = readerOf([{ beginsMs: 0, takesMs: 0, rows: [1, 2, 3, 4, 5] }], clock, 0);
  let cursor: ChangeCursor = fromTheBeginning;
  for (const at of [1_000, 100_000, 200_000]) {
    clock.ms = at;
    for await (const page of poll(reader, cursor, { overlapMs })) cursor = page.cursor;
  }
  expect(cursor.seen).toEqual({});
});
