import { exitCodes, type ExitCode } from '../exit.ts';
import { printJson, type Output } from '../output.ts';
import { auditTrail } from '@quartermaster/flows';
import { readJournal, type WhichJournal } from './journal-reading.ts';
import { orderNamed } from './why.ts';

/** `qm audit verify`: computes the whole audit trail anew. `head` is what was noted of it earlier: then a trail that was cut off since is not taken for whole. */
export async function auditVerifyCommand(given: WhichJournal & { readonly json: boolean }, output: Output): Promise<ExitCode> {
  await using journal = await readJournal(given);
  const verdict = await journal.read((tx) => tx.audit.verifyChain());
  if (given.json) printJson(output, verdict);
  else if (verdict.kind === 'whole') {
    output.out(`The audit trail is whole: ${verdict.rows} rows.\nhead ${verdict.head}\n`);
    output.out('Note the head and the number of rows elsewhere: only they show that rows at the end were cut off.\n');
  } else {
    output.out(`The audit trail is broken at row ${verdict.seq}: ${verdict.reason}.\n`);
    output.out('Somebody changed the journal by other means. Keep it as it is, and compare it with the last backup.\n');
  }
  return verdict.kind === 'whole' ? exitCodes.ok : exitCodes.no;
}

/** `qm audit export`: the trail as JSON, a row per line, with the policy that was in force; of one order where it is named. */
export async function auditExportCommand(given: WhichJournal & { readonly order?: string }, output: Output): Promise<ExitCode> {
  await using journal = await readJournal(given);
  const which = given.order === undefined ? {} : { key: await orderNamed(journal, given.order) };
  for await (const row of auditTrail(journal, which)) output.out(`${JSON.stringify(row)}\n`);
  return exitCodes.ok;
}
