import { userInfo } from 'node:os';
import { systemClock } from '@quartermaster/connector-kit';
import { CommandError, exitCodes, type ExitCode } from '../exit.ts';
import { printJson, type Output } from '../output.ts';
import { writeJournal, type WhichJournal } from './journal-reading.ts';

/** `qm erase`: forgets a person for good. The subject's id stays in the audit trail, which says who erased it and when. */
export async function eraseCommand(
  given: WhichJournal & { readonly subject: string; readonly by?: string; readonly reason: string; readonly json: boolean },
  output: Output,
): Promise<ExitCode> {
  await using journal = await writeJournal(given);
  const by = given.by ?? userInfo().username;
  const erased = await journal.transaction(async (tx) => {
    if (!(await tx.vault.erase(given.subject))) return false;
    const detail = { reason: given.reason };
    await tx.audit.append({ at: systemClock.now(), actor: by, event: 'person.erased', key: given.subject, detail });
    return true;
  });
  if (!erased) throw new CommandError(exitCodes.no, `the journal holds nothing of ${given.subject}`);
  if (given.json) printJson(output, { subject: given.subject, erased: true });
  else output.out(`Erased ${given.subject}. Backups from before still hold it: erase it again after restoring one.\n`);
  return exitCodes.ok;
}
