import { isFault } from '@quartermaster/domain';
import { JournalError } from '@quartermaster/journal';
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { CommanderError } from 'commander';
import { accuracyCommand, atpCommand } from './commands/atp.ts';
import { auditExportCommand, auditVerifyCommand } from './commands/audit.ts';
import { backupCommand, journalTrustCommand, restoreCommand } from './commands/backup.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { eraseCommand } from './commands/erase.ts';
import { exceptionsCommand } from './commands/exceptions.ts';
import { explainCommand } from './commands/explain.ts';
import { explainPlanCommand } from './commands/explain-plan.ts';
import { addFreight } from './commands/freight.ts';
import { initCommand } from './commands/init.ts';
import { journalCopyCommand, journalPruneCommand } from './commands/journal.ts';
import { reconcileCommand } from './commands/reconcile.ts';
import { backfillCommand, runCommand } from './commands/run.ts';
import { solveCommand, verifyCommand } from './commands/solve.ts';
import { addOperations, intentsCommand } from './commands/operate.ts';
import { approvalsCommand, maturityCommand } from './commands/maturity.ts';
import { packingCommand } from './commands/packing.ts';
import { addPolicy } from './commands/policy.ts';
import { addRelease } from './commands/release.ts';
import { promiseCommand } from './commands/promise.ts';
import { regretCommand } from './commands/regret.ts';
import { tariffsCommand } from './commands/tariffs.ts';
import { typegenCommand } from './commands/typegen.ts';
import { addWhy } from './commands/why.ts';
import { CommandError, exitCodes, type ExitCode } from './exit.ts';
import { printJson, processOutput, type Output } from './output.ts';
import { packageVersion } from './version.ts';

/** Runs `qm` with its arguments and gives the exit code. Nothing that a person did wrong shows a stack. */
export async function main(args: readonly string[], output: Output = processOutput): Promise<ExitCode> {
  const chosen: { run: (() => ExitCode | Promise<ExitCode>) | null } = { run: null };
  const json = args.includes('--json');
  try {
    await program(output, (run) => (chosen.run = run)).parseAsync([...args], { from: 'user' });
    return (await chosen.run?.()) ?? exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const { exitCode, message } = failure(error);
    if (json) printJson(output, { error: message, exitCode });
    else output.err(`qm: ${message}\n`);
    return exitCode;
  }
}

function failure(error: unknown): { exitCode: ExitCode; message: string } {
  if (error instanceof CommandError) return { exitCode: error.exitCode, message: error.message };
  if (error instanceof JournalError) return { exitCode: exitCodes.journal, message: error.message };
  if (isFault(error)) return { exitCode: exitCodes.outside, message: `${error.message}. ${error.facts.advice ?? ''}`.trim() };
  const detail =
    error instanceof Error ? (process.env['QM_DEBUG'] === undefined ? error.message : (error.stack ?? error.message)) : String(error);
  return { exitCode: exitCodes.bug, message: `a bug of Quartermaster: ${detail}\nPlease report it; QM_DEBUG=1 shows where it happened.` };
}

