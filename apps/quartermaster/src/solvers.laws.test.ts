import { highsSolver } from '@quartermaster/solver-highs';
import { randomSolverCase, solverContract, type MipAnswer, type MipProblem, type MipSolver } from '@quartermaster/sourcing';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { installedGlpk, installedSolver } from './connect.ts';

const [glpk, highs, both] = [await installedGlpk(), await highsSolver(), await installedSolver()];

/** Programs like those of the optimizer, too large to try everything: each of `groups` orders takes one of its plans, and stocks are scarce. Taking nothing is always possible. */
const programs: fc.Arbitrary<MipProblem> = fc
  .record({
    plans: fc.array(
      fc.array(fc.record({ gain: fc.integer({ min: 1, max: 2_000 }), rows: fc.array(fc.nat(9), { maxLength: 3 }) }), {
        minLength: 1,
        maxLength: 5,
      }),
      {
        minLength: 2,
        maxLength: 12,
      },
    ),
    stocks: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 10, maxLength: 10 }),
    integer: fc.boolean(),
  })
  .map(({ plans, stocks, integer }) => {
    const columns = plans.flatMap((own, order) => own.map((plan) => ({ ...plan, order })));
    const entriesOf = (share: (column: (typeof columns)[number]) => number): [number, number][] =>
      columns.flatMap((column, index) => (share(column) > 0 ? [[index, share(column)]] : []));
    return {
      columns: columns.map(({ gain }) => ({ cost: -gain / 100, lower: 0, upper: 1, integer })),
      rows: [
        ...plans.map((_, order) => ({ lower: -Infinity, upper: 1, entries: entriesOf((column) => (column.order === order ? 1 : 0)) })),
        ...stocks.map((upper, row) => ({
          lower: -Infinity,
          upper,
          entries: entriesOf(({ rows }) => rows.filter((one) => one === row).length),
        })),
      ],
    };
  });

function told({ status, objective }: MipAnswer): { status: string; objective: number | null } {
  return { status, objective: objective === undefined ? null : Math.round(objective * 1e4) / 1e4 };
}

describe.skipIf(glpk === null)('both engines (skipped where glpk.js is not installed)', () => {
  const engine = (): MipSolver => glpk!;

  test('find the same least cost of programs like those of the optimizer', async () => {
    await fc.assert(
      fc.asyncProperty(programs, async (program) => {
        expect(told(await highs.solve(program))).toEqual(told(await engine().solve(program)));
      }),
    );
  });

  test('say the same of small random programs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const { problem } = randomSolverCase(seed);
        expect(told(await highs.solve(problem))).toEqual(told(await engine().solve(problem)));
      }),
    );
  });

  test('work as one', async () => {
    const cases = solverContract().filter(({ timeLimitMs }) => timeLimitMs === undefined);
    const answers = await Promise.all(cases.map(async ({ problem }) => both.solve(problem)));
    expect(cases.flatMap(({ faults }, index) => faults(answers[index]!))).toEqual([]);
  });
});

test('the engine of the daemon takes what HiGHS can take', () => {
  expect(both.comfortable).toEqual(highs.comfortable);
});
