import { compactModel, compactShipments, mpsText, type CompactModel, type MipSolver, type SourcingProblem } from '@quartermaster/sourcing';
import { highsSolver } from '@quartermaster/solver-highs';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedGlpk } from '../src/connect.ts';
import type { Job } from './job.ts';
import type { Found } from './measure.ts';

/** Command of native CBC; it is no dependency, so it is measured only where somebody has it. */
export const cbcCommand = (): string => process.env['QM_CBC'] ?? 'cbc';

/** Solves the textbook model of a problem with an engine, as far as it comes within the limit. */
export async function solveByPeer(problem: SourcingProblem, { engine, limitSeconds = 60 }: Job): Promise<Found> {
  const model = compactModel(problem);
  const size = `${model.program.columns.length} columns, ${model.program.rows.length} rows`;
  const found = engine === 'peer:cbc' ? await byCbc(model, limitSeconds) : await byAdapter(model, await adapter(engine), limitSeconds);
  const plan =
    found.values === undefined
      ? null
      : { format: 'quartermaster/sourcing-plan@1' as const, problem: problem.name, shipments: compactShipments(model, found.values) };
  return { plan, bound: found.bound ?? null, method: found.status, reasons: [size], otherCpuSeconds: found.otherCpuSeconds ?? 0 };
}

type Answer = { readonly status: string; readonly values?: readonly number[]; readonly bound?: number; readonly otherCpuSeconds?: number };

async function adapter(engine: Job['engine']): Promise<MipSolver> {
  const solver = engine === 'peer:glpk' ? await installedGlpk() : await highsSolver();
  if (solver === null) throw new Error('glpk.js is not installed');
  return solver;
}

async function byAdapter(model: CompactModel, solver: MipSolver, limitSeconds: number): Promise<Answer> {
  const { status, values, bound } = await solver.solve(model.program, { timeLimitMs: limitSeconds * 1_000 });
  return { status, ...(values === undefined ? {} : { values }), ...(bound === undefined ? {} : { bound }) };
}

/** CBC reads MPS and writes its solution as text: a first line that says how it ended, then number, name, value and reduced cost of what is not zero. */
async function byCbc(model: CompactModel, limitSeconds: number): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'qm-bench-'));
  try {
    const [mps, solution] = [join(folder, 'model.mps'), join(folder, 'solution.txt')];
    writeFileSync(mps, mpsText(model));
    const log = await run(cbcCommand(), [mps, 'seconds', String(limitSeconds), 'solve', 'solution', solution]);
    const cpu = /Total time \(CPU seconds\):\s+([\d.]+)/.exec(log)?.[1];
    const lower = /Lower bound:\s+(-?[\d.e+]+)/.exec(log)?.[1];
    const told = readFileSync(solution, 'utf8').split('\n');
    const [head = ''] = told;
    const status = head.startsWith('Optimal')
      ? 'optimal'
      : /no (?:feasible|integer) solution/i.test(head) || head.startsWith('Infeasible')
        ? 'unknown'
        : 'feasible';
    const objective = /objective value\s+(-?[\d.e+]+)/.exec(head)?.[1];
    const bound = status === 'optimal' ? objective : lower;
    const columnOf = new Map(model.columnNames.map((name, column) => [name, column]));
    const values = model.program.columns.map(() => 0);
    for (const line of told.slice(1)) {
      const [, name = '', value] = line.replace('**', '').trim().split(/\s+/);
      const column = columnOf.get(name);
      if (column !== undefined) values[column] = Number(value);
    }
    return {
      status,
      ...(status === 'unknown' ? {} : { values }),
      ...(bound === undefined ? {} : { bound: Number(bound) }),
      ...(cpu === undefined ? {} : { otherCpuSeconds: Number(cpu) }),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(command: string, parameters: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.on('error', reject);
    child.on('close', () => resolve(printed));
  });
}
