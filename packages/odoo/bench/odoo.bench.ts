import { systemClock } from '@quartermaster/connector-kit';
import { loadavg } from 'node:os';
import { z } from 'zod';
import { connectOdoo, odooErp, type OdooErp, type OdooOptions } from '../src/index.ts';
import { sessions } from '../src/session/session.ts';
import { writeInProcess } from './in-process.ts';
import { writeOneByOne } from './one-by-one.ts';
import { draftsOf, nodes, prepareWorld, skus } from './world.ts';

const rounds = 3;
const ordersPerRound = 100;

/**
 * Measures the connector against Odoo itself and against the way of scripts: the same orders on the same server in the same run, in small rounds one after the other, so that whatever else
 * the machine does hits all alike. Prints orders per second, what they cost the client, and how long the big reads take.
 */
export async function bench(environment: NodeJS.ProcessEnv): Promise<void> {
  const {
    ODOO_TEST_URL: url,
    ODOO_TEST_DB: database,
    ODOO_TEST_USER: login,
    ODOO_TEST_PASSWORD: password,
    ODOO_BENCH_SHELL: shell,
  } = environment;
  if (!url || !database || !login || !password) {
    say('Nothing is measured: set ODOO_TEST_URL, ODOO_TEST_DB, ODOO_TEST_USER and ODOO_TEST_PASSWORD (a password or an API key).');
    return;
  }
  const secret = /^[0-9a-f]{40}$/.test(password) ? { apiKey: password } : { password };
  const options: OdooOptions = { url, database, login, secret };
  const world = await prepareWorld(options);
  const { client, vocabulary } = await sessions(options, systemClock).open();
  const run = Date.now().toString(36);
  const drafts = (who: string, round: number, count: number) => draftsOf(`${run}-${who}-${round}`, count, client.company.currency);
  const erp = odooErp({ connection: 'bench', ...options });
  say(`Odoo ${client.version} by ${client.transportName}, ${rounds} rounds of ${ordersPerRound} orders of two lines; load ${load()}`);
  if (!shell) say("Odoo's own ORM is left out: set ODOO_BENCH_SHELL to a command that starts `odoo-bin shell` on the database.");

  await writeByConnector(erp, drafts('warm', 0, 10));
  await writeOneByOne(options, drafts('warm', 1, 2), world, vocabulary);
  const seconds: Record<Way, number[]> = { 'in process': [], 'one by one': [], connector: [] };
  let cpuMs = 0;
  for (let round = 0; round < rounds; round++) {
    if (shell) seconds['in process'].push(await writeInProcess(shell, drafts('shell', round, ordersPerRound), world, vocabulary));
    const written = await writeByConnector(erp, drafts('ours', round, ordersPerRound));
    seconds.connector.push(written.seconds);
    cpuMs += written.cpuMs;
    seconds['one by one'].push(await writeOneByOne(options, drafts('naive', round, ordersPerRound), world, vocabulary));
  }
  for (const way of ways) if (seconds[way].length > 0) say(`${way.padEnd(11)} ${rates(seconds[way])}`);
  const ratio = (way: Way) => (sum(seconds[way]) / sum(seconds.connector)).toFixed(2);
  if (shell) say(`connector to in process ${ratio('in process')} (target 0.90)`);
  say(`connector to one by one ${ratio('one by one')} (target 4.50)`);
  say(`client CPU ${(cpuMs / (rounds * ordersPerRound)).toFixed(2)} ms per order (target 1.00)`);
  await measureReads(options, erp);
  say(`load ${load()}`);
}

const ways = ['in process', 'one by one', 'connector'] as const;
type Way = (typeof ways)[number];

async function writeByConnector(erp: OdooErp, drafts: Parameters<OdooErp['writeOrders']>[0]): Promise<{ seconds: number; cpuMs: number }> {
  const { result, ...cost } = await measured(() => erp.writeOrders(drafts));
  const wrong = result.find((outcome) => outcome.kind !== 'written');
  if (wrong !== undefined) throw new Error(`an order was not written: ${JSON.stringify(wrong)}`);
  return cost;
}

/** All quants in one pass, and the positions that a plan starts from. Each is read three times; the middle one counts. */
async function measureReads(options: OdooOptions, erp: OdooErp): Promise<void> {
  const client = await connectOdoo(options);
  const fields = ['product_id', 'location_id', 'quantity', 'reserved_quantity'];
  const row = z.object({ id: z.int(), product_id: z.int(), location_id: z.int(), quantity: z.number(), reserved_quantity: z.number() });
  const domain = [
    ['product_id.default_code', '=like', 'BENCH-%'],
    ['location_id.usage', '=', 'internal'],
  ];
  const quants = await thrice(() => client.searchRead('stock.quant', { domain, fields }, row));
  say(`${quants.result.length} quants in one pass: ${quants.cpuMs.toFixed(0)} ms client CPU (target 60), ${quants.seconds.toFixed(2)} s`);
  const positions = await thrice(() => erp.stock({ nodes, skus }));
  say(
    `${positions.result.length} positions of ${skus.length} SKUs at ${nodes.length} nodes: ${positions.seconds.toFixed(2)} s (target 3), ${positions.cpuMs.toFixed(0)} ms client CPU`,
  );
}

type Measured<T> = { readonly result: T; readonly seconds: number; readonly cpuMs: number };

async function measured<T>(work: () => Promise<T>): Promise<Measured<T>> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { result, seconds: (performance.now() - began) / 1_000, cpuMs: (user + system) / 1_000 };
}

/** The run with the middle use of CPU. */
async function thrice<T>(work: () => Promise<T>): Promise<Measured<T>> {
  const first = await measured(work);
  const [, middle = first] = [first, await measured(work), await measured(work)].sort((a, b) => a.cpuMs - b.cpuMs);
  return middle;
}

function rates(seconds: readonly number[]): string {
  const each = seconds.map((one) => ordersPerRound / one).sort((a, b) => a - b);
  const median = each[Math.floor(each.length / 2)] ?? 0;
  return `${median.toFixed(2)} orders/s median, ${((ordersPerRound * seconds.length) / sum(seconds)).toFixed(2)} in all`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function load(): string {
  return loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
