import { systemClock } from '@quartermaster/connector-kit';
import { findOrders, freezeOf, frozenWhat, listApprovals, maturityOf, maturityPolicySchema, type FlowMaturity } from '@quartermaster/flows';
import { CommandError, exitCodes, type ExitCode } from '../exit.ts';
import { printJson, table, type Output } from '../output.ts';
import { heldSettings, readJournal, type WhichJournal } from './journal-reading.ts';

/** `qm approvals`: what goes only when a person says so. */
export async function approvalsCommand(
  given: WhichJournal & { readonly json: boolean; readonly order?: string },
  output: Output,
): Promise<ExitCode> {
  await using journal = await readJournal(given);
  const [about, ...others] = given.order === undefined ? [] : await findOrders(journal, given.order);
  if (given.order !== undefined && (about === undefined || others.length > 0))
    throw new CommandError(
      exitCodes.no,
      `${given.order} is ${about === undefined ? 'no order' : 'the name of several orders'} of the journal`,
    );
  const waiting = await journal.read((tx) => listApprovals(tx, { about, limit: 10_000 }));
  if (given.json) printJson(output, waiting);
  else if (waiting.length === 0) output.out('Nothing waits for an approval.\n');
  else
    output.out(
      table([
        ['id', 'since', 'flow', 'asked by', 'needs', 'what'],
        ...waiting.map(({ id, askedAt, flow, askedBy, needs, what }) => [id, askedAt.slice(0, 16), flow, askedBy, needs, what]),
      ]),
    );
  return exitCodes.ok;
}

/** `qm maturity`: the dial of every flow, and the measured agreement of the last month. */
export async function maturityCommand(given: WhichJournal & { readonly json: boolean }, output: Output): Promise<ExitCode> {
  await using journal = await readJournal(given);
  const maturity = given.store === undefined ? (await heldSettings(journal, given.config)).maturity : maturityPolicySchema.parse({});
  const now = systemClock.now();
  const { flows, freeze } = await journal.read(async (tx) => ({
    flows: await maturityOf(tx, { settings: { maturity }, now }),
    freeze: await freezeOf(tx, now),
  }));
  if (given.json) {
    printJson(output, { flows, freeze });
    return exitCodes.ok;
  }
  if (freeze !== null) output.out(`Frozen until ${freeze.until} by ${freeze.by}: ${freeze.reason}. ${frozenWhat}\n\n`);
  output.out(table([['flow', 'step', 'agreement', 'agreed', 'differed', 'waiting'], ...flows.map(rowOf)]));
  const differences = flows.flatMap(({ flow, differences: found }) => found.map((each) => [flow, each.subject, each.ours, each.theirs]));
  if (differences.length > 0) output.out(`\n${table([['flow', 'about', 'the program', 'people'], ...differences])}`);
  return exitCodes.ok;
}

function rowOf({ flow, step, agreement, agreed, differed, waiting }: FlowMaturity): string[] {
  return [flow, step, shareInWords(agreement), String(agreed), String(differed), String(waiting)];
}

/** `97.5 %`, or that nothing was compared. */
export function shareInWords(share: number | null): string {
  return share === null ? 'not measured' : `${(share * 100).toFixed(1)} %`;
}
