import { userInfo } from 'node:os';
import { systemClock } from '@quartermaster/connector-kit';
import { epochMs } from '@quartermaster/domain';
import { backupJournal, restoreJournal, type CheckedBackup } from '@quartermaster/journal';
import { CommandError, exitCodes, type ExitCode } from '../exit.ts';
import type { JournalKeys } from '../journal-place.ts';
import { printJson, type Output } from '../output.ts';
import { keysOf, writeJournal, type WhichJournal } from './journal-reading.ts';

type Told = { readonly by?: string; readonly json: boolean };

/** `qm backup FILE`: copies the journal as it is at one moment, also beside the running daemon, and looks the copy through. */
export async function backupCommand(given: WhichJournal & Told & { readonly file: string }, output: Output): Promise<ExitCode> {
  const keys = keysOf(given);
  const from = fileOf(keys, 'Back it up by pg_dump, or by archiving its log (PITR).');
  const made = await backupJournal({ from, to: given.file, masterKey: keys.masterKey(), clock: systemClock });
  if (given.json) printJson(output, made);
  else {
    output.out(`Copied ${keys.name} to ${made.path}: ${made.bytes} bytes, sound.\n${trailText(made)}`);
    output.out('It can be read with the master key only, which is not in it: keep that one elsewhere.\n');
  }
  return exitCodes.ok;
}

/** `qm restore FILE`: puts a backup in the place of the journal. The next start reads the world again before anything is sent. */
export async function restoreCommand(
  given: WhichJournal & Told & { readonly file: string | undefined; readonly done: boolean },
  output: Output,
): Promise<ExitCode> {
  if (given.done) return markRestored(given, output);
  const { file } = given;
  if (file === undefined)
    throw new CommandError(exitCodes.usage, "say which backup: 'qm restore FILE', or --done after restoring by other means");
  const keys = keysOf(given);
  const to = fileOf(keys, "Restore it by your server's own means, with every daemon stopped, and then run 'qm restore --done'.");
  const restored = await restoreJournal({ backup: file, to, masterKey: keys.masterKey(), clock: systemClock, by: who(given) });
  if (given.json) printJson(output, restored);
  else {
    output.out(`Restored ${restored.path} to ${keys.name}.\n${trailText(restored)}`);
    if (restored.keptAt !== null) output.out(`What was there before is in ${restored.keptAt}.\n`);
    output.out(nextText);
  }
  return exitCodes.ok;
}

/** `qm restore --done`: the journal was brought back by other means (a file copied, a database restored), and does not know it yet. */
async function markRestored(given: WhichJournal & Told, output: Output): Promise<ExitCode> {
  await using journal = await writeJournal(given);
  const alive = journal.shared ? (await journal.read((tx) => tx.replicas.list())).filter(({ lastSeen }) => isFresh(lastSeen)) : [];
  if (alive.length > 0)
    throw new CommandError(
      exitCodes.no,
      `${alive.map(({ name }) => name).join(', ')} seems to run on this journal; stop every daemon first, and try again after half a minute.`,
    );
  const knowsUntil = await journal.transaction(async (tx) => {
    await tx.restoration.begin();
    await tx.audit.append({ at: systemClock.now(), actor: who(given), event: 'journal.restored', key: 'journal' });
    return (await tx.restoration.get())?.knowsUntil ?? null;
  });
  if (given.json) printJson(output, { knowsUntil });
  else output.out(`The journal knows the world until ${knowsUntil ?? 'nothing'}.\n${nextText}`);
  return exitCodes.ok;
}

/** `qm journal trust`: a person's word that nothing happened since the backup, or that everything was seen to. What only reading back makes safe is looked up all the same. */
export async function journalTrustCommand(given: WhichJournal & Told & { readonly reason: string }, output: Output): Promise<ExitCode> {
  await using journal = await writeJournal(given);
  const trusted = await journal.transaction(async (tx) => {
    const at = systemClock.now();
    if (!(await tx.restoration.settle(at))) return null;
    const doubted = await tx.intents.doubt(at);
    const settled = { by: who(given), reason: given.reason, at };
    await tx.exceptions.resolve({ code: 'journal-restored', subjectKey: 'journal' }, settled);
    const detail = { reason: given.reason, doubted };
    await tx.audit.append({ at, actor: settled.by, event: 'journal.trusted', key: 'journal', detail });
    return { doubted };
  });
  if (trusted === null) throw new CommandError(exitCodes.no, 'the journal did not come from a backup, or has read the world again already');
  if (given.json) printJson(output, trusted);
  else output.out(`The next start goes on without reading the world again; ${trusted.doubted} effects are looked up before they go.\n`);
  return exitCodes.ok;
}

const nextText =
  'Start the daemon now: before it sends anything it reads again what happened since, at the carriers, the shops and in Odoo, and logs what it found (restored.ended).\nErase again whom you erased since the backup was taken (person.erased in the audit trail of what was there).\n';

function trailText({ rows, head, knowsUntil }: CheckedBackup): string {
  return `The audit trail is whole: ${rows} rows, until ${knowsUntil ?? 'nothing'}.\nhead ${head}\n`;
}

function fileOf({ name, place }: JournalKeys, otherwise: string): string {
  const where = place();
  if ('path' in where) return where.path;
  throw new CommandError(exitCodes.usage, `The journal is in ${name}. ${otherwise}`);
}

function who({ by }: Told): string {
  return by ?? userInfo().username;
}

/** A daemon says every ten seconds that it lives. */
function isFresh(lastSeen: string): boolean {
  return epochMs(systemClock.now()) - epochMs(lastSeen) < 30_000;
}
