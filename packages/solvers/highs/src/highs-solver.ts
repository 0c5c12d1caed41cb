import type { MipSolver } from '@quartermaster/sourcing';
import { checkedSolver } from './checked-solver.ts';
import { loadHighs } from './highs-engine.ts';

/** Choices of the adapter. */
export interface HighsOptions {
  /** Time limit of a solve that brings none of its own; default 60,000. */
  readonly timeLimitMs?: number;
  /** Where `highs.wasm` is, for bundlers that move it; default: beside the module of `highs`. */
  readonly locateFile?: (file: string) => string;
}

/**
 * HiGHS (WebAssembly) behind the solver port of `@quartermaster/sourcing`.
 *
 * No answer of the engine is taken at its word: values are checked against bounds, rows and integrality, the objective is added up anew, and an optimum is called one only where
 * HiGHS' bound agrees with it. A crash, also for want of memory, is an answer 'unknown'; the next solve has a fresh instance.
 *
 * @throws Error where the WebAssembly module cannot be loaded
 */
export async function highsSolver(options: HighsOptions = {}): Promise<MipSolver> {
  const { locateFile } = options;
  try {
    return await checkedSolver(async () => loadHighs(locateFile === undefined ? {} : { locateFile }), options.timeLimitMs);
  } catch {
    // The loader's own error prints the minified bundle.
    throw new Error('HiGHS could not be loaded: is highs.wasm where `locateFile` says, or beside the module of the package highs?');
  }
}
