import { exceptionMeanings } from '@quartermaster/flows';
import { exitCodes, type ExitCode } from '../exit.ts';
import { printJson, table, type Output } from '../output.ts';
import { readJournal, type WhichJournal } from './journal-reading.ts';

/** `qm exceptions`: what waits for a person. */
export async function exceptionsCommand(
  given: WhichJournal & { readonly all: boolean; readonly json: boolean },
  output: Output,
): Promise<ExitCode> {
  const journal = await readJournal(given);
  try {
    const list = await journal.read((tx) => tx.exceptions.list({ ...(given.all ? {} : { open: true }), limit: 10_000 }));
    if (given.json) {
      printJson(output, list);
    } else if (list.length === 0) {
      output.out('Nothing waits for a person.\n');
    } else {
      output.out(
        table([
          ['id', 'since', 'code', 'owner', 'about', 'reason'],
          ...list.map((each) => [String(each.id), each.raisedAt, each.code, each.owner, each.subjectKey, each.reason]),
        ]),
      );
      const codes = [...new Set(list.map((each) => each.code))].sort();
      output.out(`\n${table(codes.map((code) => [code, exceptionMeanings[code] ?? '']))}`);
    }
    return exitCodes.ok;
  } finally {
    await journal.close();
  }
}