function program(output: Output, choose: (run: () => ExitCode | Promise<ExitCode>) => void): Command {
  const qm = new Command('qm')
    .description('Quartermaster: the sourcing brain and the safety net of ecommerce companies that run on Odoo.')
    .exitOverride()
    .configureOutput({ writeOut: output.out, writeErr: output.err })
    .showHelpAfterError('(qm help shows all commands)');
  const command = (name: string, description: string) =>
    qm.command(name).description(description).option('--json', 'print JSON instead of text', false);
  const config = ['--config <file>', 'config file', 'quartermaster.json'] as const;
  const store = ['--store <dir>', "read a demo's journal instead of the config's"] as const;

  command('init', 'write a config to start from')
    .option(...config)
    .action((options) => choose(() => initCommand(options, output)));
  command('demo', 'play a day of orders through everything, on sandboxes of every vendor')
    .option('--exit', 'end when the day is over', false)
    .option('--orders <n|dir>', 'how many orders to invent, or a folder of real ones', '300')
    .option('--day <date>', 'day of the real orders', '2017-11-24')
    .option('--seed <n>', 'decides the invented day, and which calls fail', whole, 7)
    .option('--faults <share>', 'share of all vendor calls that fail, 0 to 1', share, 0)
    .addOption(new Option('--odoo-version <v>', 'which Odoo the sandbox is').choices(odooVersions).default('19'))
    .option('--store <dir>', 'keep the journal there; a day that was broken off goes on')
    .option('--sandbox <file>', 'use the sandboxes of another process, by its port file')
    .option('--odoo-url <url>', 'use this Odoo instead of the sandbox; its key is in QM_ODOO_KEY')
    .option('--odoo-db <name>', 'its database')
    .option('--odoo-user <login>', 'its user')
    .option('--prepare', 'set up warehouses, products and stock that are missing there', false)
    .option('--config <file>', 'a policy file of your own to try')
    .option('--port <n>', 'port of the status page; 0 is any', whole, 0)
    .action((options) =>
      choose(() =>
        demoCommand({ ...options, odooVersion: versionOf(options.odooVersion), odoo: namedOdoo('odoo-', ofOdoo(options)) }, output),
      ),
    );
  command('run', 'run the daemon')
    .option(...config)
    .action((options) => choose(() => runCommand(options, output)));
  command('backfill', 'take in orders from before the daemon began')
    .option(...config)
    .requiredOption('--since <instant>', 'changed since then, such as 2026-11-20T00:00:00Z')
    .option('--channel <connection>', 'only this channel')
    .action((options) => choose(() => backfillCommand(options, output)));
  command('doctor', 'check the journal and every connection of a config')
    .option(...config)
    .action((options) => choose(() => doctorCommand(options, output)));
  command('tariffs', 'check the tariffs of a config, with every bad row of those in CSV files')
    .option(...config)
    .action((options) => choose(() => tariffsCommand(options, output)));
  command('promise', 'what may be promised to a customer: until when ordered, when there, and why')
    .argument('<country>', 'ISO 3166 code of two letters')
    .argument('[postal-code]')
    .option(...config)
    .option('--region <region>', 'where zones go by regions')
    .option('--service <name>', 'what the customer asks for, as in servicesFor of the policy')
    .option('--at <instant>', 'of an order of that moment, such as 2026-11-20T14:30:00Z; default now')
    .option('--why', 'how each promise came about', false)
    .action((country, postalCode, options) => choose(() => promiseCommand({ ...options, country, postalCode }, output)));
  command('atp', 'what of an article may be promised, from the shelf to what each channel shows, and when there is more')
    .argument('[sku]')
    .option('--accuracy', 'without an article: how right the books are, by what counts found, and what is kept back for it', false)
    .option(...config)
    .action((sku, { accuracy, ...options }) => {
      if (accuracy === (sku !== undefined)) throw new CommandError(exitCodes.usage, 'atp: name an article, or ask for --accuracy');
      choose(() => (sku === undefined ? accuracyCommand(options, output) : atpCommand({ ...options, sku }, output)));
    });
  command('typegen', 'write TypeScript types and zod schemas of an Odoo, with a lock to notice changes by')
    .option(...config)
    .option('--url <url>', 'this Odoo instead of that of the config; its key is in QM_ODOO_KEY')
    .option('--db <name>', 'its database')
    .option('--user <login>', 'its user')
    .option('--model <name[:fields]>', 'a model with all fields, or with these, such as sale.order:name,state; may be repeated', listed, [])
    .option('--models <file>', 'the same as JSON: {"sale.order": ["name", "state"], "res.partner": "all"}')
    .option('--out <file>', 'where to write the types', 'odoo-models.ts')
    .option('--lock <file>', 'where the lock is; default beside the types, as .lock.json')
    .option('--constant <name>', 'name of the models in the types', 'models')
    .option('--check', 'write nothing; say where the Odoo is not as the lock says', false)
    .option('--from-lock', 'write the types of the lock anew, without a server', false)
    .action((options) => choose(() => typegenCommand({ ...options, odoo: namedOdoo('', options) }, output)));
  command('solve', 'decide which warehouse ships what (contract quartermaster/sourcing-problem@1)')
    .argument('<problem>', 'a .json or .json.gz file, or - for standard input')
    .option('--out <file>', 'write the plan there')
    .option('--export <file>', 'write the textbook model there, too, as .lp or .mps for any engine')
    .option('--time-limit <seconds>', 'stop after this time with the best plan so far', positive)
    .option('--work-limit <n>', 'stop after this much work: the same plan on every machine', whole)
    .addOption(new Option('--engine <name>', 'engine of the exact part').choices(['auto', 'none', 'glpk', 'highs']).default('auto'))
    .action((problem, options) => choose(() => solveCommand({ ...options, problem }, output)));
  command('verify', 'check a plan: feasible, its cost, what its certificate proves')
    .argument('<problem>')
    .argument('<plan>')
    .action((problem, plan, options) => choose(() => verifyCommand({ ...options, problem, plan }, output)));
  command('explain', 'where an order stands and why; with a problem and a plan, what the plan costs and why')
    .argument('<order-or-problem>', 'key, channel id or name of an order, such as "#1001" or "shop-eu/#1001"; or the file of a problem')
    .argument('[plan]', 'the file of a plan of that problem')
    .option(...config)
    .option(...store)
    .option('--order <id>', 'one order of the plan')
    .action((order, plan, options) =>
      choose(() =>
        plan === undefined
          ? explainCommand({ ...options, order }, output)
          : explainPlanCommand({ ...options, problem: order, plan }, output),
      ),
    );
  addWhy(qm, choose, output);
  command('packing', 'which box each parcel of an order is, and where each unit goes in it')
    .argument('<order>', 'key, channel id or name of the order')
    .option(...config)
    .option(...store)
    .action((order, options) => choose(() => packingCommand({ ...options, order }, output)));
  command('exceptions', 'what waits for a person')
    .option(...config)
    .option(...store)
    .option('--all', 'also what is settled', false)
    .option('--owner <name>', 'only what this role or person looks after')
    .option('--code <code>', 'only this code')
    .option('--overdue', 'only what has waited longer than its clock allows')
    .action((options) => choose(() => exceptionsCommand(options, output)));
  command('intents', 'writes to the outside that are dead, failed or unknown')
    .option(...config)
    .option(...store)
    .action((options) => choose(() => intentsCommand(options, output)));
  command('approvals', 'what goes only when a person says so')
    .option(...config)
    .option(...store)
    .option('--order <order>', 'only this order, by its key, channel id or name')
    .action((options) => choose(() => approvalsCommand(options, output)));
  command('maturity', 'how far each flow is trusted, and how far the program and people have agreed')
    .option(...config)
    .option(...store)
    .action((options) => choose(() => maturityCommand(options, output)));
  command('regret', 'what overrides of node and service have cost and avoided, and which of them are worth a rule')
    .option(...config)
    .option(...store)
    .option('--days <n>', 'how far back', whole, 90)
    .action((options) => choose(() => regretCommand(options, output)));
  addOperations(qm, choose, output);
  addRelease(qm, choose, output);
  addPolicy(qm, choose, output);
  command('reconcile', 'compare channels, Odoo and journal; a dry run unless --apply is given')
    .option(...config)
    .option('--apply', 'let the daemon mend what has lasted, within its bounds (supervisors)', false)
    .option('--order <order>', 'only this order, by its key, channel id or name')
    .option('--sku <sku>', 'only the stock of this article')
    .option('--reason <text>', 'with --apply: why, without personal data: it is kept for good')
    .option('--as <name>', 'with --apply: whose token of the config to use, where there are several; or QM_CONTROL_TOKEN')
    .action((options) => choose(() => reconcileCommand(options, output)));
  addFreight(qm, choose, output);
  const audit = qm.command('audit').description('the audit trail');
  audit
    .command('export')
    .description('the trail as JSON, a row per line, each with the policy that was in force')
    .option('--order <order>', 'only this order, by its key, channel id or name')
    .option(...config)
    .option(...store)
    .action((options) => choose(() => auditExportCommand(options, output)));
  audit
    .command('verify')
    .description('compute its hashes anew')
    .option('--json', 'print JSON instead of text', false)
    .option(...config)
    .option(...store)
    .action((options) => choose(() => auditVerifyCommand(options, output)));
  command('erase', 'forget a person for good')
    .argument('<subject>', "id of the person, as in the order's `subject`")
    .option(...config)
    .option(...store)
    .option('--by <name>', 'who does it; default the user of this computer')
    .option('--reason <text>', 'why, without personal data', 'asked for')
    .action((subject, options) => choose(() => eraseCommand({ ...options, subject }, output)));
  command('backup', 'copy the journal, also while the daemon runs')
    .argument('<file>', 'where to write the copy; must not exist')
    .option(...config)
    .option(...store)
    .action((file, options) => choose(() => backupCommand({ ...options, file }, output)));
  command('restore', 'put a backup in the place of the journal; the next start reads the world again before it sends anything')
    .argument('[file]', 'the backup')
    .option(...config)
    .option(...store)
    .option('--done', 'the journal was restored by other means: say so to it', false)
    .option('--by <name>', 'who does it; default the user of this computer')
    .action((file, options) => choose(() => restoreCommand({ ...options, file }, output)));
  const journal = qm.command('journal').description('care of the journal');
  journal
    .command('prune')
    .description('forget what is over and old; the audit trail stays')
    .option('--json', 'print JSON instead of text', false)
    .option(...config)
    .option(...store)
    .option('--older-than <days>', 'days since it ended', positive, 180)
    .action((options) => choose(() => journalPruneCommand(options, output)));
  journal
    .command('copy')
    .description('copy it to another home, while nothing runs')
    .option('--json', 'print JSON instead of text', false)
    .option(...config)
    .option(...store)
    .requiredOption('--to <place>', 'postgres://user@host/database (the password in PGPASSWORD), or a file')
    .option('--schema <name>', 'schema of that database', 'quartermaster')
    .action((options) => choose(() => journalCopyCommand(options, output)));
  journal
    .command('trust')
    .description('after a restore: go on without reading the world again')
    .option('--json', 'print JSON instead of text', false)
    .option(...config)
    .option(...store)
    .option('--by <name>', 'who says so; default the user of this computer')
    .requiredOption('--reason <text>', 'why it may; kept in the audit trail')
    .action((options) => choose(() => journalTrustCommand(options, output)));
  command('version', 'print the version').action((options) =>
    choose(() => {
      const version = packageVersion();
      if (options.json) printJson(output, { version, node: process.versions.node });
      else output.out(`quartermaster ${version}, Node ${process.versions.node}\n`);
      return exitCodes.ok;
    }),
  );
  return qm;
}

