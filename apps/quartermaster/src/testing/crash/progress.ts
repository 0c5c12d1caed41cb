import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';

/** How far a journal file has come: rows of its audit trail. 0 while there is none, or while it is just being made. Cheap, so that looking does not slow down who writes. */
export function auditRows(path: string): number {
  if (!existsSync(path)) return 0;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 1_000 });
    const rows = database.prepare('select max(seq) as rows from audit').get()?.['rows'];
    return typeof rows === 'number' ? rows : 0;
  } catch {
    return 0;
  } finally {
    database?.close();
  }
}

/** Waits until a condition holds, looking again and again; gives up, and says so, when `ended` comes first. */
export async function until(holds: () => boolean | Promise<boolean>, ended: Promise<{ readonly err: string }>): Promise<void> {
  const over: { early: { readonly err: string } | null } = { early: null };
  void ended.then((finished) => (over.early = finished));
  while (!(await holds())) {
    if (over.early !== null) throw new Error(`the process ended by itself: ${over.early.err}`);
    await wait(40);
  }
}
