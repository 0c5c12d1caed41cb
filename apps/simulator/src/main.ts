import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { mutations, type MutationName } from './mutation.ts';
import { explainSeed, simulateSeed } from './simulate-days.ts';

const usage = 'simulate:days -- --seeds 1000 --first-seed 1 [--replay SEED] [--mutation NAME] [--workers COUNT]';
const names = Object.keys(mutations).join(', ');

const whole = z.coerce.number().int();
const optionsSchema = z.object({
  seeds: whole.min(1).default(100),
  'first-seed': whole.min(1).default(1),
  replay: whole.min(1).optional(),
  mutation: z.custom<MutationName>((name) => typeof name === 'string' && name in mutations, `one of ${names}`).optional(),
  workers: whole.min(1).max(64).default(Math.max(1, availableParallelism())),
  /** Of a worker: every how many seeds it takes one; it prints a line of JSON for each. */
  step: whole.min(1).optional(),
});

const resultSchema = z.object({
  seed: z.int(),
  points: z.int(),
  traceHash: z.string(),
  violations: z.array(z.object({ rule: z.string(), about: z.string() })),
});

/** Every so many seeds one is lived twice. */
const comparedEvery = 20;
/** So many failing seeds are made small and told. */
const toldAtMost = 3;

const text = { type: 'string' } as const;
const parsed = parseArgs({
  options: { seeds: text, 'first-seed': text, replay: text, mutation: text, workers: text, step: text },
});
const options = optionsSchema.safeParse(parsed.values);
if (!options.success) {
  process.stderr.write(`${z.prettifyError(options.error)}\n${usage}\nMutations: ${names}\n`);
  process.exitCode = 2;
} else await run(options.data);

async function run(given: z.infer<typeof optionsSchema>): Promise<void> {
  const { seeds, mutation, replay, step } = given;
  const first = given['first-seed'];
  if (replay !== undefined) {
    const told = await explainSeed(replay, mutation);
    say(told.join('\n'));
    process.exitCode = told.length > 1 ? 1 : 0;
    return;
  }
  if (step !== undefined) {
    for (let seed = first; seed < first + seeds; seed += step)
      say(JSON.stringify(await simulateSeed(seed, { mutation, twice: seed % comparedEvery === 0 })));
    return;
  }
  const startedAt = performance.now();
  const results = (await Promise.all(Array.from({ length: given.workers }, (_, index) => worker(given, index)))).flat();
  const failed = results.filter(({ violations }) => violations.length > 0).sort((a, b) => a.seed - b.seed);
  for (const { seed } of failed.slice(0, toldAtMost)) say(`${(await explainSeed(seed, mutation)).join('\n')}\n`);
  for (const { seed, violations } of failed.slice(toldAtMost)) say(`Seed ${seed} violates: ${violations[0]?.rule ?? ''}`);
  const points = results.reduce((sum, result) => sum + result.points, 0);
  const elapsed = Math.round((performance.now() - startedAt) / 1_000);
  say(
    `${results.length} days from seed ${first} on, ${points} await points and events, ${failed.length} with violations, ${elapsed} s with ${given.workers} processes`,
  );
  process.exitCode = failed.length > 0 || results.length < seeds ? 1 : 0;
}

/** A process of its own lives every so-manieth day, and tells each on a line. */
async function worker(given: z.infer<typeof optionsSchema>, index: number): Promise<z.infer<typeof resultSchema>[]> {
  const { seeds, workers, mutation } = given;
  if (index >= seeds) return [];
  const values = {
    seeds: String(seeds - index),
    'first-seed': String(given['first-seed'] + index),
    step: String(workers),
    ...(mutation === undefined ? {} : { mutation }),
  };
  const flags = Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  const results: z.infer<typeof resultSchema>[] = [];
  for await (const line of createInterface({ input: child.stdout })) results.push(resultSchema.parse(JSON.parse(line)));
  return results;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
