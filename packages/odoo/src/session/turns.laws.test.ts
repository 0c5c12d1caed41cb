import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { turns } from './turns.ts';

const keys = fc.oneof(
  { weight: 6, arbitrary: fc.array(fc.constantFrom('EAST LAMP', 'EAST DESK', 'WEST LAMP', 'WEST DESK'), { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant('everything' as const) },
);
const tasks: fc.Arbitrary<Task[]> = fc.array(fc.record({ keys, steps: fc.nat({ max: 4 }), fails: fc.boolean() }), { maxLength: 12 });
type Task = { readonly keys: readonly string[] | 'everything'; readonly steps: number; readonly fails: boolean };

test('tasks that touch the same thing never run at the same time, and all of them run', async () => {
  await fc.assert(
    fc.asyncProperty(tasks, async (given) => {
      const { met, began } = await run(given);
      expect(met.filter(([first, second]) => overlap(first, second))).toEqual([]);
      expect(began).toHaveLength(given.length);
    }),
  );
});

test('tasks that touch the same thing run in the order of asking', async () => {
  await fc.assert(
    fc.asyncProperty(tasks, async (given) => {
      const { began } = await run(given);
      const pairs = given.flatMap((first, at) => given.slice(at + 1).map((second) => [first, second] as const));
      const wrong = pairs.filter(([first, second]) => overlap(first, second) && began.indexOf(first) > began.indexOf(second));
      expect(wrong).toEqual([]);
    }),
  );
});

test('tasks that touch nothing together run at the same time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 8 }), async (count) => {
      const apart = Array.from({ length: count }, (_, index): Task => ({ keys: [`SKU-${index}`], steps: count + 1, fails: false }));
      const { met } = await run(apart);
      expect(met.length).toBeGreaterThanOrEqual((count * (count - 1)) / 2);
    }),
  );
});

/** Runs tasks that take some ticks each; gives the order in which they began, and which were seen running at the same time. */
async function run(given: readonly Task[]): Promise<{ began: Task[]; met: [Task, Task][] }> {
  const inTurn = turns();
  const running = new Set<Task>();
  const began: Task[] = [];
  const met: [Task, Task][] = [];
  await Promise.allSettled(
    given.map((task) =>
      inTurn(task.keys, async () => {
        began.push(task);
        for (const other of running) met.push([other, task]);
        running.add(task);
        for (let step = 0; step < task.steps; step++) await Promise.resolve();
        running.delete(task);
        if (task.fails) throw new Error('it fails');
      }),
    ),
  );
  return { began, met };
}

function overlap(first: Task, second: Task): boolean {
  if (first.keys === 'everything' || second.keys === 'everything') return true;
  return first.keys.some((key) => second.keys.includes(key));
}
