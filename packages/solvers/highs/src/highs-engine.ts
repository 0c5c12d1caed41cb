import highs, { type Highs, type ModelData, type ModelStatusCode } from 'highs';

/** Heap from which an engine is given up after a solve, in bytes: WebAssembly memory never shrinks, and at 2 GiB HiGHS aborts. */
const heapLimit = 512 * 2 ** 20;

/** Names and values of HiGHS options. */
export type EngineOptions = Readonly<Record<string, number | string | boolean>>;

/** What HiGHS says after a run, copied out of its memory. `values` and `duals` are undefined where it has none that keep its rows. */
export interface EngineAnswer {
  readonly status: ModelStatusCode;
  readonly values: Float64Array | undefined;
  readonly duals: Float64Array | undefined;
  /** HiGHS' lower bound of a program with integers; means nothing for another. */
  readonly dualBound: number;
}

/** HiGHS in WebAssembly, for as long as it lives: an instance that crashed or grew large is replaced by a fresh one. */
export interface Engine {
  /** Undefined where HiGHS crashed, ran out of memory or refused the program. `start` is a solution of a program with integers that HiGHS may begin with. */
  readonly run: (program: ModelData, options: EngineOptions, start?: readonly number[]) => Promise<EngineAnswer | undefined>;
}

/** The types of the package describe its CommonJS build, in which the loader is the `default` of the module; as an ES module the loader is what is imported. */
export const loadHighs = isLoader(highs) ? highs : highs.default;

function isLoader(imported: unknown): imported is typeof highs.default {
  return typeof imported === 'function';
}

/** Loads an engine with `load`, now and whenever the instance must be replaced. */
export async function startEngine(load: () => Promise<Highs>): Promise<Engine> {
  let instance: Highs | undefined = await load();
  const giveUp = (lost: Highs): void => {
    if (instance === lost) instance = undefined;
  };
  return {
    run: async (program, options, start) => {
      const current = (instance ??= await load().catch(() => undefined));
      if (current === undefined) return undefined;
      try {
        return runOnce(current, program, options, start);
      } catch (error) {
        // A refusal leaves the instance whole; anything else is an abort of the WebAssembly module, after which nothing in it can be trusted. Its text is the minified bundle.
        if (!(error instanceof current.errors.HighsError)) giveUp(current);
        return undefined;
      } finally {
        if (current.memoryBytes > heapLimit) giveUp(current);
      }
    },
  };
}

function runOnce(instance: Highs, program: ModelData, options: EngineOptions, start: readonly number[] | undefined): EngineAnswer {
  const { solutionStatus } = instance.constants;
  const model = instance.createModel();
  try {
    model.options.set({ output_flag: false, ...options });
    model.passModel(program);
    if (start !== undefined) model.setSolution({ colValue: Float64Array.from(start) });
    const { modelStatus } = model.run();
    const { colValue, rowDual } = model.getSolution();
    return {
      status: modelStatus,
      values: model.info.get('primal_solution_status') === solutionStatus.feasible ? colValue : undefined,
      duals: model.info.get('dual_solution_status') === solutionStatus.feasible ? rowDual : undefined,
      dualBound: Number(model.info.get('mip_dual_bound')),
    };
  } finally {
    disposeQuietly(model);
  }
}

/** Disposal of what an aborted module holds aborts again and would hide the first error; the instance is given up anyway. */
function disposeQuietly(model: { dispose: () => void }): void {
  try {
    model.dispose();
  } catch {
    // See above.
  }
}
