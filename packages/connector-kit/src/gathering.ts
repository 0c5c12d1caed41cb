/** What became of one of many: its result, or why it has none. */
export type Gathered<Result> = { readonly kind: 'result'; readonly result: Result } | { readonly kind: 'fault'; readonly fault: unknown };

/**
 * Makes one call for many out of calls for one: those that are asked for in the same turn of the event loop go together, at most so many, in the order of asking. Each caller gets the
 * outcome of its own request; when the call as a whole fails, all get that. Nothing waits for more to come.
 *
 * Throws (to each caller) a `RangeError` when `together` answers another number of outcomes than it was asked for.
 */
export function gathering<Request, Result>(
  together: (requests: readonly Request[]) => Promise<readonly Gathered<Result>[]>,
  { atMost }: { readonly atMost: number },
): (request: Request) => Promise<Result> {
  type Caller = { readonly request: Request; readonly answer: (outcome: Gathered<Result>) => void };
  let waiting: Caller[] = [];

  const go = async (callers: readonly Caller[]): Promise<void> => {
    let outcomes: readonly Gathered<Result>[];
    try {
      outcomes = await together(callers.map(({ request }) => request));
      if (outcomes.length !== callers.length) throw new RangeError(`${callers.length} requests have ${outcomes.length} outcomes`);
    } catch (fault) {
      outcomes = callers.map(() => ({ kind: 'fault', fault }));
    }
    for (const [index, { answer }] of callers.entries()) {
      const outcome = outcomes[index];
      if (outcome !== undefined) answer(outcome);
    }
  };

  const goAll = (): void => {
    const all = waiting;
    waiting = [];
    for (let at = 0; at < all.length; at += atMost) void go(all.slice(at, at + atMost));
  };

  return (request) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(goAll);
      waiting.push({ request, answer: (outcome) => (outcome.kind === 'result' ? resolve(outcome.result) : reject(outcome.fault)) });
    });
}