const odooVersions = ['17', '18', '19'] as const;

function versionOf(text: string): 17 | 18 | 19 {
  return text === '17' ? 17 : text === '18' ? 18 : 19;
}

/** An Odoo that the options name; `prefix` is what their names begin with. */
function namedOdoo(prefix: 'odoo-' | '', named: { url?: string; db?: string; user?: string }) {
  const { url, db, user } = named;
  if (url === undefined && db === undefined && user === undefined) return null;
  const names = ['url', 'db', 'user'].map((name) => `--${prefix}${name}`);
  if (url === undefined || db === undefined || user === undefined)
    throw new CommandError(exitCodes.usage, `${names[0]}, ${names[1]} and ${names[2]} belong together`);
  if (!URL.canParse(url)) throw new CommandError(exitCodes.usage, `${names[0]}: ${url} is no URL`);
  const key = process.env['QM_ODOO_KEY'];
  if (key === undefined || key === '')
    throw new CommandError(exitCodes.usage, `${names[0]}: the environment variable QM_ODOO_KEY is not set`);
  return { url, database: db, user, key };
}

function ofOdoo({ odooUrl, odooDb, odooUser }: { odooUrl?: string; odooDb?: string; odooUser?: string }) {
  return {
    ...(odooUrl === undefined ? {} : { url: odooUrl }),
    ...(odooDb === undefined ? {} : { db: odooDb }),
    ...(odooUser === undefined ? {} : { user: odooUser }),
  };
}

function listed(text: string, before: readonly string[]): string[] {
  return [...before, text];
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('expected a positive number');
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('expected a number from 0 to 1');
  return value;
}
