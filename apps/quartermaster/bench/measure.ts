import {
  baselineNames,
  baselines,
  parsePlan,
  parseProblem,
  planText,
  solve,
  verifyPlan,
  type SolveProgress,
  type SourcingPlan,
} from '@quartermaster/sourcing';
import { threads } from '@quartermaster/sourcing/threads';
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { installedSolver } from '../src/connect.ts';
import { keepHeapSmall } from '../src/heap.ts';
import { singleOrders } from './desk.ts';
import { jobSchema, type Outcome } from './job.ts';
import { meter, ofCpuSeconds, type Meter } from './meter.ts';
import { solveByPeer } from './peers.ts';

// The process of one job: the job comes as JSON in the first argument, the outcome goes as the last line of standard output.

const job = jobSchema.parse(JSON.parse(process.argv[2] ?? ''));
keepHeapSmall();
const json: unknown = JSON.parse(gunzipSync(readFileSync(job.problem)).toString('utf8'));
const outcome = await measure(json);
process.stdout.write(`${JSON.stringify(outcome)}\n`);

async function measure(given: unknown): Promise<Outcome> {
  const time = meter();
  const problem = parseProblem(given);
  const progress: Outcome['progress'] = [];
  const note = ({ phase, cost, bound }: SolveProgress) =>
    progress.push({ phase, cost, bound, cpuSeconds: time.cpuSeconds(), wallSeconds: time.wallSeconds() });
  const found = job.engine === 'auto' || job.engine === 'none' ? await solveByUs(note, time) : await solveByPeer(problem, job, time);
  const used = {
    cpuSeconds: time.cpuSeconds() + (found.otherCpuSeconds ?? 0),
    wallSeconds: time.wallSeconds(),
    peakRssMb: time.peakRssMb(),
  };
  const { plan, bound, method, reasons } = found;
  const rules = Object.fromEntries(baselineNames.map((name) => [name, baselines[name](problem).cost.total]));
  if (plan === null)
    return { cost: null, bound, certifiedBound: null, method, reasons, ...used, progress, baselines: rules, faults: [], desk: null };
  writeFileSync(job.plan, planText(plan));
  const { feasible, errors, cost, certifiedBound } = verifyPlan(problem, plan);
  const faults = feasible ? [] : [...errors];
  const claimed = plan.claim?.certifiedBound ?? (plan.claim?.proof === 'solver' ? undefined : plan.claim?.lowerBound);
  if (
    claimed !== undefined &&
    certifiedBound !== null &&
    Math.abs(claimed - certifiedBound) > 1e-6 * Math.max(1, cost.total) &&
    claimed < cost.total - 1e-9
  )
    faults.push(`the certificate proves ${certifiedBound}, the claim is ${claimed}`);
  return {
    cost: cost.total,
    bound,
    certifiedBound: plan.certificate === undefined ? null : Math.min(certifiedBound ?? -Infinity, cost.total),
    method,
    reasons,
    ...used,
    progress,
    baselines: rules,
    faults,
    desk: job.singleOrders === undefined ? null : singleOrders(problem, plan, job.singleOrders),
  };

  async function solveByUs(onProgress: (progress: SolveProgress) => void, own: Meter): Promise<Found> {
    const { cpuSeconds, wallSeconds } = own;
    const engine = job.engine === 'none' ? null : await installedSolver();
    const solver = engine !== null && job.clock === 'cpu' ? ofCpuSeconds(engine, own) : engine;
    const { limitSeconds, incumbent, helpers } = job;
    const now = () => 1_000 * (job.clock === 'cpu' ? cpuSeconds() : wallSeconds());
    const solved = await solve(problem, {
      ...(solver === null ? {} : { solver }),
      ...(helpers === undefined ? {} : { crew: threads(helpers) }),
      ...(limitSeconds === undefined ? {} : { timeLimitMs: limitSeconds * 1_000 - now(), now }),
      ...(incumbent === undefined ? {} : { incumbent: { plan: parsePlan(JSON.parse(readFileSync(incumbent, 'utf8'))) } }),
      onProgress,
    });
    return { plan: solved.plan, bound: solved.bound, method: solved.method, reasons: [...solved.reasons] };
  }
}

/** A plan and what is claimed of it; `otherCpuSeconds` is the time of processes that it started. */
export type Found = {
  readonly plan: SourcingPlan | null;
  readonly bound: number | null;
  readonly method: string;
  readonly reasons: string[];
  readonly otherCpuSeconds?: number;
};
