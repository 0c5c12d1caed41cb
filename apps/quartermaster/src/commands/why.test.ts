import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { qm } from '../testing/command-line.ts';

/** A day of invented orders that was really played, in a folder. */
let store = '';
const demoDay = { orders: '25', seed: '3' };

async function asked<Schema extends z.ZodType>(schema: Schema, ...args: readonly string[]): Promise<z.infer<Schema>> {
  const { code, out, err } = await qm(...args, '--store', store, '--json');
  if (code !== 0) throw new Error(`qm ${args.join(' ')} ended with ${code}: ${err}${out}`);
  return schema.parse(JSON.parse(out));
}

beforeAll(async () => {
  store = mkdtempSync(join(tmpdir(), 'quartermaster-why-'));
  const { code, err } = await qm('demo', '--exit', '--orders', demoDay.orders, '--seed', demoDay.seed, '--store', store);
  if (code !== 0) throw new Error(err);
}, 400_000);
afterAll(() => rmSync(store, { recursive: true, force: true }));

const replayedSchema = z.object({ replayed: z.int(), same: z.int(), decisions: z.array(z.object({ id: z.string() })) });

test('every wave of a played day is decided again to the byte', async () => {
  const { replayed, same } = await asked(replayedSchema, 'replay', '--all');
  expect(replayed).toBeGreaterThan(2);
  expect(same).toBe(replayed);
});

test('every order of a day may be asked why it does not come from another node: what it costs itself and what the others is what it costs in all', async () => {
  const wave = (await asked(replayedSchema, 'replay', '--all')).decisions.at(-1)?.id ?? '';
  const explained = z.object({
    decisions: z.array(
      z.object({ id: z.string(), sourcing: z.object({ passedOver: z.array(z.object({ node: z.string(), why: z.string() })) }) }),
    ),
  });
  const told = z.object({
    kind: z.string(),
    totalMinor: z.object({ before: z.int(), after: z.int() }),
    changeMinor: z.int(),
    ownChangeMinor: z.int(),
    othersChangeMinor: z.int(),
  });
  const orders = z
    .object({ orders: z.array(z.string()) })
    .parse({ orders: ordersIn((await qm('export', wave, '--format', 'lp', '--store', store)).out) });
  expect(orders.orders.length).toBeGreaterThan(3);
  let answers = 0;
  for (const order of orders.orders.slice(0, 6)) {
    const { decisions } = await asked(explained, 'explain', order);
    const decision = decisions.find(({ id }) => id === wave);
    const other = decision?.sourcing.passedOver.find(({ why }) => why === 'dearer' || why === 'taken-by-others');
    if (other === undefined) continue;
    const answer = await asked(told, 'why-not', order, other.node, '--decision', wave);
    expect(answer.kind).toBe('possible');
    expect(answer.changeMinor).toBe(answer.totalMinor.after - answer.totalMinor.before);
    expect(answer.ownChangeMinor + answer.othersChangeMinor).toBe(answer.changeMinor);
    expect(answer.changeMinor).toBeGreaterThanOrEqual(0);
    answers++;
  }
  expect(answers).toBeGreaterThan(0);
});

test('a day is played under another policy file in seconds, and the journal is what it was', async () => {
  const policy = join(store, 'patient.yaml');
  writeFileSync(policy, 'version: 1\nname: patient\nsourcing:\n  promiseDays: { "*": 10 }\n');
  const before = readFileSync(join(store, 'journal.sqlite'));

  // Processor time: what the clock shows depends on who else computes here.
  const began = process.cpuUsage();
  const { code, out } = await qm('simulate', '--policy', policy, '--store', store);

  expect(code).toBe(0);
  expect(out).toContain('patient');
  expect(out).toContain('nearest first  rule cascade  fewest splits');
  expect(process.cpuUsage(began).user).toBeLessThan(5_000_000);
  expect(readFileSync(join(store, 'journal.sqlite')).equals(before)).toBe(true);
});

test('prices, rule prices and the fill rate of the newest day are told', async () => {
  const prices = await asked(
    z.object({
      waves: z.array(z.object({ minutes: z.array(z.object({ node: z.string(), worth: z.number() })) })),
      cutoffs: z.array(z.object({ node: z.string() })),
    }),
    'prices',
  );
  expect(prices.cutoffs.map(({ node }) => node)).toEqual(prices.waves[0]?.minutes.map(({ node }) => node));
  expect(
    await asked(z.object({ totalMinor: z.int().positive(), rules: z.array(z.object({ rule: z.string() })) }), 'rule-prices'),
  ).toBeDefined();
  const { lines, filled, rate } = await asked(z.object({ lines: z.int().positive(), filled: z.int(), rate: z.number() }), 'fill-rate');
  expect(rate).toBeCloseTo(filled / lines, 9);
});

test('a wave is exported for any other engine, as LP and as MPS', async () => {
  const [newest] = (await asked(replayedSchema, 'replay', '--all', '--newest', '1')).decisions;
  const lp = await qm('export', newest?.id ?? '', '--format', 'lp', '--store', store);
  const mps = await qm('export', newest?.id ?? '', '--format', 'mps', '--store', store);
  expect([lp.code, mps.code]).toEqual([0, 0]);
  expect(lp.out).toContain('Minimize\n cost:');
  expect(mps.out).toContain('NAME sourcing\nROWS\n N cost\n');
});

test('what is not there is said, with an exit code of 1', async () => {
  expect(await qm('replay', 'wave:never', '--store', store)).toMatchObject({ code: 1, err: 'qm: there is no decision wave:never\n' });
  expect(await qm('prices', '--day', '2001-01-01', '--store', store)).toMatchObject({ code: 1 });
  expect(await qm('why-not', 'nobody', 'BER', '--store', store)).toMatchObject({ code: 1, err: 'qm: the journal has no order nobody\n' });
  expect(await qm('replay', '--store', store)).toMatchObject({ code: 2 });
});

/** Keys of the orders of a model, from the legend at its head. */
function ordersIn(lp: string): string[] {
  return [...new Set([...lp.matchAll(/\S*\/order\/\S*?(?=[\s",]|$)/gm)].map(([key]) => key.replaceAll(/^[("']+|[)"']+$/g, '')))];
}
