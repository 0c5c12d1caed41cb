/**
 * A mixed integer program, to be minimised, in sparse arrays.
 * Bounds may be `-Infinity` or `Infinity`. `entries` names each column at most once per row; an adapter must still merge doubles.
 */
export interface MipProblem {
  readonly columns: readonly { readonly cost: number; readonly lower: number; readonly upper: number; readonly integer: boolean }[];
  readonly rows: readonly {
    readonly lower: number;
    readonly upper: number;
    readonly entries: readonly (readonly [column: number, coefficient: number])[];
  }[];
}

/**
 * What a solver found. Values and objective come with 'optimal' and 'feasible'. 'unknown': no answer in time, none that can be believed, or a cost that can fall for ever.
 * Duals (by row) come only with the optimum of a program without integers, where the engine has them: what the least cost gains when the row's limits rise by one, so never positive
 * for a row with only an upper limit.
 */
export interface MipAnswer {
  readonly status: 'optimal' | 'feasible' | 'infeasible' | 'unknown';
  readonly values?: readonly number[];
  readonly objective?: number;
  /** A proven lower bound of the optimum, where the engine tells one; also beside 'unknown', when time was up before anything was found. */
  readonly bound?: number;
  readonly duals?: readonly number[];
}

/** What a caller knows before an engine is asked. */
export interface MipRequest {
  /** Time after which an answer is of no use; an engine may overshoot it a little. */
  readonly timeLimitMs?: number;
  /**
   * Values of a known solution. Where they keep the program (an adapter checks them as it checks its engine's answer, and else leaves them aside) no answer costs more, and what the
   * engine does not answer in time is 'feasible' with them.
   */
  readonly start?: readonly number[];
  /** The caller expects no solution better than `start`: an engine does well to look for a proof alone. Default false. */
  readonly startIsBest?: boolean;
  /** An answer that is above the optimum by at most this share of its cost will do ('feasible' where it is not known to be the optimum); default 0. */
  readonly gap?: number;
}

/** A MIP engine behind the optimizer. An adapter answers 'optimal' and 'feasible' only with values that it has checked against the rows itself. */
export interface MipSolver {
  readonly name: string;
  /** Most columns and integer columns with which the engine is known to end in seconds: the optimizer asks nothing larger. */
  readonly comfortable: { readonly mipColumns: number; readonly lpColumns: number };
  solve(problem: MipProblem, request?: MipRequest): Promise<MipAnswer>;
}
