import {
  compactModel,
  lpText,
  mpsText,
  parsePlan,
  parseProblem,
  planText,
  solve,
  SourcingInputError,
  verifyPlan,
  type MipSolver,
  type SourcingProblem,
} from '@quartermaster/sourcing';
import { threads } from '@quartermaster/sourcing/threads';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { installedGlpk, installedSolver, patientHighs } from '../connect.ts';
import { CommandError, exitCodes, systemCode, type ExitCode } from '../exit.ts';
import { keepHeapSmall } from '../heap.ts';
import { printJson, type Output } from '../output.ts';

export type SolveCommand = {
  readonly problem: string;
  readonly out?: string;
  readonly export?: string;
  readonly timeLimit?: number;
  readonly workLimit?: number;
  readonly engine: 'auto' | 'none' | 'glpk' | 'highs';
  readonly json: boolean;
};

/** A batch is divided in two parts, so more threads than one beside the first have little to do. */
const mostHelpers = 1;

/** `qm solve`: a problem in, a plan with its proof out. */
export async function solveCommand(given: SolveCommand, output: Output): Promise<ExitCode> {
  keepHeapSmall();
  const problem = refusing(given.problem, () => parseProblem(readJson(given.problem)));
  if (given.export !== undefined) write(given.export, modelText(given.export, problem));
  const solver = await engine(given.engine);
  const began = performance.now();
  const solved = await solve(problem, {
    ...(solver === null ? {} : { solver }),
    crew: threads(Math.min(mostHelpers, availableParallelism() - 1)),
    ...(given.workLimit === undefined ? {} : { workLimit: given.workLimit }),
    ...(given.timeLimit === undefined ? {} : { timeLimitMs: given.timeLimit * 1_000, now: () => performance.now() }),
  });
  const seconds = (performance.now() - began) / 1_000;
  if (given.out !== undefined) write(given.out, planText(solved.plan));
  const { cost, bound, certifiedBound, gap, method } = solved;
  if (given.json) printJson(output, { orders: problem.orders.length, cost, bound, certifiedBound, gap, method, seconds });
  else {
    output.out(
      `orders ${problem.orders.length}  cost ${cost.total.toFixed(2)} ${problem.currency}  bound ${bound.toFixed(2)}  gap ${(gap * 100).toFixed(3)} %  ${method}  ${seconds.toFixed(1)} s\n`,
    );
  }
  return exitCodes.ok;
}

/** `qm verify`: is the plan feasible, what does it cost, what does its certificate prove? */
export function verifyCommand(
  given: { readonly problem: string; readonly plan: string; readonly json: boolean },
  output: Output,
): ExitCode {
  const problem = refusing(given.problem, () => parseProblem(readJson(given.problem)));
  const plan = refusing(given.plan, () => parsePlan(readJson(given.plan)));
  const verdict = verifyPlan(problem, plan);
  if (given.json) printJson(output, verdict);
  else {
    const { cost, gap, certifiedBound } = verdict;
    output.out(`${verdict.feasible ? 'feasible' : 'NOT feasible'}  cost ${cost.total.toFixed(2)} ${problem.currency}`);
    output.out(certifiedBound === null ? '  no certificate' : `  certified bound ${certifiedBound.toFixed(2)}`);
    output.out(gap === null ? '\n' : `  gap ${(gap * 100).toFixed(3)} %\n`);
    for (const error of verdict.errors) output.out(`  ${error}\n`);
  }
  return verdict.feasible ? exitCodes.ok : exitCodes.no;
}

async function engine(name: SolveCommand['engine']): Promise<MipSolver | null> {
  if (name === 'none') return null;
  if (name === 'auto') return installedSolver();
  if (name === 'highs') return patientHighs();
  const glpk = await installedGlpk();
  if (glpk === null)
    throw new CommandError(exitCodes.usage, 'the engine glpk is not installed: it is the optional package @quartermaster/solver-glpk');
  return glpk;
}

/** Reads JSON, gzipped or not, from a file or (`-`) from standard input. */
export function readJson(path: string): unknown {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path === '-' ? 0 : path);
  } catch (error) {
    throw new CommandError(exitCodes.usage, `${path}: cannot be read (${systemCode(error)})`);
  }
  try {
    // A decoder leaves out the byte order mark that some editors write.
    return JSON.parse(new TextDecoder().decode(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes));
  } catch (error) {
    throw new CommandError(exitCodes.usage, `${path}: not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

/** The textbook model in the format that the name of its file ends in. */
function modelText(path: string, problem: SourcingProblem): string {
  if (path.endsWith('.lp')) return lpText(compactModel(problem));
  if (path.endsWith('.mps')) return mpsText(compactModel(problem));
  throw new CommandError(exitCodes.usage, `${path}: a model is written as .lp or .mps`);
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new CommandError(exitCodes.usage, `${path}: cannot be written (${systemCode(error)})`);
  }
}

/** Reads a file's contents; what is refused is told with the path of each field. */
export function refusing<Result>(path: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SourcingInputError)) throw error;
    throw new CommandError(
      exitCodes.usage,
      `${path}: refused.\n${error.issues.map((issue) => `  ${issue.path}: ${issue.message}`).join('\n')}`,
    );
  }
}
