import { userInfo } from 'node:os';
import { systemClock } from '@quartermaster/connector-kit';
import { erasePerson } from '@quartermaster/flows';
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
  const { subject, reason } = given;
  const erased = await journal.transaction((tx) => erasePerson(tx, { subject, by, reason, at: systemClock.now() }));
  if (!erased) throw new CommandError(exitCodes.no, `the journal holds nothing of ${given.subject}`);
  if (given.json) printJson(output, { subject: given.subject, erased: true });
  else output.out(`Erased ${given.subject}. Backups from before still hold it: erase it again after restoring one.\n`);
  return exitCodes.ok;
}
