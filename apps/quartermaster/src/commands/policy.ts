import type { Command } from '@commander-js/extra-typings';
import {
  lintPolicy,
  policyCasesSchema,
  policyDifferences,
  policyHistory,
  policyKnowledge,
  policySettings,
  policyStamp,
  runPolicyCases,
  settingsByJournal,
  settingsUnder,
  type FlowSettings,
  type LintKnowledge,
} from '@quartermaster/flows';
import { systemClock } from '@quartermaster/connector-kit';
import { JournalError, type JournalReader } from '@quartermaster/journal';
import { stringify } from 'yaml';
import { fieldPath, flowSettings, loadConfig } from '../config.ts';
import { serviceSkus } from '../connect.ts';
import { CommandError, exitCodes, type ExitCode } from '../exit.ts';
import { printJson, table, type Output } from '../output.ts';
import { loadPolicy, policyValue } from '../policy-file.ts';
import { readJournal } from './journal-reading.ts';
import { operateCommand } from './operate.ts';

type Choose = (run: () => Promise<ExitCode>) => void;
type Given = { readonly config: string; readonly json: boolean };

/** Policies as files: what is wrong with one, what it would change, whether it does what is expected, and putting it in force. */
export function addPolicy(qm: Command, choose: Choose, output: Output): void {
  const policy = qm.command('policy').description('the policy: lint, diff, test, apply, show and history of policy files');
  const command = (name: string, description: string) =>
    policy
      .command(name)
      .description(description)
      .option('--json', 'print JSON instead of text', false)
      .option('--config <file>', 'config file', 'quartermaster.json');
  command('lint', 'rules that match nothing, are shadowed or contradict, names that there are not; exit code 1 when there is an error')
    .argument('<file>', 'a policy file')
    .action((file, options) => choose(() => lintCommand({ ...options, file }, output)));
  command('diff', 'what a policy says otherwise than the one in force, or than another file')
    .argument('<file>', 'a policy file')
    .argument('[other]', 'another one, which is the newer of the two')
    .action((file, other, options) => choose(() => diffCommand({ ...options, file, ...(other === undefined ? {} : { other }) }, output)));
  command('test', 'run the cases beside a policy; exit code 1 when one fails')
    .argument('<file>', 'a policy file')
    .argument('[cases]', 'its cases; default the same name with .cases, such as policy.cases.yaml')
    .action((file, cases, options) => choose(() => testCommand({ ...options, file, ...(cases === undefined ? {} : { cases }) }, output)));
  command('show', 'the policy in force, with its hash').action((options) => choose(() => showCommand(options, output)));
  command('history', 'every policy that was in force, who applied it, when and why').action((options) =>
    choose(() => historyCommand(options, output)),
  );
  command('apply', 'put a policy in force in the running daemon (administrators)')
    .argument('<file>', 'a policy file')
    .option('--as <name>', 'whose token of the config to use, where there are several; or QM_CONTROL_TOKEN')
    .requiredOption('--reason <text>', 'why, without personal data: it is kept for good')
    .action((file, { reason, ...options }) =>
      choose(async () => {
        loadPolicy(file);
        return operateCommand({ ...options, request: { path: 'policy/apply', body: { reason, policy: policyValue(file) } } }, output);
      }),
    );
}

async function lintCommand(given: Given & { readonly file: string }, output: Output): Promise<ExitCode> {
  const known = await withJournal(given, output, policyKnowledge, { orders: null, skus: null } satisfies LintKnowledge);
  const findings = lintPolicy(settingsUnder(configuredOf(given), loadPolicy(given.file)), known);
  if (given.json) printJson(output, findings);
  else if (findings.length === 0) output.out(`${given.file}: nothing is wrong with it.\n`);
  else output.out(findings.map(({ level, field, message }) => `${level}  ${field}: ${message}\n`).join(''));
  return findings.some(({ level }) => level === 'error') ? exitCodes.no : exitCodes.ok;
}

async function diffCommand(given: Given & { readonly file: string; readonly other?: string }, output: Output): Promise<ExitCode> {
  const configured = configuredOf(given);
  const under = (file: string) => settingsUnder(configured, loadPolicy(file));
  const was = given.other === undefined ? await inForce(given, configured, output) : under(given.file);
  const differences = policyDifferences(policySettings(was), policySettings(under(given.other ?? given.file)));
  if (given.json) printJson(output, differences);
  else if (differences.length === 0) output.out('They decide alike.\n');
  else output.out(differences.map(({ says }) => `${says}\n`).join(''));
  return differences.length === 0 ? exitCodes.ok : exitCodes.no;
}

async function testCommand(given: Given & { readonly file: string; readonly cases?: string }, output: Output): Promise<ExitCode> {
  const file = given.cases ?? given.file.replace(/(\.[a-z]+)$/, '.cases$1');
  const cases = policyCasesSchema.safeParse(policyValue(file));
  if (!cases.success) {
    const lines = cases.error.issues.map(({ path, message }) => `  ${fieldPath(path)}: ${message}`);
    throw new CommandError(exitCodes.usage, `${file}: the cases are not right.\n${lines.join('\n')}`);
  }
  const results = runPolicyCases(settingsUnder(configuredOf(given), loadPolicy(given.file)), cases.data, systemClock.now());
  if (given.json) printJson(output, results);
  else
    output.out(
      results
        .map(({ name, wrong }) => `${wrong.length === 0 ? 'ok  ' : 'no  '} ${name}\n${wrong.map((each) => `       ${each}\n`).join('')}`)
        .join(''),
    );
  return results.every(({ wrong }) => wrong.length === 0) ? exitCodes.ok : exitCodes.no;
}

async function showCommand(given: Given, output: Output): Promise<ExitCode> {
  const settings = await inForce(given, configuredOf(given), output);
  const stamp = policyStamp(settings);
  if (given.json) printJson(output, { ...stamp, sections: policySettings(settings) });
  else output.out(`# ${stamp.hash}\n${stringify({ version: 1, name: stamp.name, ...policySettings(settings) })}`);
  return exitCodes.ok;
}

async function historyCommand(given: Given, output: Output): Promise<ExitCode> {
  await using journal = await readJournal(given);
  const versions = await policyHistory(journal);
  if (given.json) printJson(output, versions);
  else if (versions.length === 0) output.out('No daemon has run under a policy yet.\n');
  else
    output.out(
      table([
        ['version', 'name', 'hash', 'since', 'by', 'why'],
        ...versions.map(({ version, name, hash, at, by, reason }) => [String(version), name, hash.slice(0, 12), at, by, reason]),
      ]),
    );
  return exitCodes.ok;
}

function configuredOf(given: Given): FlowSettings {
  return flowSettings(loadConfig(given.config).config, serviceSkus);
}

async function inForce(given: Given, configured: FlowSettings, output: Output): Promise<FlowSettings> {
  return withJournal(given, output, (journal) => settingsByJournal(journal, configured), configured);
}

/** What the journal of a config says. Where there is none, or its key is not here, as where a policy is checked before it is merged, it is told, and `without` stands. */
async function withJournal<Answer>(
  given: Given,
  output: Output,
  ask: (journal: JournalReader) => Promise<Answer>,
  without: Answer,
): Promise<Answer> {
  try {
    await using journal = await readJournal(given);
    return await ask(journal);
  } catch (error) {
    if (!(error instanceof CommandError) && !(error instanceof JournalError && error.code === 'cannot-open')) throw error;
    output.err(`The journal is not looked at: ${error.message}\n`);
    return without;
  }
}
