import type { Compiled, Numbers } from './compile.ts';
import { pricer, type Pricer } from './pricer.ts';
import type { Prices } from './prices.ts';
import { onSharedMemory, sharedPrices } from './shared-memory.ts';
import { perform, workplace, type Division, type Done, type Job, type SharedBatch, type Workplace } from './work.ts';

/** One more thread that works on a batch. */
export interface Helper {
  /** Does the jobs one after the other. Rejects when the thread is gone; it is not asked again then. */
  readonly perform: (jobs: readonly Job[]) => Promise<readonly Done[]>;
  readonly dismiss: () => void;
}

/** Threads that help `solve`: how many, and how one is started. The plan does not depend on them, nor on whether they live. */
export interface Crew {
  readonly helpers: number;
  readonly start: (batch: SharedBatch) => Helper;
}

/** All who work on a batch: the calling thread, and those of its helpers that live. */
export interface Team {
  readonly place: Workplace;
  readonly helpers: Set<Helper>;
}

/** The calling thread alone. */
export function alone(given: Pricer<Numbers>, board: Prices, division: Division): Team {
  return { place: workplace(given, board, division), helpers: new Set() };
}

/** The batch on memory that threads share, priced by the calling thread and the crew. */
export function teamOf(
  compiled: Compiled,
  crew: Crew,
  boardOf: (compiled: Numbers) => Prices,
  division: Division,
): { given: Pricer; team: Team } {
  const shared = onSharedMemory(compiled);
  const given = pricer(shared, { shared: true });
  const board = sharedPrices(boardOf(shared));
  const {
    problem: _problem,
    skuIds: _skuIds,
    skuIndex: _skus,
    nodeIndex: _nodes,
    serviceIndex: _services,
    channelIndex: _channels,
    channelIds: _channelIds,
    zones: _zones,
    ...numbers
  } = shared;
  const helpers = new Set<Helper>();
  for (let at = 0; at < crew.helpers; at++) {
    try {
      helpers.add(crew.start({ numbers, board, division }));
    } catch {
      // Without it the others have more to do.
    }
  }
  return { given, team: { place: workplace(given, board, division), helpers } };
}

/** Has the jobs done, each thread every so manieth of them; what a helper did not do, because it died, the calling thread does. By job. */
export async function shareOut({ place, helpers }: Team, jobs: readonly Job[]): Promise<readonly Done[]> {
  const threads = helpers.size + 1;
  const done: Done[] = [];
  const asked = [...helpers].map(async (helper, at) => {
    const mine = jobs.flatMap((job, index) => (index % threads === at + 1 ? [{ job, index }] : []));
    if (mine.length === 0) return;
    try {
      const answers = await helper.perform(mine.map(({ job }) => job));
      for (const [position, { index }] of mine.entries()) done[index] = answers[position]!;
      place.given.meter.steps += answers.reduce((sum, { steps }) => sum + steps, 0);
    } catch {
      // Whatever became of it: its jobs are done below.
      helpers.delete(helper);
      helper.dismiss();
    }
  });
  for (const [index, job] of jobs.entries()) if (index % threads === 0) done[index] = perform(place, job);
  await Promise.all(asked);
  return jobs.map((job, index) => done[index] ?? perform(place, job));
}

/** Makes the tables of all orders, shared among the threads, before they are first asked for. */
export async function makeTables(team: Team): Promise<void> {
  if (team.helpers.size === 0) return;
  const { orderCount } = team.place.given.compiled;
  const pieces = 4 * (team.helpers.size + 1);
  const edge = (piece: number): number => Math.floor((piece * orderCount) / pieces);
  const done = await shareOut(
    team,
    Array.from({ length: pieces }, (_, piece) => ({ kind: 'tables', first: edge(piece), end: edge(piece + 1) })),
  );
  const adopt = done.flatMap(({ tables }): Job[] => (tables === undefined ? [] : [{ kind: 'adopt', tables }]));
  for (const job of adopt) perform(team.place, job);
  await tellHelpers(team, adopt);
}

/** Has each helper do the same jobs, for what they leave at its place. */
export async function tellHelpers({ helpers }: Team, jobs: readonly Job[]): Promise<void> {
  await Promise.all(
    [...helpers].map(async (helper) => {
      try {
        await helper.perform(jobs);
      } catch {
        helpers.delete(helper);
        helper.dismiss();
      }
    }),
  );
}

export function dismiss({ helpers }: Team): void {
  for (const helper of helpers) helper.dismiss();
  helpers.clear();
}
