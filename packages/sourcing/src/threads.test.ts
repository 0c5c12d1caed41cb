import { expect, test } from 'vitest';
import { compile } from './compile.ts';
import { alone, dismiss, makeTables, teamOf, type Crew } from './crew.ts';
import { planText } from './plan.ts';
import { pricer } from './pricer.ts';
import { boardFor, shadowPricesOf, type PricedBound } from './shadow-prices.ts';
import { solve } from './solve.ts';
import { madeUpBatch } from './testing/made-up-batch.ts';
import { threads } from './threads.ts';

const effort = { sweeps: 4, cutSweeps: 2 };
const division = { stages: 3, parts: 2 };
const batch = compile(madeUpBatch(120));
const never = (): boolean => false;

async function pricesWith(crew: Crew): Promise<PricedBound> {
  const { team } = teamOf(batch, crew, (numbers) => boardFor(numbers, effort), division);
  await makeTables(team);
  const found = await shadowPricesOf(team, effort, never);
  dismiss(team);
  return found;
}

/** Bytes of what was found: equal numbers of equal memory. */
const told = ({ prices: { stock, pool, labor, slot, cut }, bound }: PricedBound): string =>
  [stock, pool, labor, slot, cut, [bound]].map((numbers) => numbers.join(' ')).join('\n');

const byNobodyElse = await shadowPricesOf(alone(pricer(batch), boardFor(batch, effort), division), effort, never);

test.each([0, 1, 2])('prices are the same to the last digit with %i helping threads', async (helpers) => {
  expect(told(await pricesWith(threads(helpers)))).toBe(told(byNobodyElse));
});

test('a thread that dies at work costs nothing but time', async () => {
  const crew: Crew = {
    helpers: 1,
    start: (shared) => {
      const helper = threads(1).start(shared);
      let lists = 0;
      const perform: typeof helper.perform = async (jobs) => {
        const answer = helper.perform(jobs);
        if (++lists === 4) helper.dismiss();
        return answer;
      };
      return { ...helper, perform };
    },
  };
  expect(told(await pricesWith(crew))).toBe(told(byNobodyElse));
});

test('a thread that cannot be started is not missed', async () => {
  const crew: Crew = {
    helpers: 1,
    start: () => {
      throw new Error('no thread is left');
    },
  };
  expect(told(await pricesWith(crew))).toBe(told(byNobodyElse));
});

test('a large batch gets the same plan, byte for byte, from one thread and from two', async () => {
  const problem = madeUpBatch(5_000);
  const [one, two] = [await solve(problem, { workLimit: 0 }), await solve(problem, { workLimit: 0, crew: threads(1) })];
  expect(planText(two.plan)).toBe(planText(one.plan));
});
