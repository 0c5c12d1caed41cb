import { systemClock } from '@quartermaster/connector-kit';
import { epochMs, instantOf } from '@quartermaster/domain';
import { endedRecords, forgottenRecords } from '@quartermaster/flows';
import { copyJournal, type JournalPlace, type Pruned } from '@quartermaster/journal';
import { resolve } from 'node:path';
import { exitCodes, type ExitCode } from '../exit.ts';
import { printJson, table, type Output } from '../output.ts';
import { keysOf, writeJournal, type WhichJournal } from './journal-reading.ts';

const rowsAtOnce = 500;
const dayMs = 86_400_000;

/** `qm journal prune`: forgets what is over and older than so many days, in small steps. The audit trail stays. */
export async function journalPruneCommand(
  given: WhichJournal & { readonly olderThan: number; readonly json: boolean },
  output: Output,
): Promise<ExitCode> {
  await using journal = await writeJournal(given);
  const before = instantOf(epochMs(systemClock.now()) - given.olderThan * dayMs);
  const total: Record<keyof Pruned, number> = { intents: 0, rawAnswers: 0, arrivals: 0, exceptions: 0, decisions: 0, records: 0 };
  for (;;) {
    const step = await journal.transaction((tx) =>
      tx.retention.prune({ before, limit: rowsAtOnce, ended: endedRecords, forgotten: forgottenRecords }),
    );
    total.intents += step.intents;
    total.rawAnswers += step.rawAnswers;
    total.arrivals += step.arrivals;
    total.exceptions += step.exceptions;
    total.decisions += step.decisions;
    total.records += step.records;
    if (Object.values(step).every((count) => count === 0)) break;
  }
  if (given.json) printJson(output, { before, ...total });
  else
    output.out(
      `Forgotten, of what ended before ${before}:\n${table(
        Object.entries(total).map(([what, count]) => [what, String(count)]),
        new Set([1]),
      )}`,
    );
  return exitCodes.ok;
}

/** `qm journal copy`: moves the journal to another home. Both are the same afterwards; only one may be used from then on. */
export async function journalCopyCommand(
  given: WhichJournal & { readonly to: string; readonly schema: string; readonly json: boolean },
  output: Output,
): Promise<ExitCode> {
  const { name, place, masterKey } = keysOf(given);
  const to: JournalPlace = /^postgres(ql)?:/.test(given.to)
    ? { postgres: { url: given.to, schema: given.schema } }
    : { path: resolve(given.to) };
  const copied = await copyJournal({ from: place(), to, masterKey: masterKey(), clock: systemClock });
  if (given.json) printJson(output, copied);
  else {
    output.out(
      `Copied ${name}:\n${table(
        Object.entries(copied).map(([what, count]) => [what, String(count)]),
        new Set([1]),
      )}`,
    );
    output.out('Now name the new place in the config, with the same master key, and never start a daemon on the old one again.\n');
  }
  return exitCodes.ok;
}
