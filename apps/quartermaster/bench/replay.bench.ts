import { systemClock } from '@quartermaster/connector-kit';
import { outcomeOf, replayAll } from '@quartermaster/flows';
import { loadOrCreateMasterKey, openJournal } from '@quartermaster/journal';
import { solve, type Override, type SourcingProblem } from '@quartermaster/sourcing';
import { generateStream } from '@quartermaster/sourcing/horizon';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedSolver } from '../src/connect.ts';

/**
 * Decides many made-up waves, keeps them in a journal on disk, opens it anew, and decides each again from what was kept: `npm run bench -- replay [WAVES]`, 1,000 by default. Every third wave
 * has overrides, every fifth values of stock. The exit code is 1 when a single plan differs by a byte.
 */
export async function bench(): Promise<void> {
  const waves = Number(process.argv[3] ?? 1_000);
  const folder = mkdtempSync(join(tmpdir(), 'quartermaster-replay-'));
  const place = { path: join(folder, 'journal.sqlite'), masterKey: loadOrCreateMasterKey(join(folder, 'master.key')), clock: systemClock };
  const solver = await installedSolver();
  try {
    const journal = await openJournal(place);
    const began = performance.now();
    for (const [index, problem] of problems(waves).entries()) {
      const overrides = overridesOf(problem, index);
      const options = { solver, workLimit: 50 + (index % 7), ...(index % 5 === 0 ? { stockValues: valuesOf(problem) } : {}) };
      const solved = await solve(problem, { ...options, ...(overrides.length === 0 ? {} : { overrides }) });
      const inputsHash = createHash('sha256').update(JSON.stringify(problem)).digest('hex');
      const decision = {
        id: `wave:${index}`,
        kind: 'wave',
        at: systemClock.now(),
        inputsHash,
        inputs: problem,
        outcome: outcomeOf(solved, overrides, options),
      };
      await journal.transaction((tx) => tx.decisions.save(decision));
    }
    await journal.close();
    say(`${waves} waves decided and kept in ${seconds(began)} s`);
    const again = await openJournal({ ...place, readOnly: true });
    const replaying = performance.now();
    let same = 0;
    for await (const each of replayAll(again, solver, { newest: waves })) {
      if ('missing' in each || !each.same) say(`NOT the same: ${each.id} ${'reasons' in each ? each.reasons.join('; ') : 'missing'}`);
      else same++;
    }
    await again.close();
    say(`${same} of ${waves} decided again to the byte in ${seconds(replaying)} s`);
    if (same !== waves) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The days of some made-up shops, one problem each. */
function problems(count: number): SourcingProblem[] {
  const days = 10;
  return Array.from({ length: Math.ceil(count / days) }, (_, seed) => {
    const shop = {
      days,
      ordersPerDay: 12,
      nodes: 4,
      skus: 12,
      zones: 4,
      cover: 0.9,
      unfilled: 'by priority' as const,
      waitDays: 0,
      historyDays: 0,
    };
    const { problem, arrivals } = generateStream({ seed: seed + 1, ...shop }).stream;
    return Array.from({ length: days }, (_each, day) => ({
      ...problem,
      name: `wave ${seed}/${day}`,
      orders: arrivals.flatMap((arrival) => (arrival.day === day ? [arrival.order] : [])),
    }));
  })
    .flat()
    .slice(0, count);
}

function overridesOf({ orders, nodes }: SourcingProblem, index: number): Override[] {
  const [first, second] = orders;
  if (index % 3 !== 0 || first === undefined || second === undefined) return [];
  return [
    { id: 'hold', kind: 'hold', order: first.id },
    { id: 'forbid', kind: 'forbid', order: second.id, node: nodes[0]?.id ?? '' },
  ];
}

function valuesOf({ nodes, skus }: SourcingProblem): Record<string, Record<string, number>> {
  return Object.fromEntries(
    nodes.map(({ id }, at) => [id, Object.fromEntries(skus.map((sku, number) => [sku.id, ((at + number) % 4) / 2]))]),
  );
}

function seconds(began: number): string {
  return ((performance.now() - began) / 1_000).toFixed(1);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
