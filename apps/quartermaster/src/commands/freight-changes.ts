import { systemClock } from '@quartermaster/connector-kit';
import { formatMoney } from '@quartermaster/domain';
import { draftBills, importedSchema, importInvoice, invoicesNamed, type DraftedBills, type Imported } from '@quartermaster/flows';
import { invoiceKey, invoiceText } from '@quartermaster/freight';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { flowSettings, loadConfig } from '../config.ts';
import { serviceSkus } from '../connect.ts';
import { askDaemon } from '../control/control-client.ts';
import { CommandError, exitCodes, systemCode, type ExitCode } from '../exit.ts';
import { printJson, table, type Output } from '../output.ts';
import { readJournal, writeJournal } from './journal-reading.ts';

type Given = { readonly config: string; readonly json: boolean; readonly reason?: string; readonly as?: string };

/** `qm freight import`: by the running daemon, or into the journal of a stopped one. */
export async function freightImportCommand(
  given: Given & { readonly file: string; readonly carrier: string; readonly stopped: boolean; readonly by?: string },
  output: Output,
): Promise<ExitCode> {
  const reason = reasonOf(given);
  const text = textOf(given.file);
  const after = given.stopped
    ? await importStopped({ ...given, reason, text })
    : (await askDaemon(given, { path: 'freight/invoices', body: { reason, layout: given.carrier, text } })).after;
  const imported = importedSchema.parse(after);
  if (given.json) printJson(output, imported);
  else output.out(importedText(imported));
  const isWhole =
    imported.problems.every(({ outcome }) => outcome === 'kept') && imported.invoices.every(({ verdict }) => verdict !== 'differs');
  return isWhole ? exitCodes.ok : exitCodes.no;
}

async function importStopped(given: {
  readonly config: string;
  readonly carrier: string;
  readonly text: string;
  readonly reason: string;
  readonly by?: string;
}): Promise<unknown> {
  const settings = flowSettings(loadConfig(given.config).config, serviceSkus);
  await using journal = await writeJournal(given);
  const asked = { requestId: randomUUID(), by: given.by ?? userInfo().username, role: 'admin', reason: given.reason } as const;
  const context = { journal, settings, clock: systemClock, log: () => undefined };
  const outcome = await importInvoice(context, asked, { layout: given.carrier, text: given.text });
  if (outcome.kind === 'refused') throw new CommandError(exitCodes.no, `${outcome.message}. ${outcome.next}`);
  return outcome.after;
}

/** `qm freight bill`: the draft as it would be written, or the daemon's word that it will. */
export async function freightBillCommand(
  given: Given & { readonly invoice: string; readonly dryRun: boolean; readonly despiteProblems: boolean },
  output: Output,
): Promise<ExitCode> {
  if (given.dryRun) return dryRun(given, output);
  const body = { reason: reasonOf(given), despiteProblems: given.despiteProblems };
  const done = await askDaemon(given, { path: `freight/invoices/${encodeURIComponent(given.invoice)}/bill`, body });
  if (given.json) printJson(output, done);
  else output.out(`The bill of ${done.key} is being written as a draft; a person posts it. 'qm freight audit' shows when it is there.\n`);
  return exitCodes.ok;
}

async function dryRun(
  given: { readonly config: string; readonly invoice: string; readonly json: boolean },
  output: Output,
): Promise<ExitCode> {
  const { freight } = flowSettings(loadConfig(given.config).config, serviceSkus);
  await using journal = await readJournal(given);
  const [key, ...others] = await invoicesNamed(journal, given.invoice);
  if (key === undefined) throw new CommandError(exitCodes.no, `the journal has no freight invoice ${given.invoice}`);
  if (others.length > 0)
    throw new CommandError(exitCodes.no, `${given.invoice} is the number of several invoices: ${[key, ...others].join(', ')}`);
  const drafted = await draftBills(journal, freight, key);
  if (drafted.kind === 'refused') throw new CommandError(exitCodes.no, `${drafted.message}. ${drafted.next}`);
  if (given.json)
    printJson(
      output,
      drafted.drafts.map(({ draft, problems }) => ({ ...draft, problems })),
    );
  else output.out(draftsText(drafted));
  return exitCodes.ok;
}

function reasonOf({ reason }: Pick<Given, 'reason'>): string {
  if (reason === undefined) throw new CommandError(exitCodes.usage, 'freight: --reason is needed, and is kept for good');
  return reason;
}

function textOf(file: string): string {
  try {
    return invoiceText(readFileSync(file));
  } catch (error) {
    throw new CommandError(exitCodes.usage, `${file}: the file cannot be read (${systemCode(error)}).`);
  }
}

function importedText({ rows, added, accruals, invoices, problems, moreProblems }: Imported): string {
  const counts = `${rows.read} rows: ${rows.charged} charged, ${rows.informational} for information only, ${rows.leftOut} left out.\n`;
  const news = added === 0 ? 'Nothing is new: all of it was imported before.\n' : `${added} lines are new.\n`;
  const earlier = accruals === 0 ? '' : `${accruals} labels of earlier orders came under the audit.\n`;
  const listed = table(
    [
      ['invoice', 'day', 'declared', 'lines come to', 'verdict', 'new', 'known'],
      ...invoices.map((each) => [
        invoiceKey(each),
        each.invoiceDay,
        each.declared === null ? '' : formatMoney(each.declared),
        formatMoney(each.summed),
        each.verdict,
        String(each.added),
        String(each.alreadyKnown),
      ]),
    ],
    new Set([2, 3, 5, 6]),
  );
  const wrong = [
    ['row', 'field', 'outcome', 'reason'],
    ...problems.map(({ row, field, outcome, reason }) => [String(row), field, outcome, reason]),
  ];
  const more = moreProblems === 0 ? '' : `and ${moreProblems} more\n`;
  return [
    counts,
    news,
    earlier,
    ...(invoices.length === 0 ? [] : ['\n', listed]),
    ...(problems.length === 0 ? [] : ['\n', table(wrong), more]),
  ].join('');
}

function draftsText({ key, drafts }: DraftedBills): string {
  return drafts
    .map(({ draft, problems }) => {
      const { vendor, day, lines, total } = draft;
      const rows = lines.map(({ label, account, analytic, amount }) => [label, account, analytic ?? '', formatMoney(amount)]);
      return [
        `${key}, ${day}, vendor ${vendor}\n`,
        table([['line', 'account', 'analytic', 'amount'], ...rows, ['total', '', '', formatMoney(total)]], new Set([3])),
        ...problems.map((problem) => `${problem}\n`),
      ].join('');
    })
    .join('\n');
}
