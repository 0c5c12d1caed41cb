/** What became of one of many: its result, or why it has none. */
export type Gathered<Result> = { readonly kind: 'result'; readonly result: Result } | { readonly kind: 'fault'; readonly fault: unknown };

/**
 * Makes one call for many out of calls for one: those that are asked for in the same turn of the event loop go together, at most so many, in the order of asking. Each caller gets the
 * outcome of its own request; when the call as a whole fails, all get that. Nothing waits for more to come; but where no more than `atATime` such calls are to be under way (default: any number), what
 * is asked for meanwhile goes together as soon as one has ended.
 *
 * Throws (to each caller) a `RangeError` when `together` answers another number of outcomes than it was asked for.
 */
export function gathering<Request, Result>(
  together: (requests: readonly Request[]) => Promise<readonly Gathered<Result>[]>,
  { atMost, atATime = Infinity }: { readonly atMost: number; readonly atATime?: number },
): (request: Request) => Promise<Result> {
  type Caller = { readonly request: Request; readonly answer: (outcome: Gathered<Result>) => void };
  const waiting: Caller[] = [];
  let soon = false;
  let underWay = 0;

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
    soon = false;
    while (waiting.length > 0 && underWay < atATime) {
      underWay += 1;
      void go(waiting.splice(0, atMost)).finally(() => {
        underWay -= 1;
        goSoon();
      });
    }
  };

  const goSoon = (): void => {
    if (soon || waiting.length === 0 || underWay >= atATime) return;
    soon = true;
    setImmediate(goAll);
  };

  return (request) =>
    new Promise((resolve, reject) => {
      waiting.push({ request, answer: (outcome) => (outcome.kind === 'result' ? resolve(outcome.result) : reject(outcome.fault)) });
      goSoon();
    });
}
