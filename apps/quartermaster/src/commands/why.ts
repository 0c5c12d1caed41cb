import { InvalidArgumentError, Option, type Command } from '@commander-js/extra-typings';
import { addedNodeSchema, findOrders, whyAnswers, type AddedNode, type Answered, type WhyAnswers } from '@quartermaster/flows';
import type { JournalReader } from '@quartermaster/journal';
import { readFileSync, writeFileSync } from 'node:fs';
import { z, ZodError } from 'zod';
import { installedSolver } from '../connect.ts';
import { CommandError, exitCodes, systemCode, type ExitCode } from '../exit.ts';
import { printJson, type Output } from '../output.ts';
import { loadPolicy } from '../policy-file.ts';
import { readJournal, type WhichJournal } from './journal-reading.ts';
import { replayCommand } from './replay.ts';
import { dayPricesText, fillRateText, rulePricesText, simulationText, whyNotText } from './why-text.ts';

type Choose = (run: () => Promise<ExitCode>) => void;
type Given = WhichJournal & { readonly json: boolean };

/** The commands that answer why: all read the journal beside the daemon, and change nothing. */
export function addWhy(qm: Command, choose: Choose, output: Output): void {
  const command = (name: string, description: string) =>
    qm
      .command(name)
      .description(description)
      .option('--json', 'print JSON instead of text', false)
      .option('--config <file>', 'config file', 'quartermaster.json')
      .option('--store <dir>', "read a demo's journal instead of the config's");
  const ofDay = (name: string, description: string) =>
    command(name, description).option('--day <day>', 'local day; default that of the newest wave', day);

  command('why-not', 'what it would have cost to ship an order from another node: itself, and all other orders')
    .argument('<order>', 'key, channel id or name of the order')
    .argument('<node>', 'the node to force')
    .option('--service <service>', 'the service to force, as carrier/service; default the cheapest')
    .option('--decision <id>', 'the wave to decide again; default the last one about the order')
    .action((order, node, options) => choose(() => whyNotCommand({ ...options, order, node }, output)));
  ofDay('prices', "what one more would have been worth: a picker's minute, a scarce unit, an hour of later cutoff").action((options) =>
    choose(() => answered(options, output, ({ prices }) => prices(options.day), dayPricesText)),
  );
  ofDay('rule-prices', 'what each rule of the policy cost on a day: the day played again without it').action((options) =>
    choose(() => answered(options, output, ({ rulePrices }) => rulePrices(options.day), rulePricesText)),
  );
  ofDay('fill-rate', 'how much of what was wanted on a day was filled, and what the rest is laid to').action((options) =>
    choose(() => answered(options, output, ({ fillRate }) => fillRate(options.day), fillRateText)),
  );
  ofDay('simulate', 'play a recorded day under another policy; nothing is written and nobody is asked')
    .requiredOption('--policy <file>', 'the policy: YAML, JSON or a TypeScript module')
    .option('--add-node <file>', 'JSON of one more warehouse with its stock: { "node": as in the config, "stock": { "SKU": units } }')
    .action((options) => choose(() => simulateCommand(options, output)));
  command('replay', 'decide waves again from what was kept, and compare the hashes of the plans')
    .argument('[decision]', 'id or slot of a wave, such as 2026-11-23T10:00:00.000Z')
    .option('--all', 'all waves that the journal keeps', false)
    .option('--newest <n>', 'with --all: only so many of them', whole, 100_000)
    .action((decision, options) => choose(() => replayCommand({ ...options, decision }, output)));
  command('export', 'the textbook model of a wave, for any other engine')
    .argument('<decision>', 'id or slot of a wave')
    .addOption(new Option('--format <format>', 'lp or mps').choices(['lp', 'mps']).default('lp'))
    .option('--out <file>', 'write it there instead of to standard output')
    .action((decision, options) =>
      choose(() => exportCommand({ ...options, decision, format: options.format === 'mps' ? 'mps' : 'lp' }, output)),
    );
}

async function whyNotCommand(
  given: Given & { readonly order: string; readonly node: string; readonly service?: string; readonly decision?: string },
  output: Output,
): Promise<ExitCode> {
  const { node, service, decision } = given;
  return answered(
    given,
    output,
    async (answers, journal) => answers.whyNot(await orderNamed(journal, given.order), { node, service, decision }),
    whyNotText,
  );
}

async function simulateCommand(
  given: Given & { readonly day?: string; readonly policy: string; readonly addNode?: string },
  output: Output,
): Promise<ExitCode> {
  const { name, sections } = loadPolicy(given.policy);
  const added = given.addNode === undefined ? undefined : readAddedNode(given.addNode);
  const began = performance.now();
  return answered(
    given,
    output,
    ({ simulate }) => simulate(given.day, { version: 1, name, ...sections }, added),
    (simulated) => simulationText(simulated, (performance.now() - began) / 1_000),
  );
}

/** The warehouse of a file. Throws a `CommandError` that says what of it is wrong. */
function readAddedNode(file: string): AddedNode {
  try {
    return addedNodeSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const why = error instanceof ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error);
    throw new CommandError(exitCodes.usage, `--add-node ${file}: ${why}`);
  }
}

async function exportCommand(
  given: Given & { readonly decision: string; readonly format: 'lp' | 'mps'; readonly out?: string },
  output: Output,
): Promise<ExitCode> {
  return answered(
    given,
    output,
    async (answers) => {
      const text = await answers.model(given.decision, given.format);
      if (given.out !== undefined && text.kind === 'answer') write(given.out, text.answer);
      return text;
    },
    (text) => (given.out === undefined ? text : `written to ${given.out}\n`),
  );
}

/** Asks one question of the journal, and prints the answer; exit code 1 where there is none. */
async function answered<Answer>(
  given: Given,
  output: Output,
  ask: (answers: WhyAnswers, journal: JournalReader) => Promise<Answered<Answer>>,
  text: (answer: Answer) => string,
): Promise<ExitCode> {
  const journal = await readJournal(given);
  try {
    const found = await ask(whyAnswers({ journal, solver: await installedSolver() }), journal);
    if (found.kind === 'unknown') throw new CommandError(exitCodes.no, found.why);
    if (given.json) printJson(output, found.answer);
    else output.out(text(found.answer));
    return exitCodes.ok;
  } finally {
    await journal.close();
  }
}

/** The key of the order that a person means. Throws a `CommandError` where there is none, or several. */
export async function orderNamed(journal: JournalReader, wanted: string): Promise<string> {
  const keys = await findOrders(journal, wanted);
  if (keys.length > 1)
    throw new CommandError(
      exitCodes.usage,
      `${wanted} names ${keys.length} orders; say which, as CONNECTION/ORDER, or take one of these keys:\n${keys.map((key) => `  ${key}`).join('\n')}`,
    );
  if (keys[0] === undefined) throw new CommandError(exitCodes.no, `the journal has no order ${wanted}`);
  return keys[0];
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new CommandError(exitCodes.usage, `${path}: cannot be written (${systemCode(error)})`);
  }
}

function day(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new InvalidArgumentError('expected a day such as 2026-11-23');
  return text;
}

function whole(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('expected a whole number from 1 up');
  return Number(text);
}
