import { InvalidArgumentError, type Command } from '@commander-js/extra-typings';
import type { ExitCode } from '../exit.ts';
import type { Output } from '../output.ts';
import { freightBillCommand, freightImportCommand } from './freight-changes.ts';
import { freightAuditCommand, freightDisputesCommand, freightFindingsCommand } from './freight-reports.ts';

type Choose = (run: () => Promise<ExitCode>) => void;

/** The commands of the freight audit: carriers' invoices in, what is wrong with them out, and their bills into the ERP. */
export function addFreight(qm: Command, choose: Choose, output: Output): void {
  const freight = qm.command('freight').description("carriers' invoices: import, audit, disputes, findings, bills");
  const command = (name: string, description: string) =>
    freight
      .command(name)
      .description(description)
      .option('--json', 'print JSON instead of text', false)
      .option('--config <file>', 'config file', 'quartermaster.json');
  const report = (name: string, description: string) =>
    command(name, description)
      .option('--from <day>', 'first day of invoices; default 180 days ago', day)
      .option('--to <day>', 'last day of invoices; default today', day);
  const change = (name: string, description: string) =>
    command(name, description)
      .option('--reason <text>', 'why, without personal data: it is kept for good')
      .option('--as <name>', 'whose token of the config to use, where there are several; or QM_CONTROL_TOKEN');

  change('import', "read a carrier's invoice file into the journal; the same file again changes nothing")
    .argument('<file>', 'the file, as the carrier gives it')
    .requiredOption('--carrier <layout>', 'ups (250 columns), fedex (all columns), or the name of a mapping of the config')
    .option('--stopped', 'no daemon runs: write to its journal', false)
    .option('--by <name>', 'with --stopped: who does it; default the user of this computer')
    .action((file, options) => choose(() => freightImportCommand({ ...options, file }, output)));
  report('audit', 'invoices against the labels that were bought, and every difference by class').action((options) =>
    choose(() => freightAuditCommand(options, output)),
  );
  report('disputes', 'what to claim back of carriers, and until when')
    .option('--csv <file>', 'write them there, as forms of carriers ask for them')
    .action((options) => choose(() => freightDisputesCommand(options, output)));
  report('findings', 'late deliveries, and articles and boxes that carriers measure heavier').action((options) =>
    choose(() => freightFindingsCommand(options, output)),
  );
  change('bill', "have a carrier's invoice written into the ERP as the draft of a vendor's bill (supervisors)")
    .argument('<invoice>', "number of the invoice, or its key where several have the number, as 'qm freight audit' shows it")
    .option('--dry-run', 'only show the bill', false)
    .option('--despite-problems', 'also where its lines do not come to what it declares', false)
    .action((invoice, options) => choose(() => freightBillCommand({ ...options, invoice }, output)));
}

function day(text: string): string {
  const at = new Date(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError('expected a day such as 2026-12-01');
  return text;
}
