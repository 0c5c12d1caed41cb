import { systemClock } from '@quartermaster/connector-kit';
import { addDays } from '@quartermaster/domain';
import { copyJournal, loadOrCreateMasterKey, openJournal, type JournalPlace } from '@quartermaster/journal';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** What a day leaves in a journal, the audit trail apart. Levels, cursors and the baseline are of the present, not of a day. */
const tables = [
  { table: 'inbox', where: 'handled_at is not null' },
  { table: 'record', where: `kind in ('order', 'wave')` },
  { table: 'intent', where: 'true' },
  { table: 'raw_answer', where: 'true' },
  { table: 'exception_case', where: 'resolved_at is not null' },
  { table: 'schedule_slot', where: 'true' },
  { table: 'decision', where: 'true' },
  { table: 'vault_key', where: 'true' },
  { table: 'vault_entry', where: 'true' },
] as const;

/** Columns that the store numbers itself. Those of intents are given, because raw answers name them. */
const numbered = new Set(['inbox.id', 'raw_answer.id', 'exception_case.id', 'decision.seq']);

const eventSchema = z.object({
  at: z.string(),
  actor: z.string(),
  event: z.string(),
  key: z.string(),
  detail: z.string(),
});

/**
 * Makes a journal file with so many finished orders out of that of a day on which all orders were finished: as many days before that one as are needed, each with what the day left, under other
 * ids. Both lie in a folder of their own, and have the same key. The audit trail is written by the journal itself, so its chain holds; what is sealed keeps the names that it was sealed under,
 * so it does not open: nobody asks for it.
 */
export async function fillJournal(from: string, to: string, { finished, date }: { finished: number; date: string }): Promise<void> {
  copyFileSync(join(from, 'master.key'), join(to, 'master.key'));
  const path = join(to, 'journal.sqlite');
  const options = { path, masterKey: loadOrCreateMasterKey(join(to, 'master.key')), clock: systemClock };
  await (await openJournal(options)).close();

  using day = new DatabaseSync(join(from, 'journal.sqlite'), { readOnly: true });
  const orders = Number(day.prepare(`select count(*) as orders from record where kind = 'order'`).get()?.['orders']);
  const days = Array.from({ length: Math.ceil(finished / orders) }, (_, index) => index + 1).reverse();
  copyRows(day, path, days, date);

  await using journal = await openJournal(options);
  const events = z.array(eventSchema).parse(day.prepare('select at, actor, event, key, detail from audit order by seq').all());
  for (const before of days) {
    const then = asOfThen(before, date);
    await journal.transaction(async (tx) => {
      for (const { at, actor, event, key, detail } of events)
        await tx.audit.append({ at: then(at), actor, event, key: then(key), detail: jsonSchema.parse(JSON.parse(then(detail))) });
    });
  }
}

/** The same journal in a database of PostgreSQL. */
export async function copyTo(folder: string, postgres: { readonly url: string; readonly schema: string }): Promise<void> {
  const from: JournalPlace = { path: join(folder, 'journal.sqlite') };
  await copyJournal({ from, to: { postgres }, masterKey: loadOrCreateMasterKey(join(folder, 'master.key')), clock: systemClock });
}

function copyRows(day: DatabaseSync, path: string, days: readonly number[], date: string): void {
  using filled = new DatabaseSync(path);
  filled.exec('pragma synchronous = off; begin');
  const stride = Number(day.prepare('select max(id) as last from intent').get()?.['last']);
  const copied = tables.flatMap(({ table, where }) => {
    const rows = day.prepare(`select * from ${table} where ${where}`).all();
    const names = Object.keys(rows[0] ?? {}).filter((name) => !numbered.has(`${table}.${name}`));
    if (names.length === 0) return [];
    return [
      { rows, names, insert: filled.prepare(`insert into ${table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`) },
    ];
  });
  days.forEach((before, index) => {
    const then = asOfThen(before, date);
    for (const { rows, names, insert } of copied)
      for (const row of rows)
        insert.run(
          ...names.map((name) => {
            const value = row[name] ?? null;
            if (typeof value === 'number' && (name === 'id' || name === 'intent_id')) return value + index * stride;
            return typeof value === 'string' ? then(value) : value;
          }),
        );
  });
  filled.exec('commit');
}

/** Says what a text of the day says, of so many days before: another date, other orders, other people. */
function asOfThen(before: number, date: string): (text: string) => string {
  const then = addDays(date, -before);
  const days = String(before).padStart(6, '0');
  return (text) =>
    text
      .replaceAll(date, then)
      .replaceAll(/55000000(\d{5})/g, `55${days}$1`)
      .replaceAll(/#(1\d{3,4})\b/g, `#${before}-$1`)
      .replaceAll(/\b[0-9a-f]{6}([0-9a-f]{58})\b/g, `${days}$1`);
}

const jsonSchema = z.json();
