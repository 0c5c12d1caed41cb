import { systemClock } from '@quartermaster/connector-kit';
import { loadOrCreateMasterKey, openJournal } from '@quartermaster/journal';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** What a journal holds of each order, and the columns in which the order's id or its subject stands. */
const tables = [
  { table: 'record', columns: ['key', 'body'], where: `kind = 'order'` },
  { table: 'intent', columns: ['key', 'order_key', 'subject', 'payload'], where: `kind <> 'push-stock'` },
  { table: 'inbox', columns: ['vendor_id', 'subject', 'body'], where: `kind = 'order'` },
  { table: 'vault_key', columns: ['subject'], where: 'true' },
  { table: 'vault_entry', columns: ['subject', 'name'], where: 'true' },
] as const;

const eventSchema = z.object({
  at: z.string(),
  actor: z.string(),
  event: z.string(),
  key: z.string(),
  detail: z.string().transform(parsed),
});

/**
 * Makes a journal with so many finished orders out of that of a day on which all orders were finished: what it holds of each stands there many times, under other ids. Both have a folder of
 * their own, and the same key. What is sealed keeps the names that it was sealed under, so it does not open; nobody asks for it.
 */
export async function fillJournal(from: string, to: string, finished: number): Promise<void> {
  copyFileSync(join(from, 'master.key'), join(to, 'master.key'));
  const path = join(to, 'journal.sqlite');
  const options = { path, masterKey: loadOrCreateMasterKey(join(to, 'master.key')), clock: systemClock };
  await (await openJournal(options)).close();

  using day = new DatabaseSync(join(from, 'journal.sqlite'), { readOnly: true });
  const orders = Number(day.prepare(`select count(*) as orders from record where kind = 'order'`).get()?.['orders']);
  const copies = Array.from({ length: Math.ceil(finished / orders) }, (_, copy) => `-${copy + 1}`);
  copyRows(day, path, copies);

  await using journal = await openJournal(options);
  const events = z
    .array(eventSchema)
    .parse(day.prepare(`select at, actor, event, key, detail from audit where event like 'order.%'`).all());
  for (const copy of copies)
    for (let at = 0; at < events.length; at += 5_000)
      await journal.transaction(async (tx) => {
        for (const event of events.slice(at, at + 5_000)) await tx.audit.append({ ...event, key: `${event.key}${copy}` });
      });
}

function copyRows(day: DatabaseSync, path: string, copies: readonly string[]): void {
  using filled = new DatabaseSync(path);
  filled.exec('pragma synchronous = off; begin');
  for (const { table, columns, where } of tables) {
    const numbered = table === 'intent' || table === 'inbox';
    const rows = day.prepare(`select * from ${table} where ${where}`).all();
    const names = Object.keys(rows[0] ?? {}).filter((name) => !(numbered && name === 'id'));
    if (names.length === 0) continue;
    const insert = filled.prepare(`insert into ${table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`);
    const renamed = new Set<string>(columns);
    for (const copy of copies)
      for (const row of rows)
        insert.run(
          ...names.map((name) => {
            const value = row[name] ?? null;
            return typeof value === 'string' && renamed.has(name) ? renamedIn(name, value, copy) : value;
          }),
        );
  }
  filled.exec('commit');
}

/** Keys get another end; in a body or payload the order's own key does. */
function renamedIn(column: string, text: string, copy: string): string {
  if (column !== 'body' && column !== 'payload') return `${text}${copy}`;
  return text.replace(/"(key|order)":"([^"]+)"/, `"$1":"$2${copy}"`);
}

function parsed(text: string): z.infer<typeof jsonSchema> {
  return jsonSchema.parse(JSON.parse(text));
}

const jsonSchema = z.json();
