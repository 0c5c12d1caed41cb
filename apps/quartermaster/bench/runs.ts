import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { outcomeSchema, type Job, type Outcome } from './job.ts';

const root = join(import.meta.dirname, '../../..');
const ownNode = ['--conditions=quartermaster-source'];
/** The contract's arbiters, where somebody put them beside the project. */
const arbiters = { verify: join(root, '../shared/tools/sourcing-verify.mjs'), certify: join(root, '../shared/tools/sourcing-certify.mjs') };

/** Files of one bench, deleted at its end. */
export type Workplace = {
  readonly problemOf: (instance: string) => string;
  readonly planOf: (title: string) => string;
  readonly close: () => void;
};

export function workplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'qm-bench-'));
  return {
    problemOf: (instance) => {
      const path = join(folder, `${instance}.json.gz`);
      if (!existsSync(path)) {
        const script = join(root, 'packages/sourcing/bench/write-instance.ts');
        const { status, stdout, stderr } = spawnSync(process.execPath, [...ownNode, script, instance], { maxBuffer: 2 ** 30 });
        if (status !== 0) throw new Error(stderr.toString());
        writeFileSync(path, gzipSync(stdout, { level: 1 }));
      }
      return path;
    },
    planOf: (title) => join(folder, `${title.replaceAll(/[^\w.-]/g, '_')}.plan.json`),
    close: () => rmSync(folder, { recursive: true }),
  };
}

/** Does a job in a process of its own; a process that fails, or that takes `patienceSeconds`, has a fault for an answer. */
export async function inOwnProcess(job: Job, patienceSeconds: number): Promise<Outcome> {
  const { code, printed } = await finished([join(import.meta.dirname, 'measure.ts'), JSON.stringify(job)], patienceSeconds);
  const last = printed.trimEnd().split('\n').at(-1) ?? '';
  if (code !== 0) return nothing(code === null ? `stopped after ${patienceSeconds} s` : `the process ended with ${code}`, patienceSeconds);
  return outcomeSchema.parse(JSON.parse(last));
}

function finished(parameters: readonly string[], patienceSeconds: number): Promise<{ code: number | null; printed: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...ownNode, ...parameters], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: patienceSeconds * 1_000,
    });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, printed }));
  });
}

function nothing(reason: string, seconds: number): Outcome {
  const [cost, bound, certifiedBound] = [null, null, null];
  return {
    cost,
    bound,
    certifiedBound,
    method: 'nothing',
    reasons: [reason],
    cpuSeconds: seconds,
    wallSeconds: seconds,
    peakRssMb: 0,
    progress: [],
    baselines: {},
    faults: [],
    desk: null,
  };
}

/** Where the contract's arbiters contradict a plan or its bound; empty, too, where they are not there. */
export function faultsByArbiters(problem: string, plan: string, outcome: Outcome): string[] {
  if (!existsSync(arbiters.verify) || outcome.cost === null) return [];
  const faults: string[] = [];
  const slack = 1e-6 * Math.max(1, outcome.cost);
  const verified = arbiter(arbiters.verify, problem, plan);
  if (!/"feasible":\s*true/.test(verified)) faults.push(`sourcing-verify refuses the plan: ${verified.slice(0, 500)}`);
  if (outcome.certifiedBound === null) return faults;
  const bound = Number.parseFloat(arbiter(arbiters.certify, problem, plan));
  // The package takes a bound above the cost for the cost.
  if (!(Math.abs(Math.min(bound, outcome.cost) - outcome.certifiedBound) <= slack))
    faults.push(`sourcing-certify proves ${bound}, the package ${outcome.certifiedBound}`);
  return faults;
}

/** What an arbiter prints. It does nothing when it is called by another path than its own, so links are followed. */
function arbiter(script: string, problem: string, plan: string): string {
  return spawnSync(process.execPath, [realpathSync(script), problem, plan]).stdout.toString();
}
