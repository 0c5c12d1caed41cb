import { systemClock } from '@quartermaster/connector-kit';
import { epochMs, formatMoney, instantOf, money } from '@quartermaster/domain';
import { regretReport, type Regret, type RegretReport } from '@quartermaster/flows';
import { exitCodes, type ExitCode } from '../exit.ts';
import { printJson, table, type Output } from '../output.ts';
import { readJournal, type WhichJournal } from './journal-reading.ts';

/** `qm regret`: what overrides have cost and avoided, and the rules that they suggest. */
export async function regretCommand(
  given: WhichJournal & { readonly json: boolean; readonly days: number },
  output: Output,
): Promise<ExitCode> {
  await using journal = await readJournal(given);
  const since = instantOf(epochMs(systemClock.now()) - given.days * 86_400_000);
  const report = await journal.read((tx) => regretReport(tx, since));
  if (given.json) printJson(output, report);
  else if (report.measured === 0) output.out(`No override of node or service was measured in the last ${given.days} days.\n`);
  else output.out(regretText(report));
  return exitCodes.ok;
}

function regretText({ regrets, byVerdict, suggestions, measured }: RegretReport): string {
  const { right, free, dear, open } = byVerdict;
  const rows = regrets.map((each) => [
    each.decidedAt.slice(0, 16),
    each.order,
    wayInWords(each),
    each.by,
    each.why,
    formatMoney(money(each.costMinor, each.currency)),
    each.troubles === null ? '' : String(each.troubles),
    each.verdict,
  ]);
  return [
    `${measured} overrides: ${right} were right, ${free} cost nothing, ${dear} cost money for nothing that is known, ${open} are not judged yet.\n`,
    table([['wave', 'order', 'override', 'by', 'why', 'cost', 'went wrong there', 'verdict'], ...rows]),
    ...suggestions.map(({ words }) => `${words}\n`),
  ].join('\n');
}

function wayInWords({ kind, node, service }: Regret): string {
  const way = [node === null ? null : `from ${node}`, service === null ? null : `by ${service}`].filter((part) => part !== null).join(' ');
  return kind === 'fix' ? way : `nothing ${way}`;
}
