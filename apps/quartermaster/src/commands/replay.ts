import { replayAll, type Replayed } from '@quartermaster/flows';
import { installedSolver } from '../connect.ts';
import { CommandError, exitCodes, type ExitCode } from '../exit.ts';
import { printJson, type Output } from '../output.ts';
import { readJournal, type WhichJournal } from './journal-reading.ts';

/** `qm replay DECISION` or `qm replay --all`: exit code 1 when a plan is not the one that was recorded. */
export async function replayCommand(
  given: WhichJournal & { readonly decision: string | undefined; readonly all: boolean; readonly newest: number; readonly json: boolean },
  output: Output,
): Promise<ExitCode> {
  const { decision, all, newest } = given;
  if ((decision === undefined) !== all) throw new CommandError(exitCodes.usage, 'name one decision, or say --all');
  const journal = await readJournal(given);
  const replayed: Replayed[] = [];
  try {
    for await (const each of replayAll(journal, await installedSolver(), decision === undefined ? { newest } : { ids: [decision] })) {
      if ('missing' in each) throw new CommandError(exitCodes.no, `there is no decision ${each.id}`);
      replayed.push(each);
      if (!given.json) output.out(lineOf(each));
    }
  } finally {
    await journal.close();
  }
  const same = replayed.filter((each) => each.same).length;
  if (given.json) printJson(output, { replayed: replayed.length, same, decisions: replayed });
  else output.out(`${same} of ${replayed.length} decisions are the same to the byte\n`);
  return same === replayed.length ? exitCodes.ok : exitCodes.no;
}

function lineOf({ id, same, recorded, replayed, reasons }: Replayed): string {
  const what = same
    ? `the same, ${replayed.slice(0, 12)}`
    : `NOT the same: ${recorded?.slice(0, 12) ?? 'nothing kept'} then, ${replayed.slice(0, 12)} now`;
  return `${id}  ${what}${reasons.map((reason) => `\n  ${reason}`).join('')}\n`;
}
